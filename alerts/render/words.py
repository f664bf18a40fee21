"""Words in a reader's language: translated sentences, dates as people write them there, lists, display names.

Sentences come from gettext catalogues in ``alerts/locale`` (made with Babel); a missing Chinese sentence fails a test,
not a reader. Dates name the month in English (3 or 11 is read differently in two continents) and follow
``2027年1月1日`` in Chinese. Local time is used here and in ``digest`` only.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.support import Translations

from alerts.domain.errors import RenderError
from alerts.domain.items import Dated
from alerts.domain.jurisdictions import name as place_name
from alerts.domain.names import display
from alerts.domain.vocabulary import Language

LOCALE = Path(__file__).parent.parent / "locale"
FOLDERS = {Language.ENGLISH: "en", Language.CHINESE: "zh_Hans"}
_DAY = {Language.ENGLISH: "d MMMM y", Language.CHINESE: "long"}


class Words:
    """The words of one language. ``catalogue`` is the gettext domain: ``mail`` for messages, ``web`` for pages.

    ``sentences`` is the gettext catalogue itself, for templates, which fill in values on their own.
    """

    def __init__(self, language: Language, catalogue: str = "mail") -> None:
        self.language = language
        self.sentences = _sentences(FOLDERS[language], catalogue)
        self._locale = Locale.parse(FOLDERS[language])

    def gettext(self, message: str, **values: object) -> str:
        """Return ``message`` in this language with ``%(name)s`` filled in."""
        return _filled(self.sentences.gettext(message), values)

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """Return the form for ``num`` things, with ``%(num)s`` and the other names filled in."""
        return _filled(self.sentences.ngettext(one, many, num), {"num": num, **values})

    def date(self, day: date) -> str:
        """Return a calendar date in full."""
        return _date(self._locale, _DAY[self.language], day)

    def moment(self, instant: datetime, zone: ZoneInfo) -> str:
        """Return date, hour and zone of ``instant`` as a clock on the wall there shows it."""
        local = instant.astimezone(zone)
        return f"{self.date(local.date())} {format_time(local.time(), 'HH:mm', locale=self._locale)} ({zone.key})"

    def joined(self, parts: Sequence[str]) -> str:
        """Return an enumeration: ``a, b and c`` or ``a、b和c``."""
        return format_list(list(parts), locale=self._locale)

    def name(self, member: Enum) -> str:
        """Return the display name of a slug."""
        return display(member, self.language)

    def place(self, code: str) -> str:
        """Return the name of a jurisdiction or region."""
        return place_name(code, self.language)


@lru_cache(maxsize=1024)
def _date(locale: Locale, form: str, day: date) -> str:
    return format_date(day, form, locale)


def day_of(dated: Dated, zone: ZoneInfo) -> date:
    """Return the calendar date to show; that of a date without an hour must not shift for a reader elsewhere."""
    return dated.day if dated.day_only else dated.at.astimezone(zone).date()


@cache
def _sentences(folder: str, catalogue: str) -> Translations:
    found = Translations.load(LOCALE, [folder], catalogue)
    if not isinstance(found, Translations):
        raise RenderError(
            f"The word catalogue {folder}/LC_MESSAGES/{catalogue}.mo is missing; pybabel compile makes it."
        )
    return found


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence % values if values else sentence
