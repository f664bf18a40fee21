"""What holds for every mail, in both languages: over the samples that operators try their templates with."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import html5lib
import pytest

from alerts.domain.text import display_width
from alerts.domain.vocabulary import Language
from alerts.flow.samples import SITE
from tests.mails import MAILS, made, sent

EVERY = pytest.mark.parametrize(("language", "name"), MAILS, ids=str)


@EVERY
def test_every_mail_keeps_to_the_lines_of_its_standard(language: Language, name: str) -> None:
    raw = sent(language, name)
    head, _, body = raw.partition(b"\r\n\r\n")

    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    for line in head.split(b"\r\n"):
        assert len(line) <= 78 or b" " not in line.strip(), line
    parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
    assert [part.defects for part in parsed.walk()] == [[], [], []]
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]+\?=", head))


@EVERY
def test_every_mail_is_html_that_a_strict_reader_takes(language: Language, name: str) -> None:
    html = made(language, name).whole.html
    html5lib.HTMLParser(strict=True).parse(html)
    assert f'lang="{language}"' in html


@EVERY
def test_every_mail_loads_nothing_and_leads_to_ourselves_or_a_source(language: Language, name: str) -> None:
    message = made(language, name).whole
    assert not re.search(r"<(?:img|script|iframe|object|form)\b|url\(|@import", message.html)
    hosts = re.findall(r'(?:href|src)="https?://([^/"]+)', message.html)
    assert set(hosts) <= {SITE.partition("//")[2], "office.example", "edis.usitc.gov"}, hosts


@EVERY
def test_both_parts_hold_the_same_links(language: Language, name: str) -> None:
    message = made(language, name).whole
    assert set(re.findall(r'href="(https?://[^"]+)', message.html)) == set(
        re.findall(r"https?://[^\s<>）]+", message.text)
    )


@EVERY
def test_every_text_part_keeps_to_its_columns(language: Language, name: str) -> None:
    text = made(language, name).whole.text
    wide = [line for line in text.split("\n") if display_width(line) > 76 and "://" not in line]
    assert not wide
    assert not re.search("[\u200b-\u200f\u2028-\u202e\ufeff]", text)


@EVERY
def test_no_mail_shouts_or_advertises(language: Language, name: str) -> None:
    subject = made(language, name).subject
    assert display_width(subject) <= 80
    assert not re.search(r"(?i)urgent|free|!|广告|^AD\b", subject)
