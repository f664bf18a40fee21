"""A warning names who helps, in both parts and once for each jurisdiction; anything else names nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import directory
from alerts.domain.vocabulary import Kind, Language
from alerts.render import Renderer
from tests.digests import LINKS, a_digest, a_line

STATIONS = directory.read(Path(__file__).parents[3] / "stations.yaml")
RENDERER = Renderer(stations=lambda: STATIONS)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        (Language.CHINESE, "国家海外知识产权纠纷应对指导中心"),
        (Language.ENGLISH, "WIPO Arbitration and Mediation Center"),
    ],
)
def test_a_warning_names_who_helps_in_both_parts(language: Language, name: str) -> None:
    message = RENDERER.digest_message(a_digest(a_line(1), a_line(2), language=language), LINKS)
    assert message.html.count(name) == 1
    assert "".join(message.text.split()).count("".join(name.split())) == 1
    alert = RENDERER.alert_message(a_digest(a_line(1), language=language, slot="item:1:1"), LINKS)
    assert name in alert.html


def test_what_is_no_warning_names_nobody() -> None:
    line = a_line(1)
    judged = replace(line.stored.judgement, kind=Kind.LEGAL_RULE)
    rule = replace(line, stored=replace(line.stored, judgement=judged))
    assert "Who helps" not in RENDERER.digest_message(a_digest(rule), LINKS).html


def test_without_a_directory_a_mail_is_as_before() -> None:
    assert "Who helps" not in Renderer().digest_message(a_digest(a_line(1)), LINKS).text
