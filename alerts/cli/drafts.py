"""``backtest``: what a draft watch would have brought."""

from typing import Annotated

import typer

from alerts.cli import people
from alerts.cli.context import clock, index, store
from alerts.cli.reasons import in_words
from alerts.cli.show import AtOption, Format, FormatOption, instant, json_line, say
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Severity
from alerts.match.backtest import Backtest, day_of

Days = Annotated[int, typer.Option(min=1, max=3660, help="How many days to look back, today included.")]
Most = Annotated[float, typer.Option("--most", min=0.01, help="Items a day over which it is too much.")]
_VERDICTS = {
    "nothing": "Nothing: this watch would have brought no item; look at what it would bring without one of its wishes.",
    "too-much": "Too much: more than {most:g} items a day; name terms, rights or a severity.",
    "fine": "Fine: not more than {most:g} items a day.",
}


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(backtest)


def backtest(
    region: people.Regions,
    kind: people.Kinds = None,
    right: people.Rights = None,
    event: people.Events = None,
    severity: people.Floor = Severity.LOW.value,
    term: people.Terms = None,
    exclude: people.Excluded = None,
    publisher: people.Publishers = None,
    identifier: people.Identifiers = None,
    pinyin: people.Pinyin = False,
    all_: people.Both = None,
    none: people.Neither = None,
    days: Days = 90,
    most: Most = 20.0,
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Print what a draft watch would have brought from the archive, by week and severity, and what a wider one adds."""
    from alerts.flow.backtest import look_back

    criteria = people.wishes(
        people.Wished(
            region, kind, right, event, severity, term, exclude, publisher, identifier, pinyin, all_, none
        )
    )
    with store() as opened:
        now = clock(instant(at)).now()
        index(opened, now)
        result = look_back(opened, criteria, now, days, most)
    say(json_line(_body(result, days)) if style is Format.JSON else _text(result, days, most))
    return 0


def _text(result: Backtest, days: int, most: float) -> str:
    """Return the result in lines for people."""
    lines = [f"{result.found} of {result.looked_at} relevant items of the last {days} days."]
    lines += [_VERDICTS[result.verdict].format(most=most), "", "Week of"]
    lines += [f"  {monday}  {count}" for monday, count in result.weeks]
    lines += ["", "Severity", *(f"  {each.value:<9} {count}" for each, count in result.severities)]
    if result.sample:
        lines += ["", "Among them"]
        lines += [f"  {_line(one.stored)}\n    because: {in_words(one.reasons)}" for one in result.sample]
    if result.wider:
        lines += ["", "Without one of its wishes"]
    for one in result.wider:
        lines.append(f"  without {one.without}: {one.added} more")
        lines += [f"    {_line(stored)}" for stored in one.sample]
    return "\n".join(lines)


def _line(stored: StoredItem) -> str:
    return f"{day_of(stored)} {stored.judgement.severity.value} #{stored.id} {' '.join(stored.item.title.split())}"


def _body(result: Backtest, days: int) -> dict[str, object]:
    """Return the result for programs."""
    return {
        "days": days, "looked_at": result.looked_at, "found": result.found, "verdict": result.verdict,
        "weeks": [{"week": monday, "found": count} for monday, count in result.weeks],
        "severities": dict(result.severities),
        "sample": [_item(one.stored) | {"reasons": in_words(one.reasons)} for one in result.sample],
        "wider": [
            {"without": one.without, "added": one.added, "sample": [_item(each) for each in one.sample]}
            for one in result.wider
        ],
    }  # fmt: skip


def _item(stored: StoredItem) -> dict[str, object]:
    return {
        "id": stored.id, "feed": stored.feed_id, "day": day_of(stored),
        "severity": stored.judgement.severity, "title": stored.item.title,
    }  # fmt: skip
