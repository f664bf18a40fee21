"""Put what aiohttp raises into our words: an outcome and one sentence, without addresses or secrets."""

import aiohttp

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net.dial import RefusedAddressError

# the first kind that fits, in this order: aiohttp's kinds inherit from each other and from OSError
_WORDS: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (aiohttp.ConnectionTimeoutError, Outcome.TIMEOUT, "no connection to {host} in time"),
    (TimeoutError, Outcome.TIMEOUT, "{host} fell silent"),
    (aiohttp.ClientPayloadError, Outcome.CONNECTION, "the answer of {host} broke off"),
    (aiohttp.ClientConnectionError, Outcome.CONNECTION, "{host} closed the connection without an answer"),
    (OSError, Outcome.CONNECTION, "the connection to {host} broke"),
    (Exception, Outcome.HTTP_ERROR, "the request to {host} cannot be sent"),
)


def as_fetch_error(fault: Exception, host: str) -> FetchError:
    """Return the fault of an exchange with ``host`` as ours."""
    if isinstance(fault, aiohttp.ClientConnectorError):
        return _unreached(_not_connected(fault, host))
    if isinstance(fault, aiohttp.ClientResponseError):
        return _not_http(fault, host)
    outcome, words = next((outcome, words) for kind, outcome, words in _WORDS if isinstance(fault, kind))
    error = FetchError(outcome, words.format(host=host))
    return _unreached(error) if isinstance(fault, aiohttp.ConnectionTimeoutError) else error


def _unreached(error: FetchError) -> FetchError:
    error.reached = False
    return error


def _not_connected(fault: aiohttp.ClientConnectorError, host: str) -> FetchError:
    if isinstance(fault, aiohttp.ClientSSLError):
        return FetchError(Outcome.CONNECTION, f"no secure connection to {host}: {_tls_words(fault)}")
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return FetchError(Outcome.CONNECTION, f"the name {host} has no address")
    if isinstance(fault.os_error, RefusedAddressError):
        return FetchError(Outcome.DENIED_ADDRESS, f"{host} is at an address that must not be dialled")
    reason = fault.os_error.strerror or "no reason given"
    return FetchError(Outcome.CONNECTION, f"no connection to {host}: {reason}")


def _not_http(fault: aiohttp.ClientResponseError, host: str) -> FetchError:
    # aiohttp names a header past its limit in words only; no other fault has them
    if fault.message.startswith("Got more than") or "Too many" in fault.message:
        return FetchError(Outcome.TOO_LARGE, f"the headers of {host} are too large")
    return FetchError(Outcome.CONNECTION, f"{host} does not answer in HTTP")


def _tls_words(fault: Exception) -> str:
    cause = fault.__cause__
    return str(getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "the handshake failed")
