"""Decide whether two entries are the same thing, and whether a thing has changed.

A source's own identifier is the best key, but court feeds put the docket's number on every entry of the
docket, and other feeds have none. A feed therefore has a policy that only ever moves down
guid → link → link+date → content; when one document proves that its identifiers name something larger
than an entry, the policy becomes ``content`` and stays there.

Keys are hex SHA-256 over the policy's name and the raw text, so that a key made of a link can never equal
one made of a guid. Raw identifiers lose XML white space at both ends and are otherwise taken as they are:
they are never resolved against an address (RFC 4287 section 4.2.6.1 compares them character by character).
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from alerts.domain.collected import Entry
from alerts.domain.items import Item
from alerts.domain.vocabulary import IdentityPolicy

XML_SPACE = " \t\r\n"
HASH_VERSION = "1"

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|mc_[ce]id|_hs(?:enc|mi)|igshid|ref_src|mkt_tok|spm"
    r"|at_(?:medium|campaign|custom\d+)|wt\.(?:mc_id|z_\w+)|pk_\w+|mtm_\w+|jsessionid|phpsessid",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SEPARATOR = "\x1f"
_LONGEST_URL = (
    8000  # a longer one is compared as it stands: nobody opens it, and taking it apart costs seconds
)
_DEGRADE_AT = 2  # identifiers of one document that each name several different entries


def keys(entries: Sequence[Entry], policy: IdentityPolicy) -> tuple[IdentityPolicy, tuple[str, ...]]:
    """Return the feed's policy after this document and one key for each entry, in order.

    Equal entries have equal keys. One identifier on different entries is settled for those entries alone by
    adding their content; two or more such identifiers, or one that most of the document carries, turn the policy
    into ``content`` for good. The order of entries changes nothing.
    """
    plain = [_raw(entry, policy) for entry in entries]
    shared = _shared(plain, entries)
    if policy is not IdentityPolicy.CONTENT and _names_something_larger(shared, plain):
        return IdentityPolicy.CONTENT, tuple(_digest("content", content_of(entry)) for entry in entries)
    return policy, tuple(
        _digest(f"{kind}+content", raw, content_of(entry)) if (kind, raw) in shared else _digest(kind, raw)
        for (kind, raw), entry in zip(plain, entries, strict=True)
    )


def guid_key(entry: Entry) -> str:
    """Return the key that ``entry`` has under the plain guid policy."""
    return _digest(*_raw(entry, IdentityPolicy.GUID))


def other_key(entry: Entry, key: str) -> str:
    """Return the key that ``entry`` has where its identifier is taken the other way than in ``key``.

    One that shares its identifier in this document had it for itself in another, and the reverse: known under
    either, with the same text, it is the same item.
    """
    kind, raw = _raw(entry, IdentityPolicy.GUID)
    plain = _digest(kind, raw)
    return plain if plain != key else _digest(f"{kind}+content", raw, content_of(entry))


def content_of(entry: Entry) -> str:
    """Return everything of ``entry`` that tells it from another: identifier, link, title, date and text."""
    date = entry.published or entry.updated
    parts = (
        trimmed_id(entry) or "",
        canonical_url(entry.link) if entry.link else "",
        " ".join(entry.title.split()),
        date.text.strip() if date else "",
        " ".join(entry.summary.split()),
        " ".join(entry.content.split()),
    )
    return _SEPARATOR.join(parts)


def content_hash(item: Item) -> str:
    """Return a hash over what a reader sees: title, summary, address, stated dates, and a watched page's whole text.

    ``published`` and ``updated`` are left out: sources touch them without changing a word. Of an item whose own page was
    read too it is the hash of what the list showed: the list alone is seen again at the next poll.
    """
    if item.listed is not None:
        return item.listed
    dates = sorted(f"{stated.role}={stated.date.isoformat()}" for stated in item.stated_dates)
    whole = (item.text_hash,) if item.text_hash else ()
    parts = (item.title, item.summary, canonical_url(item.url) if item.url else "", *dates, *whole)
    return f"{HASH_VERSION}:{_digest('seen', *parts)}"


def trimmed_id(entry: Entry) -> str | None:
    """Return the source's identifier without XML white space around it, or None where nothing is left."""
    return (entry.raw_id or "").strip(XML_SPACE) or None


def canonical_url(url: str) -> str:
    """Return the form of ``url`` under which its variants are one: https, lower-case host, no default port,
    fragment (but routes such as #/law/7), tracking or session parameters, no slash at the end of a path. For comparing, not for fetching.
    """
    if len(url) > _LONGEST_URL:
        return url.strip()
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return url.strip()
    host = parts.hostname.rstrip(".")
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in {None, 80, 443} else f"{host}:{port}"
    # An address inside a script application.
    fragment = parts.fragment if parts.fragment[:1] in {"!", "/"} else ""
    return urlunsplit(SplitResult("https", netloc, _path(parts.path), _query(parts.query.rstrip()), fragment))


def _path(path: str) -> str:
    plain = _SESSION_IN_PATH.sub("", path)
    # Percent escapes in one spelling; what is escaped on purpose (%2F, %3F, %25) stays escaped.
    with suppress(UnicodeDecodeError):
        parts = [quote(unquote(part, errors="strict"), safe="!$&'()*+,;=:@~") for part in plain.split("/")]
        plain = "/".join(parts)
    return plain.rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape") if query else []
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if not pairs or (len(kept) == len(pairs) and "=" not in query):
        return query
    return urlencode(kept, errors="surrogateescape")


def _raw(entry: Entry, policy: IdentityPolicy) -> tuple[str, str]:
    """Return the first of the policy's materials that the entry has, with the policy it belongs to."""
    guid = trimmed_id(entry)
    if policy is IdentityPolicy.GUID and guid:
        return IdentityPolicy.GUID.value, guid
    if entry.link and policy in {IdentityPolicy.GUID, IdentityPolicy.LINK}:
        return IdentityPolicy.LINK.value, canonical_url(entry.link)
    date = entry.published or entry.updated
    if entry.link and date and policy is IdentityPolicy.LINK_DATE:
        return IdentityPolicy.LINK_DATE.value, canonical_url(entry.link) + _SEPARATOR + date.text.strip()
    return IdentityPolicy.CONTENT.value, content_of(entry)


def _shared(plain: Sequence[tuple[str, str]], entries: Sequence[Entry]) -> frozenset[tuple[str, str]]:
    """Return the identifiers that entries with different content carry."""
    if len(set(plain)) == len(plain):
        return frozenset()
    carried: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    counts = Counter(plain)
    for raw, entry in zip(plain, entries, strict=True):
        if counts[raw] > 1:
            carried[raw].add(content_of(entry))
    return frozenset(raw for raw, different in carried.items() if len(different) > 1)


def _names_something_larger(shared: frozenset[tuple[str, str]], plain: Sequence[tuple[str, str]]) -> bool:
    """Return whether the document proves that identifiers do not name entries.

    A single identifier may be one entry told twice, before and after an edit; on three or more entries
    that are most of the document it is a constant.
    """
    if len(shared) >= _DEGRADE_AT:
        return True
    counts = Counter(plain)
    return any(counts[raw] > 2 and counts[raw] * 2 > len(plain) for raw in shared)


def _digest(kind: str, *parts: str) -> str:
    text = _SEPARATOR.join((str(kind), *parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
