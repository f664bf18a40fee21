"""What is posted to an endpoint, in the words of its platform; the text of a message is then the body of the request."""

from datetime import datetime
from itertools import accumulate

from alerts.deliver import DIALECTS
from alerts.deliver.posts.dialect import encoded
from alerts.deliver.posts.webhook import event
from alerts.domain.chat import Block, ChatText, Span
from alerts.domain.digests import Digest, Message
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import ChannelKind
from alerts.flow.service import Service
from alerts.render.payload import Data

LARGEST = 256 * 1024  # bytes of a webhook's body; many receivers take no more


def is_posted(endpoint: Endpoint) -> bool:
    """Return whether an endpoint is posted to; else it is mailed."""
    return endpoint.channel is not ChannelKind.EMAIL


def posted_message(service: Service, digest: Digest, *, alert: bool) -> Message:
    """Return a digest as its endpoint's platform takes it."""
    endpoint, links = digest.endpoint, service.links(digest.endpoint)
    if endpoint.channel is not ChannelKind.WEBHOOK:
        return chat_message(endpoint, service.renderer.posted.chat(digest, links, alert=alert))
    data, subject = service.renderer.posted.payload(digest, links)
    kind = "alert.created" if alert else "digest.created"
    body = event(kind, digest.built_at, shortened(data))
    return Message(subject, body, "", endpoint.language.value)


def chat_message(endpoint: Endpoint, chat: ChatText) -> Message:
    """Return words as the endpoint's platform takes them."""
    return Message(chat.title, DIALECTS[endpoint.channel].body(chat), "", chat.language)


def posted_notice(endpoint: Endpoint, mail: Message, at: datetime) -> Message:
    """Return for a posted endpoint what others are mailed: the same words, without a page's looks."""
    paragraphs = [one.splitlines() for one in mail.whole.text.split("\n\n")]
    blocks = [tuple((Span(line.strip()),) for line in lines if line.strip(" -=")) for lines in paragraphs]
    items: tuple[Block, ...] = tuple(block for block in blocks if block)
    more: tuple[Block, ...] = (*[((Span("…"),),)] * len(items), ())
    return chat_message(endpoint, ChatText(mail.language, at, mail.subject, (), items, more, (), ()))


def shortened(data: Data) -> Data:
    """Return data whose items take no more room than receivers have; those left out are counted in ``more``."""
    items = data["items"]
    sizes = [len(encoded(item).encode()) for item in items]
    room = LARGEST - len(encoded(data | {"items": []}).encode())
    kept = sum(1 for used in accumulate(sizes) if used + len(sizes) <= room)
    left = sum(1 + len(item["alike"]) for item in items[kept:])
    return data | {"items": items[:kept], "more": data["more"] + left}
