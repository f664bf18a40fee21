"""The language of an item: what is declared, unless its script says otherwise.

Content systems declare ``en`` whatever is written, so a declared language counts only if it is written in the script
that the text is in. Scripts that one language owns decide alone. Where several languages write in the script and nothing
usable is declared, py3langid is asked, and believed only of enough words and when it is sure: a guess from one short
title is worse than none. Its model is loaded at the first such text.

Results are lower-case primary subtags of BCP 47 (``en``, ``zh``), for Chinese with ``-Hans`` or ``-Hant`` where declared.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

_SCRIPTS = {
    "kana": re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    "hangul": re.compile("[\u1100-\u11ff\uac00-\ud7a3]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "arabic": re.compile("[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "thai": re.compile("[\u0e01-\u0e5b]"),
    "hebrew": re.compile("[\u05d0-\u05ea]"),
    "greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
    "georgian": re.compile("[\u10a0-\u10ff]"),
    "armenian": re.compile("[\u0531-\u058f]"),
    "khmer": re.compile("[\u1780-\u17ff]"),
    "lao": re.compile("[\u0e80-\u0eff]"),
    "burmese": re.compile("[\u1000-\u109f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
# Who writes in a script; the first stands for it where nothing usable is declared.
_WRITERS = {
    "kana": ("ja",), "hangul": ("ko",), "han": ("zh", "ja", "ko"), "thai": ("th",), "hebrew": ("he", "yi"), "greek": ("el",),
    "cyrillic": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "uz", "az"), "arabic": ("ar", "fa", "ur", "ps", "ckb"),
    "devanagari": ("hi", "mr", "ne"), "georgian": ("ka",), "armenian": ("hy",), "khmer": ("km",), "lao": ("lo",), "burmese": ("my",),
}  # fmt: skip
_OTHER_ONLY = {
    "zh", "ja", "ko", "th", "he", "el", "ru", "uk", "bg", "be", "mk", "kk", "ky", "mn", "tg", "ar", "fa", "ur", "hi", "ka", "hy", "km", "lo", "my",
}  # fmt: skip
_TRADITIONAL = {"hant", "tw", "hk", "mo"}
ENOUGH = 24  # letters of a text whose language may be guessed
SURE = 0.8  # of a guess that is believed
# Languages in which states and their offices publish; small neighbours of them would share their texts.
OFFICIAL = """en de fr es pt it nl da sv no nb fi is et lv lt pl cs sk sl hr sr sq hu ro bg mk el tr az ka hy ru uk be kk ky uz tg mn
ar fa he ur hi bn ne ta te mr th vi id ms tl km lo my sw am af mt ga ca zh ja ko"""
_AT_HOME = {
    ("hr", "RS"): "sr", ("hr", "ME"): "sr", ("hr", "BA"): "bs", ("sr", "HR"): "hr", ("sr", "BA"): "bs",
    ("id", "MY"): "ms", ("id", "BN"): "ms", ("ms", "ID"): "id", ("da", "NO"): "no",
}  # fmt: skip
_ADDRESS = re.compile(r"https?://\S+|\d+")
_WORDS = re.compile(r"https?://\S+|\b[A-Z]{2,}\b")
_SHARE = 0.2  # of the letters; official texts quote Latin names inside any script


def language_of(declared: Sequence[str | None], text: str, jurisdiction: str = "") -> str | None:
    """Return the first declared language that fits the script of ``text``, else the one its script or words mean, else None.

    ``jurisdiction`` is the publisher's: neighbours whose words are the same are told apart by it.
    """
    script = _script(text)
    tags = [tag for tag in map(_tag, declared) if tag]
    for tag in tags:
        primary = tag.partition("-")[0]
        if (
            script is None
            or primary in _WRITERS.get(script, ())
            or (script == "latin" and primary not in _OTHER_ONLY)
        ):
            return tag
    if script in ("latin", "cyrillic", "arabic", "devanagari"):
        found = guessed(text)
        if found and (script == "latin" or found in _WRITERS[script]):
            return _AT_HOME.get((found, jurisdiction), found)
    return _WRITERS[script][0] if script in _WRITERS else None


def guessed(text: str) -> str | None:
    """Return the language that the words of ``text`` are surely in, or None."""
    sample = " ".join(_ADDRESS.sub(" ", text[:2000]).lower().split())
    if sum(map(str.isalpha, sample)) < ENOUGH:
        return None
    language, share = _identifier().classify(sample)
    return str(language) if share >= SURE else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in OFFICIAL.split() if code in identifier.labels])
    return identifier


def _script(text: str) -> str | None:
    """Return the script that most of ``text`` is in, any other before Latin; None where it has too few letters."""
    sample = _WORDS.sub(" ", text[:2000])
    if sample.isascii():
        return "latin" if sum(map(str.isalpha, sample)) >= 3 else None
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    total = sum(counts.values())
    if total < 3:
        return None
    if (
        counts["kana"]
        and counts["kana"] + counts["han"] >= total * _SHARE
        and counts["kana"] * 20 >= counts["han"]
    ):
        return "kana"
    first, count = max(((name, counts[name]) for name in counts if name != "latin"), key=lambda pair: pair[1])
    return first if count >= total * _SHARE else "latin"


def _tag(written: str | None) -> str | None:
    parts = (written or "").strip().replace("_", "-").lower().split("-")
    if not re.fullmatch("[a-z]{2,3}", parts[0]) or parts[0] in {"und", "mul", "zxx"}:
        return None
    primary = {"cn": "zh", "jp": "ja", "kr": "ko", "iw": "he", "cmn": "zh", "yue": "zh"}.get(
        parts[0], parts[0]
    )
    if primary != "zh" or len(parts) == 1:
        return primary
    return "zh-Hant" if _TRADITIONAL & set(parts[1:]) else "zh-Hans"
