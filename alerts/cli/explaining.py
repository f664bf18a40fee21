"""What led to each finding about an item, in lines for people; and which stored items a change of terms would touch."""

from pathlib import Path
from typing import TYPE_CHECKING

from alerts.cli.context import store
from alerts.cli.show import json_line, say
from alerts.domain.errors import InputError
from alerts.domain.identifiers import official_page
from alerts.domain.items import Item, Judgement
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.classify import Lexicons


def explained(name: object, item: Item, judgement: Judgement) -> str:
    """Return a line for the item and one for each finding: what, how sure, by which words."""
    lines = [f"{name}  {item.title}"]
    for one in judgement.findings:
        because = "; ".join(one.evidence) or "nothing else fits"
        lines.append(f"  {one.facet:<14} {one.value:<22} {one.confidence:4.0%}  {because}")
    for duty in judgement.obligations:
        how = "stated" if duty.stated else "computed"
        lines.append(f"  {'obligation':<14} {duty.role:<22} {duty.date} {how}: {duty.basis}")
        lines += [f"  {'':<14} {'the text says':<22} {each.date} {each.basis}" for each in duty.against]
    for each in judgement.identifiers:
        page = official_page(each, item.jurisdiction)
        lines.append(f"  {'identifier':<14} {each:<22} {page or 'no official page'}")
    return "\n".join(lines)


def show_rejudged(old_terms: Path, present: "Lexicons") -> int:
    """Print the stored items that the present terms judge otherwise than those in a folder; 1 when there are any.

    Raises:
        InputError: there is no such folder.
    """
    from alerts import workdays
    from alerts.classify import load
    from alerts.flow.relearn import rejudged
    from alerts.wiring import read_catalogue

    if not old_terms.is_dir():
        raise InputError(
            f"--diff: {old_terms} is no folder with terms; what it lacks comes from the shipped ones."
        )
    feeds = {feed.id: feed for feed in read_catalogue(read_settings()).feeds}
    found = 0
    with store() as opened:
        for one in rejudged(opened, feeds, load(old_terms, workdays), present):
            found += 1
            changes = {facet: {"old": old, "new": new} for facet, (old, new) in one.changes.items()}
            say(json_line({"id": one.stored.id, "title": one.stored.item.title, "changes": changes}))
    return 1 if found else 0
