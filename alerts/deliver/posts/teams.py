"""Microsoft Teams by a Workflow ("when a Teams webhook request is received"): an Adaptive Card of runs, whose words are never Markdown.

28 KB a message by the documents; 21,000 bytes were refused already, so it stays under 20,000. Four requests a second. Taken is 202; the
older connectors answer 200 with the refusal in words. An address names a flow and carries its signature.
Source: learn.microsoft.com, "Create Incoming Webhooks", "Microsoft Teams connector: known issues"; adaptivecards.io, RichTextBlock.
"""

from collections.abc import Sequence
from datetime import timedelta

from alerts.deliver.posts.dialect import Dialect, Heard, Said, by_status, encoded, numbers_of, plain_call
from alerts.deliver.posts.fit import fitted
from alerts.domain.chat import Block, ChatText, Line, Span, Style
from alerts.net import Answer

LIMIT = 20_000  # bytes of the whole message
GAP = timedelta(seconds=1)
HOSTS = (".logic.azure.com", ".api.powerplatform.com", ".logic.azure.cn", ".webhook.office.com")
GONE = frozenset({"WorkflowNotFound", "WorkflowTriggerNotFound", "DirectApiAuthorizationRequired"})
OFF = frozenset({"WorkflowTriggerIsNotEnabled", "WorkflowDisabled"})


def body(chat: ChatText) -> str:
    """Return a message with one card."""
    return _message(chat, fitted(chat, lambda blocks: len(_message(chat, blocks).encode()) <= LIMIT))


def hear(answer: Answer) -> Heard:
    """Return what status, name of the fault and words say."""
    heard, fault = by_status(answer), _fault(answer)
    if heard.said is Said.TAKEN:
        return _late_refusal(heard)
    if fault in GONE or answer.status in (401, 403, 404):
        return Heard(Said.GONE, heard.words, code=answer.status)
    if fault in OFF:
        return Heard(Said.MISCONFIGURED, heard.words, code=answer.status)
    if answer.status in (400, 413):
        return Heard(Said.REFUSED, heard.words, code=answer.status)
    return heard


def _late_refusal(heard: Heard) -> Heard:
    """Return what a connector's 200 means when its words tell of a failure."""
    words = heard.words.lower()
    if "failed with error" not in words and "http error" not in words:
        return heard
    said = Said.BUSY if "429" in words else Said.REFUSED if "413" in words else Said.FAILED
    return Heard(said, heard.words, code=heard.code)


def _fault(answer: Answer) -> str:
    error = numbers_of(answer).get("error")
    return str(error.get("code", "")) if isinstance(error, dict) else ""


def _message(chat: ChatText, blocks: Sequence[Block]) -> str:
    title = _run(Span(chat.title, Style.STRONG)) | {"size": "Large"}
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": chat.title,
        "msteams": {"width": "Full"},
        "body": [_rich([title], first=True), *(_rich(_runs(block)) for block in blocks)],
    }
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return encoded({"type": "message", "attachments": [card]})


def _rich(runs: list[dict[str, object]], *, first: bool = False) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": runs, "separator": not first}


def _runs(block: Block) -> list[dict[str, object]]:
    lines: list[Line] = [
        line for number, line in enumerate(block) for line in _broken(line, first=not number)
    ]
    return [_run(span) for line in lines for span in line]


def _broken(line: Line, *, first: bool) -> list[Line]:
    """Return a line with the break before it: a run may hold one."""
    return [line] if first else [(Span("\n"),), line]


def _run(span: Span) -> dict[str, object]:
    run: dict[str, object] = {"type": "TextRun", "text": span.text}
    if span.style is Style.STRONG:
        run["weight"] = "Bolder"
    if span.style is Style.QUIET:
        run["isSubtle"] = True
    if span.url:
        run["selectAction"] = {"type": "Action.OpenUrl", "url": span.url}
    return run


TEAMS = Dialect(HOSTS, GAP, signed=False, body=body, call=plain_call, hear=hear)
