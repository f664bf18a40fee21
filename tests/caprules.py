"""Judges a CAP 1.2 message by the schema and the words of the standard (OASIS CAP 1.2, sections 3.2 and 3.4), for the elements that we write."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_ORDER = """
alert: identifier! sender! sent! status! msgType! source scope! restriction addresses code* note references incidents info*
info: language category+ event! responseType* urgency! severity! certainty! audience eventCode* effective onset expires senderName
  headline description instruction web contact parameter* resource* area*
eventCode: valueName! value!
parameter: valueName! value!
geocode: valueName! value!
resource: resourceDesc! mimeType! size uri derefUri digest
area: areaDesc! polygon* circle* geocode* altitude ceiling
""".replace(
    "\n  ", " "
).strip()  # a name with ! must be there, with * may be there more than once, with + both
ORDER = {name: rest.split() for name, _, rest in (line.partition(":") for line in _ORDER.splitlines())}
VALUES = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?!\+00:00)[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
ADDRESS = re.compile(r"https?://[^\s/]+\S*")
ANYTHING = re.compile(r"(?s).*")
FORMS = {name: re.compile(words.replace(" ", "|")) for name, words in VALUES.items()}
FORMS |= dict.fromkeys(("sent", "effective", "onset", "expires"), MOMENT)
FORMS |= dict.fromkeys(("identifier", "sender"), NAME) | dict.fromkeys(("web", "uri"), ADDRESS)


def judged(document: bytes) -> list[str]:
    """Return what is wrong with a message, in words."""
    root = ET.fromstring(document)
    if root.tag != f"{CAP}alert":
        return [f"the root is {root.tag}"]
    return [*_element(root), *_message(root)]


def _element(element: ET.Element) -> Iterator[str]:
    kind = element.tag.removeprefix(CAP)
    order = {name.rstrip("!*+"): name[-1] for name in ORDER[kind]}
    names = [child.tag.removeprefix(CAP) for child in element]
    for name in names:
        if name not in order:
            yield f"{kind} holds {name}"
            return
    if names != sorted(names, key=list(order).index):
        yield f"{kind} has its elements out of order: {names}"
    for name, mark in order.items():
        if mark in "!+" and name not in names:
            yield f"{kind} lacks {name}"
        if mark not in "*+" and names.count(name) > 1:
            yield f"{kind} has {name} more than once"
    for child in element:
        yield from _child(child)


def _child(child: ET.Element) -> Iterator[str]:
    name, text = child.tag.removeprefix(CAP), (child.text or "").strip()
    if name in ORDER:
        yield from _element(child)
    elif not text or not FORMS.get(name, ANYTHING).fullmatch(text):
        yield f"{name} is {text!r}"


def _message(root: ET.Element) -> Iterator[str]:
    """Yield what the words of the standard ask beyond its schema."""
    kind, references = root.findtext(f"{CAP}msgType"), root.findtext(f"{CAP}references")
    if (kind in ("Update", "Cancel")) != bool(references):
        yield f"{kind} with references {references}"
    for reference in (references or "").split():
        parts = reference.split(",")
        if len(parts) != 3 or not NAME.fullmatch(parts[1]) or not MOMENT.fullmatch(parts[2]):
            yield f"reference {reference}"
    languages = [one.findtext(f"{CAP}language") for one in root.findall(f"{CAP}info")]
    if len(languages) != len(set(languages)):
        yield f"languages {languages}"
    for info in root.findall(f"{CAP}info"):
        begins, ends = (info.findtext(CAP + name) or "" for name in ("effective", "expires"))
        if ends and begins >= ends:
            yield f"effective {begins}, expires {ends}"
