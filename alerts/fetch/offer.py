"""What an answer offers beside its document: the hubs that tell of news, and the name they know the source by.

WebSub section 4: the Link header comes before link elements. Where neither names a topic the address that answered is
taken, as hubs of old did. Source of the header's form: RFC 8288 section 3.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from alerts.domain.collected import Document, Parsed, Unchanged
from alerts.domain.push import Offer, readable

_LINK = re.compile(
    r"<([^<>]{1,4000})>((?:\s*;\s*[^\s=;,<>\"]+\s*(?:=\s*(?:\"[^\"]{0,2000}\"|[^\s;,\"<>]{0,2000}))?)*)"
)
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_LONGEST = 16_384  # characters of one header that are looked at


def offer_of(answer: Document | Unchanged, parsed: Parsed | None = None) -> Offer:
    """Return what the answer offers; without ``parsed`` only its headers were there to be read."""
    links = list(_links(answer.headers.get("link", ""), answer.final_url))
    hubs = [address for address, relations in links if "hub" in relations]
    topics = [address for address, relations in links if "self" in relations]
    if parsed is not None:
        hubs = hubs or list(parsed.hubs)
        topics += [parsed.topic] if parsed.topic else []
    topics += [answer.final_url]
    known = readable([topic.partition("#")[0] for topic in topics])
    return Offer(readable(hubs), known[0] if known else None, whole=parsed is not None)


def _links(header: str, base: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each link of a header with its relations, in lower case."""
    for found in _LINK.finditer(header[:_LONGEST]):
        relation = _RELATION.search(found[2])
        if relation is None:
            continue
        try:
            yield urljoin(base, found[1].strip()), (relation[1] or relation[2] or "").lower().split()
        except ValueError:
            continue
