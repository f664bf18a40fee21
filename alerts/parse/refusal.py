"""Tell what an HTML answer is when something else was asked for: a bot check, a login, or just a page.

A source that is behind a check must be shown as such: it must neither pass for silent nor have the check
stored as an item. The signs are of the products that stand before official sites (Cloudflare, Imperva,
Akamai, AWS WAF, DataDome, Sucuri, PerimeterX); each sign is text that an ordinary page does not hold.
"""

import re

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome

_CHECKS = re.compile(
    r"<title>\s*(?:Just a moment|Attention Required!|Access Denied|DDoS-Guard|Checking your browser|请稍候|Security Check"
    r"|Request Rejected|One moment, please|Human Verification|安全验证|访问验证)"
    r"|cf-chl-|challenge-platform/|_Incapsula_Resource|Incapsula incident|/_sec/cp_challenge|awswaf\.com|AwsWafIntegration"
    r"|captcha-delivery\.com|sucuri_cloudproxy|px-captcha|Reference&#32;&#35;|geo\.captcha|_cf_chl_opt|/TSPD/|yunsuo_session"
    r"|The requested URL was rejected\. Please consult",
    re.IGNORECASE,
)
# Said by ordinary pages too (noscript, comment forms), so they count only where nothing else could be read.
_WEAK = re.compile(
    r"(?:g-|h-)?recaptcha|captcha|enable\s+(?:java\s?script|cookies)|javascript\s+(?:is\s+)?(?:required|disabled)|请开启\s*javascript"
    r"|JavaScriptを有効|are you (?:a )?(?:human|robot)|<input[^>]{1,200}type=[\"']?password|验证码",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"<(?:div|app-root|main)\s[^>]{0,100}id=[\"']?(?:root|app|__next|__nuxt)[\"'][^>]*>\s*</|<app-root[^>]*>\s*</",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_HEAD = 65_536
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*>)", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(
    r"\s*<(?:!doctype\s+html|(?:html|head|body|script|meta|title|div|center|h1)\b)", re.IGNORECASE
)


def looks_like_html(text: str) -> bool:
    """Return whether ``text`` begins as an HTML page does, after comments and declarations."""
    head = text[:_HEAD]
    place = 0
    while not _ROOT.match(head, place):
        skipped = _PROLOG.match(head, place)
        if skipped is None:
            return False
        place = skipped.end()
    return True


def challenge_in(text: str, *, nothing_read: bool) -> str | None:
    """Return the words that give a bot check, a login or a script shell away, or None.

    ``nothing_read`` says that the page had nothing of what was looked for; then weaker signs count.
    """
    head = text[:_HEAD]
    sign = _CHECKS.search(head)
    if sign is None and nothing_read:
        sign = _WEAK.search(head) or _SHELL.search(head)
    return " ".join(re.sub(r"[<>]", " ", sign[0]).split())[:80] if sign else None


def refuse_html(text: str, wanted: str) -> ParseError:
    """Return the error for an HTML answer where ``wanted`` was expected: CHALLENGE or NOT_A_FEED."""
    sign = challenge_in(text, nothing_read=True)
    if sign:
        return ParseError(
            Outcome.CHALLENGE, f"a bot check, login or script page came instead of {wanted}: “{sign}”"
        )
    title = _TITLE.search(text[:_HEAD])
    named = f" titled “{' '.join(title[1].split())}”" if title and title[1].strip() else ""
    return ParseError(Outcome.NOT_A_FEED, f"an HTML page{named} came instead of {wanted}")
