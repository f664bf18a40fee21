"""A company's deadlines as an iCalendar file (RFC 5545), in the reader's language.

Every deadline is a whole day. The library escapes and folds (75 octets, UTF-8 never torn); nothing of a source is put in raw.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from alerts.domain.deadlines import Deadline
from alerts.domain.text import cut, one_line
from alerts.domain.vocabulary import Language
from alerts.render.words import Words

REMIND = timedelta(days=-7)
REFRESH = timedelta(hours=6)  # written out below too: the library types no duration of an unknown property


def calendar(deadlines: Sequence[Deadline], company: str, site: str, language: Language) -> bytes:
    """Return the calendar; the same deadlines give the same bytes. ``site`` is the public address without a slash."""
    words = Words(language)
    made = Calendar()
    made.add("prodid", "-//IP Risk Alerts//Deadlines//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    title = words.gettext("Deadlines in intellectual property: %(company)s", company=company)
    made.add("name", title)
    made.add("x-wr-calname", title)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for one in deadlines:
        made.add_component(_event(one, site, words))
    return bytes(made.to_ical())


def _event(one: Deadline, site: str, words: Words) -> Event:
    item, day = one.stored.item, one.obligation.date
    host = site.partition("//")[2].partition("/")[0].partition(":")[0] or "localhost"
    summary = one_line(f"{words.name(one.obligation.role)}: {item.title}", 200)
    event = Event()
    event.add("uid", f"{one.key}@{host}")
    event.add("sequence", one.sequence)
    event.add("dtstamp", _whole(one.changed_at))
    event.add("last-modified", _whole(one.stored.changed_at or one.stored.first_seen_at))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", _description(one, site, words))
    event.add("url", f"{site}/items/{one.stored.id}")
    event.add(
        "categories", [words.name(one.stored.judgement.severity), words.name(one.stored.judgement.kind)]
    )
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if not one.cancelled:
        event.add_component(_reminder(summary))
    return event


def _reminder(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", REMIND)
    return alarm


def _description(one: Deadline, site: str, words: Words) -> str:
    item = one.stored.item
    basis = cut(one_line(one.obligation.basis), 300)
    stated = words.gettext("stated in: %(basis)s", basis=basis)
    computed = words.gettext("computed by: %(rule)s", rule=basis)
    lines = [
        words.joined([words.place(code) for code in one.stored.jurisdictions]),
        stated if one.obligation.stated else computed,
        *([item.publisher] if item.publisher else []),
        *([item.url] if item.url else []),
        f"{site}/items/{one.stored.id}",
        words.gettext("Change what you get: %(address)s", address=f"{site}/manage"),
    ]
    return "\n".join(lines)


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
