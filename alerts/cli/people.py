"""``subscribe``: an operator's entry of a consenting contact."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from alerts.cli import choices
from alerts.cli.context import clock, index, store
from alerts.cli.show import instant, say
from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Schedule, Subscription
from alerts.domain.quiet import read_quiet
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria, Facets

Words = list[str] | None
FACETS = ("region", "kind", "right", "event", "publisher", "term", "identifier")

Email = Annotated[str, typer.Argument(help="Where the contact is told.")]
Company = Annotated[str, typer.Option(help="The company the contact belongs to.")]
Regions = Annotated[
    list[str],
    typer.Option("--region", help="WIPO ST.3 code such as US, or region such as asean; may be repeated."),
]
Kinds = Annotated[
    Words, typer.Option("--kind", help="legal-rule, risk-warning, information; all if none is named.")
]
Rights = Annotated[Words, typer.Option("--right", help="patent, trademark, …; all if none is named.")]
Events = Annotated[Words, typer.Option("--event", help="exclusion, rule, …; all if none is named.")]
Floor = Annotated[str, typer.Option("--severity", help="The least severity to be told of.")]
Terms = Annotated[
    Words, typer.Option("--term", help="Company, mark or keyword; one of them must stand in the item.")
]
Excluded = Annotated[Words, typer.Option("--exclude", help="Items with this term are left out.")]
Publishers = Annotated[
    Words,
    typer.Option("--publisher", help="Publisher by words of its name, or feed id; all if none is named."),
]
Identifiers = Annotated[
    Words,
    typer.Option("--identifier", help="Docket, document or registration number to follow, like a term."),
]
Pinyin = Annotated[bool, typer.Option("--pinyin", help="Look for Chinese terms in Latin letters, too.")]
Both = Annotated[
    Words,
    typer.Option(
        "--all", metavar="FACET:WORD", help="Must be met besides, such as right:patent; may be repeated."
    ),
]
Neither = Annotated[
    Words,
    typer.Option(
        "--none", metavar="FACET:WORD", help="May not be met, such as term:toys or kind:information."
    ),
]
Often = Annotated[str, typer.Option("--rhythm", help="immediate, daily, weekly or working-days.")]
Hour = Annotated[str, typer.Option("--at", metavar="HH:MM", help="Local hour of the digest.")]
Day = Annotated[str, typer.Option("--weekday", help="Day of the weekly digest.")]
Zone = Annotated[str, typer.Option("--tz", help="IANA time zone such as Asia/Shanghai.")]
Calendar = Annotated[
    str | None,
    typer.Option(help="Code of the state whose public holidays the rhythm working-days keeps, such as CN."),
]
QuietHours = Annotated[
    str | None,
    typer.Option("--quiet", metavar="HH:MM-HH:MM", help="Local hours that only critical items break."),
]
Name = Annotated[str | None, typer.Option(help="The contact's name.")]
WatchName = Annotated[
    str, typer.Option("--watch", help="Name of the watch; a second name adds a second watch.")
]
Consent = Annotated[str, typer.Option(help="How and when the contact agreed; kept as the record.")]
Recent = Annotated[
    int,
    typer.Option(
        metavar="DAYS", min=0, max=30, help="Also tell what came out in the last days, marked; 0 to 30."
    ),
]
Now = Annotated[
    str | None, typer.Option("--now", metavar="T", help="Take this instant for now.", hidden=True)
]


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(subscribe)


def subscribe(
    email: Email,
    company: Company,
    region: Regions,
    kind: Kinds = None,
    right: Rights = None,
    event: Events = None,
    severity: Floor = Severity.LOW.value,
    term: Terms = None,
    exclude: Excluded = None,
    publisher: Publishers = None,
    identifier: Identifiers = None,
    pinyin: Pinyin = False,
    all_: Both = None,
    none: Neither = None,
    rhythm: Often = Rhythm.DAILY.value,
    at: Hour = "08:00",
    weekday: Day = "monday",
    tz: Zone = "UTC",
    calendar: Calendar = None,
    quiet: QuietHours = None,
    language: choices.Tongue = Language.ENGLISH.value,
    name: Name = None,
    watch: WatchName = "default",
    consent: Consent = "entered by the operator",
    recent: Recent = 0,
    now: Now = None,
) -> int:
    """Enter a contact who has agreed to be told; repeating it changes the subscription."""
    from alerts.flow.subscribe import enter, recall

    criteria = wishes(
        Wished(region, kind, right, event, severity, term, exclude, publisher, identifier, pinyin, all_, none)
    )
    schedule = Schedule(
        choices.one("--rhythm", rhythm, Rhythm), hour(at), zone(tz), day_of_week(weekday),
        calendar=calendar.upper() if calendar else None, quiet=read_quiet(quiet) if quiet else None,
    )  # fmt: skip
    subscription = Subscription(
        company=_named("--company", company),
        email=address(email),
        criteria=criteria,
        schedule=schedule,
        language=choices.one("--language", language, Language),
        name=name,
        watch_name=watch,
        consent=consent,
    )
    with store() as opened:
        moment = clock(instant(now)).now()
        contact = enter(opened, subscription, moment)
        if recent:
            index(opened, moment)
        recalled = recall(opened, contact, subscription, recent, moment) if recent else 0
        say(_entered(contact, subscription) + (f" {recalled} earlier items come with it." if recent else ""))
    return 0


@dataclass(frozen=True, slots=True)
class Wished:
    """The words of a watch as they were typed."""

    region: list[str]
    kind: Words
    right: Words
    event: Words
    severity: str
    term: Words
    exclude: Words
    publisher: Words
    identifier: Words
    pinyin: bool
    all_of: Words = None
    none_of: Words = None


def wishes(wished: Wished) -> Criteria:
    """Return the criteria that the words stand for.

    Raises:
        InputError: a word is none of its set, or a name is empty or too long; one sentence.
    """
    return Criteria(
        regions=choices.regions(wished.region),
        kinds=choices.pick("--kind", wished.kind, Kind),
        rights=choices.pick("--right", wished.right, Right),
        events=choices.pick("--event", wished.event, Event),
        min_severity=choices.one("--severity", wished.severity, Severity),
        terms=_all_named("--term", wished.term),
        exclude=_all_named("--exclude", wished.exclude),
        publishers=_all_named("--publisher", wished.publisher),
        identifiers=_all_named("--identifier", wished.identifier),
        pinyin=wished.pinyin,
        all_of=_facets("--all", wished.all_of),
        none_of=_facets("--none", wished.none_of),
    )


def _facets(option: str, words: Words) -> Facets:
    """Return what ``facet:word`` options ask for together.

    Raises:
        InputError: a facet is not known, or its word is none of its set.
    """
    given: dict[str, list[str]] = {}
    for each in words or ():
        facet, colon, word = each.partition(":")
        if not colon or facet not in FACETS:
            raise InputError(f"{option}: {each!r} is not FACET:WORD; facets are {', '.join(FACETS)}.")
        given.setdefault(facet, []).append(word)
    return Facets(
        regions=choices.regions(given["region"], option) if "region" in given else (),
        kinds=choices.pick(option, given.get("kind"), Kind),
        rights=choices.pick(option, given.get("right"), Right),
        events=choices.pick(option, given.get("event"), Event),
        publishers=_all_named(option, given.get("publisher")),
        terms=_all_named(option, given.get("term")),
        identifiers=_all_named(option, given.get("identifier")),
    )


def _all_named(option: str, words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_named(option, word) for word in words or ()))


def _entered(contact: Contact, subscription: Subscription) -> str:
    """Return the sentence that confirms a subscription."""
    endpoint = contact.at(subscription.email)
    due = endpoint.next_digest_at if endpoint else None
    when = f"first digest {due:%Y-%m-%d %H:%M} UTC" if due else "told at once"
    regions = ", ".join(subscription.criteria.regions)
    return f"{contact.email} of {contact.company} is subscribed to {regions}; {when}."


def address(text: str) -> str:
    """Return a mail address that can be put on an envelope.

    Raises:
        InputError: it cannot.
    """
    from alerts.deliver.address import read_address

    return str(read_address(text))


def hour(text: str) -> time:
    """Return a local wall time from ``HH:MM``.

    Raises:
        InputError: it is none.
    """
    try:
        return time.fromisoformat(text if len(text) == 5 else "x").replace(second=0)
    except ValueError:
        raise InputError(f"--at: {text!r} is not a time of day such as 08:00.") from None


def zone(text: str) -> str:
    """Return the name of an IANA zone.

    Raises:
        InputError: there is no such zone; with a suggestion.
    """
    try:
        ZoneInfo(text)
    except (ValueError, KeyError, OSError):
        import difflib
        from zoneinfo import available_timezones

        close = difflib.get_close_matches(text, available_timezones(), 1, 0.5)
        hint = f"did you mean {close[0]}?" if close else "use an IANA name such as Asia/Shanghai."
        raise InputError(f"--tz: {text!r} is not a time zone; {hint}") from None
    return text


def day_of_week(text: str) -> Weekday:
    """Return a day of the week from its English name.

    Raises:
        InputError: it is none.
    """
    try:
        return Weekday[text.upper()]
    except KeyError:
        raise InputError(f"--weekday: {text!r} is not a day of the week such as monday.") from None


def _named(option: str, text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > 200:
        raise InputError(f"{option}: give a name of 1 to 200 characters.")
    return words
