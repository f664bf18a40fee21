"""One item as a message of the Common Alerting Protocol 1.2, in English and Chinese.

Each revision that readers saw is a message of its own: the first an Alert, later ones Updates that refer to all before, and a
Cancel once the source has withdrawn it. The same revisions give the same bytes.

Source: OASIS CAP 1.2 (2010), section 3.2: order and values of the elements; UTC is written ``-00:00``, never ``Z``; identifiers
hold no space, comma, ``<`` or ``&``. There is no legal category, so Other is used (Security for fraud) and the slugs stand as parameters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from alerts.domain.changes import stays_withdrawn
from alerts.domain.items import StoredItem
from alerts.domain.jurisdiction_names import STATES
from alerts.domain.text import clean, one_line
from alerts.domain.vocabulary import Event, Language, Role, Severity, Trust
from alerts.render.feeds.entries import changed, due_line
from alerts.render.feeds.markup import add, document, uri
from alerts.render.words import Words

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA = "application/cap+xml"
HEADLINE, DESCRIPTION = 160, 4000  # characters; the first is the standard's own advice
LASTS = timedelta(days=30)  # of a message without a date ahead
_LANGUAGES = {Language.ENGLISH: "en-US", Language.CHINESE: "zh-CN"}
_BEGINS = (Role.IN_FORCE, Role.APPLIES_FROM, Role.FEES_CHANGE)
_DEGREES = {  # urgency and severity in CAP's words
    Severity.CRITICAL: ("Immediate", "Extreme"),
    Severity.HIGH: ("Expected", "Severe"),
    Severity.MODERATE: ("Future", "Moderate"),
    Severity.LOW: ("Future", "Minor"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends messages, and who published what they tell of; ``trust`` is None where the source is not configured any more."""

    site: str
    contact: str | None
    publisher: Callable[[StoredItem, Language], str | None]
    trust: Trust | None


def message(revisions: Sequence[StoredItem], origin: Origin) -> bytes:
    """Return the message of the newest of the revisions that readers saw, the oldest first."""
    stored, earlier, cancelled = revisions[-1], revisions[:-1], stays_withdrawn(revisions)
    root = Element("alert", {"xmlns": CAP})
    add(root, "identifier", _identifier(stored, origin))
    add(root, "sender", _sender(origin))
    add(root, "sent", _moment(changed(stored)))
    add(root, "status", "Actual")
    add(root, "msgType", "Cancel" if cancelled and earlier else "Update" if earlier else "Alert")
    if publisher := one_line(origin.publisher(stored, Language.ENGLISH) or "", 200):
        add(root, "source", publisher)
    add(root, "scope", "Public")
    if cancelled and earlier:
        said = (Words(each).gettext("The source has withdrawn this notice.") for each in Language)
        add(root, "note", " / ".join(said))
    if earlier:
        add(root, "references", " ".join(_reference(one, origin) for one in earlier))
    if stored.matter_id is not None:
        add(root, "incidents", f"matter-{stored.matter_id}")
    for language in Language:
        _info(root, stored, Words(language), origin, cancelled)
    return document(root)


def _info(root: Element, stored: StoredItem, words: Words, origin: Origin, cancelled: bool) -> None:
    judged, made = stored.judgement, add(root, "info")
    urgency, severity = _DEGREES[judged.severity]
    add(made, "language", _LANGUAGES[words.language])
    add(made, "category", "Security" if judged.event is Event.FRAUD else "Other")
    add(made, "event", words.name(judged.event))
    add(made, "responseType", _response(stored, cancelled))
    add(made, "urgency", "Past" if cancelled else urgency)
    add(made, "severity", severity)
    add(made, "certainty", _certainty(stored, origin))
    _pair(made, "eventCode", "event", judged.event)
    _span(made, stored)
    add(made, "senderName", words.gettext("IP Risk Alerts"))
    _tell(made, stored, words, origin)
    for name, value in _parameters(stored):
        _pair(made, "parameter", name, value)
    if url := uri(stored.item.url):
        resource = add(made, "resource")
        add(resource, "resourceDesc", words.gettext("Read it at the source"))
        add(resource, "mimeType", "text/html")
        add(resource, "uri", url)
    for code in stored.jurisdictions:
        area = add(made, "area")
        add(area, "areaDesc", words.place(code))
        _pair(area, "geocode", "WIPO-ST3", code)
        if code in STATES:
            _pair(area, "geocode", "ISO3166-1", code)


def _tell(made: Element, stored: StoredItem, words: Words, origin: Origin) -> None:
    """Add what people read."""
    title = one_line(stored.item.title, 500) or words.gettext("(no title)")
    where = words.joined([words.place(code) for code in stored.jurisdictions])
    values = {"word": words.name(stored.judgement.severity), "place": where, "title": title}
    add(made, "headline", one_line(words.gettext("[%(word)s] %(place)s: %(title)s", **values), HEADLINE))
    add(made, "description", clean(stored.item.summary, DESCRIPTION) or title)
    dues = sorted(stored.judgement.obligations, key=lambda due: due.date)
    if dues:
        add(made, "instruction", "\n".join(due_line(due, words) for due in dues))
    add(made, "web", f"{origin.site}/items/{stored.id}?lang={words.language.value}")
    if origin.contact:
        add(made, "contact", one_line(origin.contact.removeprefix("mailto:"), 200))


def _span(made: Element, stored: StoredItem) -> None:
    """Add from when to when the message counts, and when what it tells of begins."""
    sent, dues = changed(stored), stored.judgement.obligations
    add(made, "effective", _moment(sent))
    begins = [due.date for due in dues if due.role in _BEGINS]
    if begins:
        add(made, "onset", _moment(datetime.combine(min(begins), time(), UTC)))
    ends = [datetime.combine(due.date, time(), UTC) + timedelta(days=1) for due in dues]
    add(made, "expires", _moment(max([end for end in ends if end > sent], default=sent + LASTS)))


def _response(stored: StoredItem, cancelled: bool) -> str:
    if cancelled:
        return "AllClear"
    if stored.judgement.obligations:
        return "Prepare"
    return "Monitor" if stored.judgement.severity is Severity.LOW else "Assess"


def _certainty(stored: StoredItem, origin: Origin) -> str:
    """Return how sure it is: an official source has seen what it tells of; what is proposed may come or not."""
    if origin.trust is None:
        return "Unknown"
    if stored.judgement.event is Event.CONSULTATION:
        return "Possible"
    return "Observed" if origin.trust is Trust.OFFICIAL else "Likely"


def _parameters(stored: StoredItem) -> list[tuple[str, str]]:
    judged = stored.judgement
    found = [("kind", judged.kind.value), ("severity", judged.severity.value)]
    found += [("right", right.value) for right in judged.rights]
    return found + [("identifier", text) for one in judged.identifiers if (text := one_line(one, 80))]


def _pair(parent: Element, name: str, value_name: str, value: str) -> None:
    made = add(parent, name)
    add(made, "valueName", value_name)
    add(made, "value", value)


def _identifier(stored: StoredItem, origin: Origin) -> str:
    return f"{_sender(origin)}.item.{stored.id}.{stored.number}"


def _reference(stored: StoredItem, origin: Origin) -> str:
    return f"{_sender(origin)},{_identifier(stored, origin)},{_moment(changed(stored))}"


def _sender(origin: Origin) -> str:
    return urlsplit(origin.site).hostname or "localhost"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")
