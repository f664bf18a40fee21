"""Which language a page speaks, and how it says how long ago or how far away something is.

Sentences come from the word catalogue ``web`` beside that of the mails.

Source: RFC 9110 section 12.5.4 for Accept-Language; ``zh`` without a script is read as Simplified.
"""

from datetime import date, datetime, timedelta
from functools import cache

from alerts.domain.vocabulary import Language
from alerts.render.words import Words

CATALOGUE = "web"


@cache
def words_of(language: Language) -> Words:
    """Return the words of the pages in one language."""
    return Words(language, CATALOGUE)


def ago(words: Words, instant: datetime, now: datetime) -> str:
    """Return how long ago an instant was, in the largest whole unit up to days."""
    minutes = max(0, (now - instant) // timedelta(minutes=1))
    if minutes < 1:
        return words.gettext("just now")
    if minutes < 60:
        return words.ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    if minutes < 60 * 48:
        return words.ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    return words.ngettext("%(num)s day ago", "%(num)s days ago", minutes // (60 * 24))


def until(words: Words, day: date, today: date) -> str:
    """Return how far away a day is, as a deadline is talked about."""
    left = (day - today).days
    if left == 0:
        return words.gettext("today")
    if left < 0:
        return words.gettext("past")
    return words.ngettext("in %(num)s day", "in %(num)s days", left)


def language_named(text: str | None) -> Language | None:
    """Return the language that a tag (``zh``, ``zh-CN``, ``en-GB``) asks for, if we speak it."""
    tag = (text or "").strip().lower().replace("_", "-")
    if tag == "zh" or tag.startswith("zh-"):
        return Language.CHINESE
    if tag == "en" or tag.startswith("en-"):
        return Language.ENGLISH
    return None


def preferred(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header likes best; English when it names none of ours."""
    wishes: list[tuple[float, int, Language]] = []
    for position, part in enumerate((accept_language or "")[:1000].split(",")):
        tag, _, quality = part.partition(";")
        language, weight = language_named(tag), _weight(quality)
        if language is not None and weight > 0:
            wishes.append((-weight, position, language))
    return min(wishes)[2] if wishes else Language.ENGLISH


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0  # also refuses nan
