"""Jurisdictions by their WIPO ST.3 codes, and the regions that a company can follow.

A jurisdiction is a legal territory or an organisation: EU law is ``EM``, a European patent matter
``EP``, the Unified Patent Court ``EP`` too. Regions are groups of codes; they are expanded when
matching, so a new member reaches everybody who follows the region. Names are shown in the reader's
language; the word in texts is jurisdiction / 法域.

Source: WIPO ST.3; membership of the EU (27 since 2020), ASEAN (11 with Timor-Leste since October
2025), GCC, RCEP (15 signatories), African Union states with ARIPO and OAPI. The Belt and Road list
holds the states with a cooperation document as the Belt and Road Portal names them (Italy left in
2023, Panama in 2025, Colombia joined in 2025).
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.domain.errors import InputError
from alerts.domain.jurisdiction_names import ORGANISATIONS, STATES
from alerts.domain.vocabulary import Language

JURISDICTIONS: dict[str, tuple[str, str]] = {**STATES, **ORGANISATIONS}

_ASEAN = "BN KH ID LA MM MY PH SG TH TL VN"
_AFRICA = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ "
    "NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW AP OA"
)
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK BX EM EP QZ"
_BELT_AND_ROAD = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MW MZ NA NE "
    "NG RW SC SD SL SN SO SS ST TD TG TN TZ UG ZA ZM ZW "
    "AE AF AM AZ BD BH BN GE ID IQ IR JO KG KH KR KW KZ LA LB LK MM MN MV MY NP OM PH PK QA SA SG SY TH TJ TL "
    "TM TR UZ VN YE "
    "AL BA BG BY CY CZ EE GR HR HU LT LU LV MD ME MK MT PL PT RO RS RU SI SK UA "
    "CK FJ FM KI NR NZ PG SB TO VU WS "
    "AG AR BB BO CL CO CR CU DM DO EC GD GY HN JM NI PE SR SV TT UY VE"
)

_GCC = "AE BH KW OM QA SA GC"
_LATIN_AMERICA = "AR BO BR CL CO CR CU DO EC GT HN HT MX NI PA PE PY SV UY VE"
_RCEP = "BN KH ID LA MM MY PH SG TH VN AU CN JP KR NZ"

REGIONS: dict[str, tuple[str, str]] = {
    "asean": ("ASEAN", "东盟"),
    "eu": ("European Union", "欧盟"),
    "gcc": ("Gulf Cooperation Council", "海湾合作委员会"),
    "rcep": ("RCEP", "区域全面经济伙伴关系协定（RCEP）"),
    "north-america": ("North America", "北美"),
    "latin-america": ("Latin America", "拉丁美洲"),
    "africa": ("Africa", "非洲"),
    "central-asia": ("Central Asia", "中亚"),
    "belt-and-road": ("Belt and Road", "“一带一路”共建国家"),
    "world": ("World", "全球"),
}

MEMBERS: dict[str, frozenset[str]] = {
    "asean": frozenset(_ASEAN.split()),
    "eu": frozenset(_EU.split()),
    "gcc": frozenset(_GCC.split()),
    "rcep": frozenset(_RCEP.split()),
    "north-america": frozenset(("CA", "MX", "US")),
    "latin-america": frozenset(_LATIN_AMERICA.split()),
    "africa": frozenset(_AFRICA.split()),
    "central-asia": frozenset(("KG", "KZ", "TJ", "TM", "UZ", "EA")),
    "belt-and-road": frozenset(_BELT_AND_ROAD.split()),
    "world": frozenset(JURISDICTIONS),
}


@dataclass(frozen=True, slots=True)
class Union:
    """Organisation whose law is law in its member states; ``region`` is the slug that stands for them, if one does."""

    states: tuple[str, ...]
    region: str | None = None


# EU regulations, the Benelux Convention, the Bangui Agreement (OAPI), the Harare and Banjul protocols (ARIPO), the Eurasian
# Patent Convention, the patent regulation of the GCC. The EPO is none: a European patent is national once granted.
UNIONS: dict[str, Union] = {
    "EM": Union(tuple(code for code in _EU.split() if code in STATES), "eu"),
    "BX": Union(("BE", "LU", "NL")),
    "OA": Union(
        (
            "BF",
            "BJ",
            "CF",
            "CG",
            "CI",
            "CM",
            "GA",
            "GN",
            "GQ",
            "GW",
            "KM",
            "ML",
            "MR",
            "NE",
            "SN",
            "TD",
            "TG",
        )
    ),
    "AP": Union(
        (
            "BW",
            "CV",
            "GH",
            "GM",
            "KE",
            "LR",
            "LS",
            "MW",
            "MZ",
            "NA",
            "RW",
            "SC",
            "SD",
            "SL",
            "ST",
            "SZ",
            "TZ",
            "UG",
            "ZM",
            "ZW",
        )
    ),
    "EA": Union(("AM", "AZ", "BY", "KG", "KZ", "RU", "TJ", "TM")),
    "GC": Union(("AE", "BH", "KW", "OM", "QA", "SA")),
}

# What people write for a code. Three-letter codes are ISO 3166-1 alpha-3 of the larger markets.
_ALIASES = {
    "uk": "GB", "eu": "EM", "usa": "US", "int": "WO", "wipo": "WO", "epo": "EP", "upc": "EP", "euipo": "EM",
    "eapo": "EA", "aripo": "AP", "oapi": "OA", "boip": "BX", "benelux": "BX", "cpvo": "QZ", "prc": "CN",
    "chn": "CN", "jpn": "JP", "kor": "KR", "gbr": "GB", "deu": "DE", "fra": "FR", "ita": "IT", "esp": "ES",
    "can": "CA", "aus": "AU", "ind": "IN", "bra": "BR", "mex": "MX", "sgp": "SG", "vnm": "VN", "tha": "TH",
    "idn": "ID", "mys": "MY", "phl": "PH", "tur": "TR", "rus": "RU", "sau": "SA", "are": "AE", "zaf": "ZA",
    "england": "GB", "great britain": "GB", "korea": "KR", "south korea": "KR", "vietnam": "VN", "uae": "AE",
    "russia": "RU", "turkey": "TR", "czech republic": "CZ", "hong kong": "HK", "macau": "MO", "taiwan": "TW",
    "america": "US", "holland": "NL", "burma": "MM", "ivory coast": "CI", "香港": "HK",
    "澳门": "MO", "台湾": "TW",
}  # fmt: skip


def is_jurisdiction(code: str) -> bool:
    """Return whether ``code`` is a known ST.3 code, in capitals."""
    return code in JURISDICTIONS


def is_region(slug: str) -> bool:
    """Return whether ``slug`` names a region."""
    return slug in REGIONS


def expand(regions: Iterable[str]) -> dict[str, str | None]:
    """Return every code that ``regions`` (codes or region slugs) stand for, with the slug it came by.

    None stands for a code that was named directly, which wins over a region; between two regions the
    first that holds the code is given.

    Raises:
        InputError: a word is neither a code nor a region.
    """
    found: dict[str, str | None] = {}
    for word in regions:
        if word in JURISDICTIONS:
            found[word] = None
        elif word in REGIONS:
            for code in sorted(MEMBERS[word]):
                found.setdefault(code, word)
        else:
            raise InputError(unknown(word))
    return found


def name(code_or_slug: str, language: Language) -> str:
    """Return the display name of a jurisdiction or region; a word that is neither comes back as it is."""
    column = 0 if language is Language.ENGLISH else 1
    if code_or_slug in JURISDICTIONS:
        return JURISDICTIONS[code_or_slug][column]
    if code_or_slug in REGIONS:
        return REGIONS[code_or_slug][column]
    return code_or_slug


def suggest(word: str) -> str | None:
    """Return the code or region slug that was probably meant, or None.

    Understands names in both languages, alpha-3 codes of the larger markets, names of offices,
    wrong case and slips of the pen. Two letters are never guessed: ``XQ`` is near to too much.
    """
    wanted = word.strip().casefold()
    if wanted.upper() in JURISDICTIONS:
        return wanted.upper()
    if wanted in _ALIASES:
        return _ALIASES[wanted]
    meant = _by_name()
    if wanted in meant:
        return meant[wanted]
    near = difflib.get_close_matches(wanted, meant, n=1, cutoff=0.75) if len(wanted) > 2 else []
    return meant[near[0]] if near else None


def unknown(word: str) -> str:
    """Return the sentence that refuses ``word``, with a suggestion where there is one."""
    meant = suggest(word)
    hint = f" Did you mean {meant!r}?" if meant else " Codes are those of WIPO ST.3, such as 'US' or 'EP'."
    return f"{word!r} is no jurisdiction or region.{hint}"


def _by_name() -> dict[str, str]:
    """Return every name and slug, casefolded, with what it stands for."""
    names = {text.casefold(): code for code, pair in JURISDICTIONS.items() for text in pair}
    for slug, (english, chinese) in REGIONS.items():
        names |= {slug: slug, english.casefold(): slug, chinese: slug}
    return names
