"""What becomes of a digest or a notice on its way to an endpoint that is posted to."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.digest import Turn, compose
from alerts.domain.digests import Digest, Message
from alerts.domain.vocabulary import ChannelKind, Language
from alerts.flow.posted import LARGEST, posted_message, posted_notice, shortened
from alerts.render import Renderer
from tests.digests import COVERAGE, LINKS, NOW, a_digest, a_line, an_endpoint

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "webhooks.schema.json").read_text())
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None),
}  # fmt: skip


def service(templates: Path | None = None) -> Any:
    return SimpleNamespace(renderer=Renderer(templates), links=lambda _endpoint: LINKS)


def to(kind: ChannelKind, digest: Digest) -> Digest:
    return replace(
        digest, endpoint=replace(digest.endpoint, channel=kind, address="https://a.example/…12345678")
    )


def check(value: Any, schema: dict[str, Any], path: str = "data") -> None:
    """Hold a value against the part of JSON Schema that the file uses; what the schema does not name may not be there."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = schema["anyOf"][value is None]
    if "enum" in schema:
        assert value in schema["enum"], path
    if "const" in schema:
        assert value == schema["const"], path
    wanted = schema.get("type")
    if wanted:
        names = [wanted] if isinstance(wanted, str) else wanted
        assert any(isinstance(value, TYPES[name]) for name in names), path
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["required"]) == set(schema["properties"]), path
        for name, inner in value.items():
            check(inner, schema["properties"][name], f"{path}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            check(inner, schema["items"], f"{path}[{number}]")


def test_a_payload_is_what_its_schema_says() -> None:
    lines = [a_line(1, url=None, published=None), replace(a_line(2, jurisdiction="CN"), correction=True)]
    message = posted_message(service(), to(ChannelKind.WEBHOOK, a_digest(*lines)), alert=False)
    event = json.loads(message.text)

    assert event["type"] in SCHEMA["properties"]["type"]["enum"]
    check(event["data"], {"$ref": "#/$defs/told"})
    assert event["timestamp"] == "2026-11-22T00:00:05Z"
    assert event["data"]["items"][0]["url"] is None or event["data"]["items"][1]["url"] is None


def test_a_payload_that_is_too_large_leaves_out_whole_items_and_counts_them() -> None:
    lines = []
    for number in range(1, 501):
        line = a_line(number, summary="x" * 480, title="T" * 300 + str(number), jurisdiction="US")
        lines.append(replace(line, stored=replace(line.stored, feed_id=f"f{number}")))
    endpoint = replace(an_endpoint(), channel=ChannelKind.WEBHOOK)
    digest = compose(endpoint, "Acme", lines, COVERAGE, Turn("2026-11-22", NOW))
    event = json.loads(posted_message(service(), digest, alert=False).text)

    told = len(event["data"]["items"])
    assert 100 < told < 500
    assert told + event["data"]["more"] == 500
    assert (
        LARGEST * 0.95 < len(json.dumps(event["data"], ensure_ascii=False, separators=(",", ":"))) <= LARGEST
    )


def test_what_fits_is_left_as_it_is() -> None:
    data = {"items": [{"alike": [], "x": "y"}], "more": 2}
    assert shortened(data) == data


@pytest.mark.parametrize("kind", [kind for kind in ChannelKind if kind is not ChannelKind.EMAIL])
@pytest.mark.parametrize("language", list(Language))
def test_a_notice_is_told_in_every_platforms_words(kind: ChannelKind, language: Language) -> None:
    endpoint = to(kind, a_digest(language=language)).endpoint
    text = (
        "Title\n\nA sentence about [x] <@all>.\nAnother.\n\n"
        + "A line of a very long notice.\n\n" * 900
        + "----\n"
    )
    message = posted_notice(endpoint, Message("Outage", text, "<p>no</p>", language.value), NOW)

    assert "A sentence about" in message.text
    assert "<p>" not in message.text
    assert kind in (ChannelKind.WEBHOOK, ChannelKind.TEAMS) or "<@all>" not in message.text
    assert len(message.text.encode()) <= 20_480 or kind in (ChannelKind.WEBHOOK, ChannelKind.SLACK)
    assert json.loads(message.text)


@pytest.mark.parametrize(
    "broken", ["{{ nothing.at.all }}", "{% if %}", "{{ 1 / 0 }}", "{{ view.groups[99].code }}"]
)
def test_a_broken_template_of_an_operator_loses_no_message(tmp_path: Path, broken: str) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "item.txt").write_text(broken)
    digest, served = to(ChannelKind.WECOM, a_digest(a_line(1))), service(tmp_path)

    assert "Notice 1" in posted_message(served, digest, alert=False).text
    assert ["The template of chats is broken" in one for one in served.renderer.voices.faults] == [True]


def test_an_operators_template_wins(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "item.txt").write_text("Our own: {{ strong(entry.title) }}\n")
    digest = to(ChannelKind.WECOM, a_digest(a_line(1, title="*x* <@all>")))

    assert "Our own: **＊x＊ ＜＠all＞**" in posted_message(service(tmp_path), digest, alert=False).text
