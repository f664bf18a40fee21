"""Header values that must not stand in a file: ``{file: name}`` and ``{env: NAME}``.

A file is a plain name inside the credentials folder (systemd gives one in ``CREDENTIALS_DIRECTORY``):
no path, no link, at most 8 KiB, one line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_SECRET = 8_192
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}")
_SECRET_HEADER = re.compile(r"authori[sz]ation|cookie|api[-_]?key|token|secret|password", re.IGNORECASE)
# What the fetcher itself decides; a second copy would break framing or conditional requests.
_OWN_HEADERS = frozenset(
    (
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "if-none-match",
        "if-modified-since",
        "user-agent",
    )
)


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a value is kept: ``source`` is file or env."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Keyring:
    """Where secrets may be looked up."""

    environment: Mapping[str, str]
    credentials: Path | None = None

    def find(self, ref: SecretRef) -> tuple[str, str | None]:
        """Return the value and None, or an empty text and why there is none."""
        if ref.source == "env":
            value = self.environment.get(ref.name, "").strip()
            return value, None if value else f"The environment variable {ref.name} is not set."
        if self.credentials is None:
            return "", f"There is no credentials folder to read {ref.name!r} from."
        return _read(self.credentials / ref.name, ref.name)


def _read(path: Path, name: str) -> tuple[str, str | None]:
    if path.is_symlink() or not path.is_file():
        return "", f"The credentials folder holds no plain file {name!r}."
    try:
        raw = path.read_bytes()
        value = raw.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return "", f"The credential {name!r} cannot be read."
    if not value or len(raw) > MAX_SECRET or not value.isprintable():
        return "", f"The credential {name!r} must be one line of at most {MAX_SECRET:,} bytes."
    return value, None


def reference(value: object) -> SecretRef | str:
    """Return the reference that ``value`` is, or the sentence that refuses it."""
    if not isinstance(value, dict) or len(value) != 1:
        return "Write {file: name} or {env: NAME}."
    [(source, name)] = value.items()
    if source not in ("file", "env"):
        return f"{source!r} is no place for a secret; write {{file: name}} or {{env: NAME}}."
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"{name!r} is no plain name: letters, digits, '_', '-' and '.', without folders."
    return SecretRef(source, name)


def header_fault(name: str) -> str | None:
    """Return why a feed may not set the header ``name``, or None."""
    if not _HEADER.fullmatch(name):
        return f"{name!r} is no header name."
    if name.casefold() == "user-agent":
        return "Use user_agent for this header."
    if name.casefold() in _OWN_HEADERS:
        return f"The service sets {name} itself."
    return None


def looks_secret(name: str) -> bool:
    """Return whether a header of this name usually carries a secret."""
    return _SECRET_HEADER.search(name) is not None
