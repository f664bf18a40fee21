"""The name we go by: product, version, where to read about it and whom to write to (RFC 9110 section 10.1.5)."""

from alerts import __version__

PRODUCT = "IP-Risk-Alerts"  # also the token that robots.txt may name


def user_agent(public_url: str | None = None, contact: str | None = None) -> str:
    """Return the User-Agent line; a publisher who is bothered finds the operator in it."""
    known = [f"+{public_url}"] if public_url else []
    known += [contact] if contact else []
    about = "".join(char for char in "; ".join(known) if " " <= char <= "~" and char not in "()\\")
    return f"{PRODUCT}/{__version__} ({about})" if about else f"{PRODUCT}/{__version__}"
