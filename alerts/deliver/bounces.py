"""Read what comes back: delivery reports, complaints, answering machines, and bounces in nobody's format.

In this order: the machine-readable part (RFC 3464, RFC 5965), then flufl.bounce, then status codes and phrases in the text. What
a refusal is about decides, not its first digit: a refusal of policy (5.7.x, blocked, reputation, frequency) is our
fault or a provider's mood, and never says that an address is dead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import Message

from alerts.deliver.letters import opened
from alerts.domain.returns import Report, ReportKind

TEXTS = ("text/rfc822-headers", "text/plain", "text/html", "message/delivery-status", "message/partial")
REPORTING = ("message/delivery-status", "message/global-delivery-status", "message/feedback-report")
TEXT = 20_000  # characters of its text that are searched

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.\-/:])([45])(\d\d)(?=[\s\-:>#.,]|$)")
_IDS = re.compile(r"^message-id:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_ENVELOPE_ID = re.compile(
    r"^original-envelope-id:[ \t]*([!-~]{1,100})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_ADDRESS = re.compile(r"[^\s<>()\"',;:]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_POLICY = re.compile(
    r"spam|blocked|blocking|block ?list|black ?list|\bRBL\b|\bDNSBL\b|spamhaus|barracuda|policy|polic(?:y|ies)|DMARC|\bSPF\b|\bDKIM\b|reputation|rate.?limit|too many (?:messages|connections|recipients|hops)"
    r"|frequency limited|HL:(?:REP|ICC|IFC|MEP)|MI:(?:DMC|SFQ|SPB)|DT:SPM|RP:(?:DRC|QRC)|not authori[sz]ed|authentication (?:is )?required|relay(?:ing)? (?:access )?denied|relaying|access denied|banned|virus|content (?:rejected|filter)"
    r"|suspicious|unsolicited|greylist|throttl|denied by|rejected (?:due to|by|for) (?:security|content|policy)|ptr record|reverse dns|helo|sender (?:address )?rejected|domain of sender|message (?:was )?refused|prohibited|not permitted|not allowed"
    r"|message size|too large|exceeds? .{0,24}size|垃圾邮件|频率|拒绝策略|发信频率|举报",
    re.IGNORECASE,
)
_DEAD = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox|address|local)|no such (?:user|recipient|mailbox|address|person|account|local)|(?:user|mailbox|recipient|address|account)\W{0,3}.{0,70}(?:does not exist|doesn'?t exist|not found|unknown|not known|invalid|no longer|unavailable)"
    r"|not a valid (?:mailbox|address|recipient|user)|invalid (?:recipient|mailbox|address|user)|unrouteable address|recipient (?:address )?rejected|does(?:n't| not) have an? .{0,30}account|no mailbox here|not (?:our|my) (?:customer|user)"
    r"|address rejected|is not a known user|not listed in|user .{0,40}(?:is )?not (?:registered|listed|local)|mailbox (?:unavailable|not available|not found)|no account|unknown or illegal alias|this user|bad destination mailbox|delivery to this address is restricted"
    r"|couldn'?t be found|could not be found|wasn'?t found|isn'?t (?:a valid|found)|account (?:has been )?(?:closed|deleted|expired)|用户不存在|收件人.{0,90}不存在|邮箱不存在|地址不存在|宛先|存在しません|見つかりません",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"host (?:or domain name )?not found|domain (?:name )?not found|unknown host|host unknown|no such (?:host|domain)|name service error|NXDOMAIN|null ?MX|domain .{0,40}(?:does not|doesn't) (?:exist|accept)|bad (?:destination )?host|no (?:MX|mail exchanger)|unroutable mail domain|unrouteable mail domain|couldn'?t find any host|cannot find your (?:hostname|domain)",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mail|in)box.{0,20} full|over ?quota|quota exceeded|exceed(?:s|ed)? .{0,30}(?:quota|storage)|insufficient (?:system )?storage|disk (?:quota|full)|mailbox (?:is )?(?:disabled|inactive|suspended|locked)|account (?:is |has been )?(?:disabled|inactive|suspended)|out of (?:disk )?space|not enough space|user is over|temporarily disabled|容量|已满|爆满",
    re.IGNORECASE,
)
_CAME_BACK = re.compile(
    r"undeliver|not (?:be )?delivered|delivery (?:status|failure|failed|has failed|report|problem|notification|error|incomplete)|returned (?:mail|to sender|message)|return(?:ing|ed) .{0,20}(?:mail|message)|failure notice|mail (?:system error|delivery|failure|could not|not delivered)|nondeliverable|non.?delivery|could ?n[o']t be? ?delivered|unable to deliver|was not delivered|message (?:could not|not delivered|undeliverable|returned|delayed|bounced)|warning: (?:could not|message)|bounce|mailer.daemon|permanent (?:fatal )?error|未达|退信|投递失败|系统退信|配信|不達|エラー|return to sender|could not send|delivery delayed|not reach(?:ed)?|don'?t reach|rejected|retour|non remis|nicht zugestellt|unzustellbar|no se ha podido|échec|fehlgeschlagen",
    re.IGNORECASE,
)
_FROM_MACHINE = re.compile(
    r"mailer-?daemon|postmaster|mail ?delivery|mail ?system|bounce|no-?reply|admin", re.IGNORECASE
)
_ANSWER = re.compile(
    r"out of (?:the )?office|auto(?:matic|mated)?.?(?:reply|response|answer)|vacation|away from|absence|abwesen|自动回复|自動返信",
    re.IGNORECASE,
)

_LEAVE = re.compile(
    r"(?:please )?(?:unsubscribe|remove|stop)(?: me| this address)?(?: please)?[.! ]*|(?:请)?(?:退订|取消订阅|停止发送|不要再发)(?:[了。！! ]*)|TD",
    re.IGNORECASE,
)

# RFC 5965 section 7.3, RFC 6430: "this was no spam after all" is no complaint.
_FEEDBACK = {"auth-failure": ReportKind.POLICY, "not-spam": ReportKind.AUTOMATIC}


def read_report(raw: bytes) -> Report:
    """Return what a mail says that came to the bounce address; never raises for what stands in it."""
    try:
        message = opened(raw)
        return replace(_read(message), envelope_id=_envelope_id(message))
    except Exception:  # the standard library's parser fails at some broken parameters, charsets and depths
        return Report(ReportKind.NONE, words="it cannot be read")


def addressed_to(raw: bytes) -> tuple[str, ...]:
    """Return whom the envelope named, as the mail server that delivered the mail wrote it down; else whom its To names."""
    try:
        message = opened(raw)
        for names in (("X-Original-To", "Delivered-To", "Envelope-To"), ("To",)):
            found = [
                address for name in names for address in _ADDRESS.findall(_decoded(message.get(name, "")))
            ]
            if found:
                return tuple(found[:10])
    except Exception:  # as above
        return ()
    return ()


def _read(message: Message) -> Report:
    words = _words(message, quoted=False)
    ids = tuple(dict.fromkeys(_IDS.findall(_words(message, quoted=True))))[:10]
    complaint = _complaint(message, ids)
    if complaint is not None:
        return complaint
    for fields in _statuses(message):
        found = _from_fields(fields, words, ids)
        if found is not None:
            return found
    return _from_text(message, words, ids)


def _complaint(message: Message, ids: Sequence[str]) -> Report | None:
    if re.match(r"\s*complaint about message from", _decoded(message.get("Subject", "")), re.IGNORECASE):
        return Report(ReportKind.COMPLAINT, message_ids=tuple(ids))  # Outlook's form, without the part
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report" or (
            kind == "multipart/report" and "feedback-report" in str(part.get("Content-Type", ""))
        ):
            body = _status_text(part)
            found = re.search(
                r"^feedback-type:\s*(\S+)", body or _words(message, quoted=True), re.IGNORECASE | re.MULTILINE
            )
            kind = _FEEDBACK.get(found[1].lower() if found else "", ReportKind.COMPLAINT)
            return Report(kind, message_ids=tuple(ids), words=body[:300])
    return None


def _statuses(message: Message) -> Iterator[dict[str, str]]:
    """Yield the fields of each recipient of the machine-readable parts."""
    for part in message.walk():
        if part.get_content_type() not in REPORTING:
            continue
        for block in re.split(r"\n\s*\n", _status_text(part)):
            unfolded = re.sub(r"\n[ \t]+", " ", block)
            fields = {
                key.strip().lower(): value.strip()
                for key, _, value in (line.partition(":") for line in unfolded.split("\n"))
            }
            if fields.get("action") or fields.get("status") or fields.get("diagnostic-code"):
                yield fields


def _envelope_id(message: Message) -> str:
    """Return what the machine-readable part names as ENVID; ours holds nothing that xtext would write otherwise."""
    for part in message.walk():
        if part.get_content_type() in REPORTING and (found := _ENVELOPE_ID.search(_status_text(part))):
            return found[1]
    return ""


def _status_text(part: Message) -> str:
    body = part.get_payload()
    if isinstance(body, list):
        return "\n\n".join(str(each) for each in body)
    return _plain(part) or str(body)


def _from_fields(fields: dict[str, str], words: str, ids: Sequence[str]) -> Report | None:
    action, status = fields.get("action", "").lower(), fields.get("status", "")
    said = f"{fields.get('diagnostic-code', '')} {fields.get('remote-mta', '')}".strip()
    who = fields.get("final-recipient") or fields.get("original-recipient") or ""
    recipients = tuple(_ADDRESS.findall(who.rpartition(";")[2]))
    if action in ("delivered", "relayed", "expanded") or (
        status.startswith("2") and not action.startswith("fail")
    ):
        return Report(ReportKind.AUTOMATIC, recipients, tuple(ids), status, said[:300])
    inner = _STATUS.search(said)
    telling = inner[0] if inner and (not status or status.endswith(".0.0") or status[2:4] == "0.") else status
    kind = _kind(telling, said or words[:TEXT], delayed=action == "delayed")
    return Report(kind, recipients, tuple(ids), telling, said[:300])


def _from_text(message: Message, words: str, ids: Sequence[str]) -> Report:
    head = f"{message.get('Subject', '')} {message.get('From', '')}"
    shown, failed = _decoded(head), message.get("X-Failed-Recipients")
    automatic = str(message.get("Auto-Submitted", "")).lower()
    answers = automatic.startswith("auto-replied") or message.get("X-Autoreply") or _ANSWER.search(shown)
    returned = bool(failed or _CAME_BACK.search(shown))
    if answers and not returned:
        return Report(ReportKind.AUTOMATIC, message_ids=tuple(ids))
    temporary, permanent = _flufl(message)
    body = words[:TEXT]
    back = returned or bool(_CAME_BACK.search(body))
    coded = bool(_STATUS.search(body) or _CODE.search(body))
    machine = bool(_FROM_MACHINE.search(head)) or str(message.get("Return-Path", "")).strip() in ("<>", "")
    if not (
        temporary or permanent or (back and (coded or machine)) or (machine and (coded or _DEAD.search(body)))
    ):
        return _request(message, words, ids)
    status = _STATUS.search(body)
    kind = _kind(status[0] if status else "", body, delayed=bool(temporary and not permanent))
    recipients = tuple(sorted(permanent or temporary)) or tuple(
        dict.fromkeys(_ADDRESS.findall(str(failed or "")))
    )
    return Report(kind, recipients, tuple(ids), status[0] if status else "", body[:300])


def _request(message: Message, words: str, ids: Sequence[str]) -> Report:
    """Return whether a person writes that mails shall end: in the subject, or in the first line that is his own."""
    subject = re.sub(
        r"^\s*(?:(?:re|aw|fwd?|回复|答复)\s*[:：]\s*)+",
        "",
        _decoded(message.get("Subject", "")),
        flags=re.IGNORECASE,
    )
    lines = [line.strip() for line in words.splitlines() if line.strip() and not line.startswith(">")]
    if message.get("Auto-Submitted", "no").lower() == "no" and any(
        map(_LEAVE.fullmatch, (subject.strip(), *lines[:1]))
    ):
        sender = tuple(_ADDRESS.findall(_decoded(message.get("From", ""))))[-1:]
        answered = re.findall(
            r"<[^<>\s]{3,250}>", f"{message.get('In-Reply-To', '')} {message.get('References', '')}"
        )
        return Report(ReportKind.LEAVE, sender, (*answered[-10:], *ids), words=subject[:300])
    return Report(ReportKind.NONE)


def _flufl(message: Message) -> tuple[set[str], set[str]]:
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message)
    except Exception:  # a library of heuristics, given anything at all
        return set(), set()
    return {_text(each) for each in temporary}, {_text(each) for each in permanent}


def refusal(answer: str) -> ReportKind:
    """Return what a relay's refusal of a recipient is about."""
    found = _STATUS.search(answer)
    return _kind(found[0] if found else "", answer, delayed=False)


def _kind(status: str, said: str, *, delayed: bool) -> ReportKind:
    """Return what a refusal is about: by its words where they are clear, else by its status."""
    found = _STATUS.search(status)
    first, subject, detail = (found[1], found[2], found[3]) if found else ("", "", "")
    if subject == "7" or (_POLICY.search(said) and not (subject == "1" and detail in ("1", "10", "6"))):
        return ReportKind.POLICY
    if (subject == "2" and detail in ("1", "2", "3")) or _FULL.search(said):
        return ReportKind.SOFT
    if delayed or first == "4":
        return ReportKind.TRANSIENT
    if (subject, detail) == ("1", "2") or _DOMAIN.search(said):
        return ReportKind.DEAD_DOMAIN
    if (subject, detail) in (("1", "1"), ("1", "10"), ("1", "6"), ("1", "0"), ("1", "3")) or _DEAD.search(
        said
    ):
        return ReportKind.DEAD_ADDRESS
    return ReportKind.BOUNCE


def _words(message: Message, *, quoted: bool) -> str:
    """Return the text of a mail; ``quoted``: with the mails that stand in it, whose words are not the report's."""
    said: list[str] = []
    for part in _parts(message, quoted=quoted):
        if part.get_content_type() in TEXTS or (quoted and part.get_content_type() == "message/rfc822"):
            body = part.get_payload()
            said.append("\n".join(map(str, body))[:100_000] if isinstance(body, list) else _plain(part))
        if sum(map(len, said)) > 300_000:
            break
    return "\n".join(said)


def _parts(message: Message, *, quoted: bool) -> Iterator[Message]:
    yield message
    inside = message.get_payload()
    if isinstance(inside, list) and (quoted or message.get_content_type() != "message/rfc822"):
        for part in inside:
            if isinstance(part, Message):
                yield from _parts(part, quoted=quoted)


def _plain(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")


def _decoded(value: object) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, UnicodeError, ValueError, HeaderParseError):
        return str(value)


def _text(value: str | bytes) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
