"""Judge an answer: a document, nothing new, or a fault with the right name.

A 304 is believed only when the question was conditional; otherwise a confused cache could keep a source
silent for ever. Whether a server wants patience is read from every refusal, not from 429 alone.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from alerts.domain.collected import Document, Request, Unchanged, Validators
from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.fetch.patience import RETRY_CAP, freshness, retry_after
from alerts.net import Answer

_DOCUMENT = frozenset({200, 203, 226})
_NO_CONTENT = frozenset({204, 205})
_MAY_BE_WALLS = frozenset({202, 401, 403, 405, 406, 429, 503})
_WALL = re.compile(
    rb"just a moment\.\.\.|attention required! \| cloudflare|_incapsula_resource|incapsula incident"
    rb"|enable javascript and cookies to continue|px-captcha|g-recaptcha|h-captcha|hcaptcha\.com|captcha-delivery"
    rb"|awswafintegration|aws-waf-token|making sure you(?:'|&#39;)re not a bot|ddos-guard|pardon our interruption"
    rb"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|checking your browser"
    rb"|sec-if-cpt-container|bm-verify|/_sec/cp_challenge",
    re.IGNORECASE,
)


def judge(answer: Answer, request: Request, now: datetime) -> Document | Unchanged:
    """Return what ``answer`` to ``request`` brought.

    Raises:
        FetchError: GONE, THROTTLED, CHALLENGE, EMPTY or HTTP_ERROR, with the server's patience in ``retry_at``.
    """
    if answer.status in _DOCUMENT and not _is_wall_header(answer.headers):
        if answer.status == 226 and "feed" not in re.split(
            r"[\s,;]+", answer.headers.get("im", "feed").lower()
        ):
            raise _fault(
                Outcome.HTTP_ERROR,
                "the server answered with a difference that was not asked for (226)",
                answer,
                now,
            )
        if not answer.body.strip():
            raise _fault(Outcome.EMPTY, "the server answered without a body", answer, now)
        return _document(answer, request, now)
    if answer.status == 304 and request.validators != Validators():
        renewed = _renewed(request.validators, answer.headers)
        return Unchanged(renewed, answer.headers, now, answer.final_url, answer.hops)
    raise _refusal(answer, now)


def _document(answer: Answer, request: Request, now: datetime) -> Document:
    return Document(
        url=request.url,
        final_url=answer.final_url,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=now,
        hops=answer.hops,
    )


def _renewed(old: Validators, headers: Mapping[str, str]) -> Validators:
    """Return ``old`` with what a 304 brought anew (RFC 9111 section 3.2); it clears nothing."""
    etag = headers.get("etag", old.etag)
    return replace(old, etag=etag, last_modified=headers.get("last-modified", old.last_modified))


def _refusal(answer: Answer, now: datetime) -> FetchError:
    status = answer.status
    if _is_wall(answer):
        return _fault(
            Outcome.CHALLENGE, f"a bot check stands before the source ({_named(status)})", answer, now
        )
    if status == 410:
        return _fault(Outcome.GONE, "the publisher says that the source is gone for good", answer, now)
    if status == 429 or (status == 503 and "retry-after" in answer.headers):
        return _fault(Outcome.THROTTLED, f"the server asks for patience ({_named(status)})", answer, now)
    if status in _NO_CONTENT:
        return _fault(Outcome.EMPTY, f"the server has no content to give ({_named(status)})", answer, now)
    if status == 304:
        return _fault(
            Outcome.HTTP_ERROR, "the server says unchanged (304) though nothing was compared", answer, now
        )
    return _fault(Outcome.HTTP_ERROR, f"the server answered {_named(status)}", answer, now)


def _fault(outcome: Outcome, detail: str, answer: Answer, now: datetime) -> FetchError:
    pause = retry_after(answer.headers, now)
    if answer.status == 429:  # a throttled client is told by max-age, too, when it may come again
        fresh = min(freshness(answer.headers), RETRY_CAP)
        pause = max(pause, fresh) if pause is not None else fresh or None
    return FetchError(outcome, detail, status=answer.status, retry_at=None if pause is None else now + pause)


def _is_wall(answer: Answer) -> bool:
    """Return whether a bot check answered in the source's place."""
    if _is_wall_header(answer.headers):
        return True
    return answer.status in _MAY_BE_WALLS and _WALL.search(answer.body) is not None


def _is_wall_header(headers: Mapping[str, str]) -> bool:
    waf = headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha")
    return waf or headers.get("cf-mitigated", "").lower() == "challenge"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
