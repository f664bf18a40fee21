"""Which calendar holds where, and which of its days an office is likely to be away."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

# Organisations keep the holidays of their seat; the institutions of the Union have TARGET's in common.
_SEATS: Mapping[str, tuple[str, str | None]] = {
    "EP": ("DE", "BY"),  # EPO, Munich
    "WO": ("CH", "GE"),
    "IB": ("CH", "GE"),
    "EM": ("XECB", None),
    "QZ": ("FR", None),  # CPVO, Angers
    "BX": ("NL", None),  # BOIP, The Hague
    "AP": ("ZW", None),  # ARIPO, Harare
    "OA": ("CM", None),  # OAPI, Yaoundé
    "EA": ("RU", None),  # EAPO, Moscow
    "GC": ("SA", None),  # Riyadh
    "GB": ("GB", "ENG"),
}
_MARKETS = frozenset({"XECB"})
_DAY = timedelta(days=1)
_YEAR_ENDS = 24  # December: where Christmas is kept, offices close until the New Year


def calendar_of(jurisdiction: str) -> tuple[str, str | None] | None:
    """Return country and part of the calendar that holds in a jurisdiction; None where none is known."""
    country, part = _SEATS.get(jurisdiction, (jurisdiction, None))
    return (country, part) if country in _MARKETS or country in _countries() else None


def is_holiday(jurisdiction: str, day: date) -> bool:
    """Return whether ``day`` is a public holiday there; False where no calendar is known."""
    known = calendar_of(jurisdiction)
    return known is not None and day in _days(*known, day.year)


def works(jurisdiction: str, day: date) -> bool:
    """Return whether people work there on a day: no weekend of theirs and no holiday, or a weekend that makes up for one (调休).

    Monday to Friday where no calendar is known.
    """
    known = calendar_of(jurisdiction)
    return day.weekday() < 5 if known is None else _is_worked(*known, day)


def rests(jurisdiction: str, day: date) -> bool:
    """Return whether an office there is likely to be away: a holiday, a day between two days off, the turn of the year."""
    if is_holiday(jurisdiction, day):
        return True
    if day.month == 12 and day.day >= _YEAR_ENDS and is_holiday(jurisdiction, day.replace(day=25)):
        return True
    before, after = day - _DAY, day + _DAY
    bridged = is_holiday(jurisdiction, before) or is_holiday(jurisdiction, after)
    return bridged and _is_off(jurisdiction, before) and _is_off(jurisdiction, after)


def _is_off(jurisdiction: str, day: date) -> bool:
    return day.weekday() >= 5 or is_holiday(jurisdiction, day)


@cache
def _countries() -> frozenset[str]:
    import holidays  # a tenth of a second

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def _days(country: str, part: str | None, year: int) -> frozenset[date]:
    return frozenset(_calendar(country, part, year))


@cache
def _is_worked(country: str, part: str | None, day: date) -> bool:
    return bool(_calendar(country, part, day.year).is_working_day(day))


@cache
def _calendar(country: str, part: str | None, year: int) -> "HolidayBase":
    import holidays  # a tenth of a second

    if country in _MARKETS:
        return holidays.financial_holidays(country, years=year)
    return holidays.country_holidays(country, subdiv=part, years=year)
