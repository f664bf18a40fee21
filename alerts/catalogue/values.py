"""The kinds of value that feeds.yaml knows: durations, sizes, slugs, codes, addresses, expressions.

Each is a pydantic type that checks strictly (no text for a number) and refuses with a stable code and
a sentence that says what to write instead. Durations count seconds, sizes bytes.
"""

import codecs
import functools
import re
import zoneinfo
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

import idna
from pydantic import BeforeValidator, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from alerts.catalogue.diagnostics import nearest
from alerts.catalogue.expressions import jmespath_fault, selector_fault
from alerts.catalogue.patterns import compile_fault
from alerts.domain import jurisdictions
from alerts.domain.vocabulary import Severity

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d|w)")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SIZE = re.compile(r"([0-9]{1,9})(B|KiB|MiB|KB|MB)?")
_SIZES = {"": 1, "B": 1, "KiB": 1024, "MiB": 1024**2, "KB": 1000, "MB": 1000**2}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NO_CHARSETS = frozenset(("utf_7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"))
SLOT = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")
_URL_WORDS = ("year", "month", "day", "today", "since", "page")


def refuse(code: str, text: str) -> PydanticCustomError:
    """Return the error that carries ``text`` unchanged, braces included."""
    return PydanticCustomError(code, "{text}", {"text": text})


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise refuse("wrong-type", f"{what}, not {_shown(value)}.")
    return value


def _shown(value: object) -> str:
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return kinds.get(type(value)) or f"{value!r:.60}"


def duration(value: object) -> timedelta:
    """Return the length of time that ``30s``, ``15m``, ``6h``, ``1d`` or ``2w`` names."""
    what = "A length of time such as 30s, 15m, 6h or 1d is needed"
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise refuse("bad-duration", f"{what}, not {_shown(value)}.")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _duration_between(least: str, most: str) -> BeforeValidator:
    def check(value: object) -> timedelta:
        length = duration(value)
        if not duration(least) <= length <= duration(most):
            raise refuse("bad-duration", f"{value} is outside {least} to {most}.")
        return length

    return BeforeValidator(check)


def size(value: object) -> int:
    """Return the bytes that ``5242880``, ``512KiB`` or ``5MiB`` names, 1 KiB to 256 MiB."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    found = _SIZE.fullmatch(str(value)) if whole or isinstance(value, str) else None
    if not found:
        raise refuse("bad-size", f"A size such as 512KiB or 5MiB is needed, not {_shown(value)}.")
    count = int(found[1]) * _SIZES[found[2] or ""]
    if not 1024 <= count <= 256 * 1024**2:
        raise refuse("bad-size", f"{value} is outside 1KiB to 256MiB.")
    return count


def _jurisdiction(value: object) -> str:
    code = _text(value, "A jurisdiction code such as US or EP is needed")
    if jurisdictions.is_region(code):
        raise refuse("unknown-jurisdiction", f"{code!r} is a region; a feed belongs to one jurisdiction.")
    if not jurisdictions.is_jurisdiction(code):
        raise refuse("unknown-jurisdiction", jurisdictions.unknown(code))
    return code


def _zone(value: object) -> str:
    name = _text(value, "A time zone such as Asia/Shanghai is needed")
    known = _zones()
    if name not in known:
        hint = nearest(name, (zone.casefold() for zone in known))
        exact = {zone.casefold(): zone for zone in known}
        for low, zone in exact.items():
            hint = hint.replace(repr(low), repr(zone))
        raise refuse("unknown-time-zone", f"{name!r} is no IANA time zone.{hint}")
    return name


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _url(value: object) -> str:
    url = _text(value, "An address is needed")
    fault = url_fault(url)
    if fault:
        raise refuse("bad-url", fault)
    return url


def url_fault(url: str) -> str | None:
    """Return what is wrong with the address of a source, or None. ``{year}`` and the like are allowed."""
    if any(character <= " " or character in '\\"<>^`|' or character == "\x7f" for character in url):
        return "The address holds a blank or a character that must be percent-encoded."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"Not an address: {error}."
    if parts.scheme not in ("http", "https"):
        return f"Only http and https addresses are polled, not {parts.scheme or 'none'!r}."
    if "@" in parts.netloc:
        return "Name and password do not belong into an address; use headers with {file: name}."
    if not host or "{" in parts.netloc or port == 0:
        return "There is no port 0." if host and port == 0 else "The address names no host."
    return host_fault(host) or _slot_fault(url)


def host_fault(host: str) -> str | None:
    """Return why ``host`` can be no host, or None; numbers in odd spellings (127.1, 0x7f.1) are none."""
    if ":" in host:
        return None  # IPv6: urlsplit has read it
    try:
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return f"{host!r:.80} is no host name."
    if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]) and not _IPV4.fullmatch(name):
        return f"{host!r:.80} is a number in an odd spelling; write the host's name."
    return None if _HOST.fullmatch(name) else f"{host!r:.80} is no host name."


def _slot_fault(url: str) -> str | None:
    """Return which ``{word}`` of the address nobody fills in, or None."""
    for word in SLOT.findall(url):
        if word.partition(":")[0] not in _URL_WORDS:
            return (
                f"{{{word}}} is not filled in; known are {', '.join(_URL_WORDS)}.{nearest(word, _URL_WORDS)}"
            )
    return None


def _pattern(value: object) -> str:
    pattern = _text(value, "A regular expression in quotes is needed")
    fault = compile_fault(pattern)
    if fault:
        raise refuse(*fault)
    return pattern


def _jmespath(value: object) -> str:
    path = _text(value, "A JMESPath in quotes is needed")
    fault = jmespath_fault(path)
    if fault:
        raise refuse("bad-path", fault)
    return path


def _selector(value: object) -> str:
    selector = _text(value, "A CSS selector in quotes is needed")
    fault = selector_fault(selector)
    if fault:
        raise refuse("bad-selector", fault)
    return selector


def _id(value: object) -> str:
    word = _text(value, "An id is needed")
    if not _ID.fullmatch(word):
        raise refuse("bad-id", f"{word!r:.80} is no id: 2 to 64 of a-z, 0-9 and -, not - at the ends.")
    return word


def _language(value: object) -> str:
    tag = _text(value, "A language such as en or zh-Hans is needed")
    if not _LANGUAGE.fullmatch(tag):
        raise refuse("bad-language", f"{tag!r:.60} is no BCP 47 language tag such as en, pt or zh-Hans.")
    return tag


def _charset(value: object) -> str:
    name = _line(value)
    try:
        known = codecs.lookup(name).name.replace("-", "_") not in _NO_CHARSETS
    except (LookupError, UnicodeError):
        known = False
    if not known:
        raise refuse("unknown-charset", f"{name!r:.60} is no character set that is read, such as gb18030.")
    return name


def _line(value: object) -> str:
    text = _text(value, "One line of text is needed")
    if not text.strip() or len(text) > 300 or not text.isprintable():
        raise refuse("bad-text", "One line of 1 to 300 printable characters is needed.")
    return text


def _slug(members: type[StrEnum], what: str) -> BeforeValidator:
    known = [member.value for member in members]

    def check(value: object) -> Any:
        if isinstance(value, str) and value in known:
            return members(value)
        hint = nearest(value, known) if isinstance(value, str) else ""
        raise refuse("unknown-slug", f"{_shown(value)} is no {what} (one of {', '.join(known)}).{hint}")

    return BeforeValidator(check)


def slug_of(members: type[StrEnum], what: str) -> tuple[BeforeValidator, WithJsonSchema]:
    """Return how a member of ``members`` is checked and described."""
    values = [member.value for member in members]
    return _slug(members, what), WithJsonSchema({"type": "string", "enum": values})


def _reviewed(value: object) -> frozenset[Severity]:
    """Return the severities that an editor must see first: all for ``required``, none for ``never``."""
    if isinstance(value, bool) or value in ("required", "never"):
        return frozenset(Severity) if value in (True, "required") else frozenset()
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return frozenset(_slug(Severity, "severity").func(one) for one in value)  # type: ignore[call-arg]
    raise refuse(
        "bad-review", f"Write required, never or a list such as [critical, high], not {_shown(value)}."
    )


def _approvals(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 5:
        raise refuse("bad-approvals", f"The number of editors who must agree is 1 to 5, not {_shown(value)}.")
    return value


_LENGTH = WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}[smhdw]$"})

Interval = Annotated[timedelta, _duration_between("1m", "30d"), _LENGTH]
Timeout = Annotated[timedelta, _duration_between("1s", "10m"), _LENGTH]
LookBack = Annotated[timedelta, _duration_between("0s", "36525d"), _LENGTH]
Patience = Annotated[timedelta, _duration_between("1m", "30d"), _LENGTH]
_SEVERITY: JsonDict = {"type": "string", "enum": [each.value for each in Severity]}
Reviewed = Annotated[
    frozenset[Severity],
    BeforeValidator(_reviewed),
    WithJsonSchema(
        {
            "oneOf": [
                {"enum": ["required", "never", True, False]},
                {"type": "array", "minItems": 1, "items": _SEVERITY},
            ]
        }
    ),
]
Approvals = Annotated[
    int, BeforeValidator(_approvals), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 5})
]
Size = Annotated[
    int,
    BeforeValidator(size),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^[0-9]+(B|KiB|MiB|KB|MB)?$"}),
]
Jurisdiction = Annotated[
    str,
    BeforeValidator(_jurisdiction),
    WithJsonSchema({"type": "string", "enum": sorted(jurisdictions.JURISDICTIONS)}),
]
Zone = Annotated[str, BeforeValidator(_zone)]
Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Pattern = Annotated[str, BeforeValidator(_pattern)]
JmesPath = Annotated[str, BeforeValidator(_jmespath)]
Selector = Annotated[str, BeforeValidator(_selector)]
Charset = Annotated[str, BeforeValidator(_charset)]
Line = Annotated[str, BeforeValidator(_line)]
FeedId = Annotated[
    str,
    BeforeValidator(_id),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$"}),
]
LanguageTag = Annotated[
    str, BeforeValidator(_language), WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"})
]
