"""The Hijri calendar of Umm al-Qura, by which Saudi Arabia and the Gulf offices date their notices.

Months begin as the table of that calendar says, which no formula gives: a rule of thirty years is off by a day or two. The
table holds the years 1410 to 1500 (2 August 1989 to 2077), three hexadecimal digits a year, the lowest bit the first month,
1 for thirty days and 0 for twenty-nine; taken from the tables of the package hijridate 2.6.0 (MIT).

Years written 14xx in Iran are of another calendar, so numbers alone are read only with a mark (هـ, AH).
"""

import re
from datetime import date, timedelta

_FIRST_YEAR, _FIRST_DAY = 1410, date(1989, 8, 2)
_LENGTHS = (
    "95d2da5d9db2ba4b4aa552b5575b6abd2bc4b89a9552d5adb6a6d4dc9d92aa69562ae56d36ab55aaa94d49d95d"
    "2ba5b55aad55a9a92e26e55dada6d46a554ba9754eaae5acba9d92b2564bcab55ab556d2ea5e4aa9552daad36c"
    "7596d269552da5b4ba9ba3b4b69b52aa64b696d2ec6d9eb2d54d2aa564ae96dd6ab54b29a9352ba57536ab56aa"
    "e93"
)
_MONTHS = (
    ("محرم", "muharram"),
    ("صفر", "safar"),
    ("ربيع ال[اأ]ول", "rabi['’]? ?(?:al-awwal|al-awal|i)"),
    ("ربيع ال(?:[اآ]خر|ثاني)", "rabi['’]? ?(?:al-thani|al-akhir|ath-thani|ii)"),
    ("جماد[ىي] ال[اأ]ول[ىي]", "jumad[ah]+ ?(?:al-awwal|al-ula|al-oula|i)"),
    ("جماد[ىي] ال(?:[اآ]خر[ةهى]|ثاني[ةه]?)", "jumad[ah]+ ?(?:al-thani(?:yah)?|al-akhirah?|ii)"),
    ("رجب", "rajab"),
    ("شعبان", "sha['’]?ban"),
    ("رمضان", "ramad[h]?an"),
    ("شوال", "shawwal"),
    ("ذ[وي] ?القعدة", "dhu[l]?[- ]?(?:al[- ])?q[ia]['’]?dah?"),
    ("ذ[وي] ?الحجة", "dhu[l]?[- ]?(?:al[- ])?hijjah?"),
)
_NAMES = "|".join(f"(?P<m{number}>{arabic}|{latin})" for number, (arabic, latin) in enumerate(_MONTHS, 1))
NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[\s,/-]*(?:من )?(?:{_NAMES})[\s,/-]*(?:سنة |عام )?(?P<year>1[45]\d\d)(?!\d)",
    re.IGNORECASE,
)
MARKED = re.compile(
    r"(?<![\d/-])(?:(?P<y1>1[45]\d\d)[/-](?P<m1>\d{1,2})[/-](?P<d1>\d{1,2})|(?P<d2>\d{1,2})[/-](?P<m2>\d{1,2})[/-](?P<y2>1[45]\d\d))"
    r"\s?(?:ه(?:ـ|جري)?(?!\w)|A\.?H\b|H\b)"
)


def named(match: re.Match[str]) -> date | None:
    """Return the day of a match of :data:`NAMED`."""
    month = next(number for number in range(1, 13) if match[f"m{number}"])
    return gregorian(int(match["year"]), month, int(match["day"]))


def marked(match: re.Match[str]) -> date | None:
    """Return the day of a match of :data:`MARKED`."""
    place = "1" if match["y1"] else "2"
    return gregorian(*(int(match[f"{part}{place}"]) for part in "ymd"))


def gregorian(year: int, month: int, day: int) -> date | None:
    """Return the day that a Hijri date names, or None where there is no such day or the table does not reach."""
    index = year - _FIRST_YEAR
    if not (0 <= 3 * index < len(_LENGTHS) and 1 <= month <= 12 and 1 <= day <= _length(index, month)):
        return None
    before = sum(_length(past, each) for past in range(index) for each in range(1, 13))
    before += sum(_length(index, each) for each in range(1, month))
    return _FIRST_DAY + timedelta(days=before + day - 1)


def _length(index: int, month: int) -> int:
    return 29 + (int(_LENGTHS[3 * index : 3 * index + 3], 16) >> (month - 1) & 1)
