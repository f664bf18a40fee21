"""No mail of ours looks like spam to the two filters that most receivers run, and the rules that each meets are pinned.

``golden/spam/symbols.json`` holds the rules; docs/mail.md says which of them belong to the bench, and why the others are met.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from alerts.deliver.dkim import Signer, SigningKey
from alerts.deliver.dkim_keys import make_key, read_key
from tests.judges.filters import SENDER, ZONE, Rspamd, Verdict, rspamd, spamassassin
from tests.judges.needs import needed
from tests.mails import MAILS, US, sent
from tests.zones import zone_server

pytestmark = [*needed("spamassassin", "rspamd"), pytest.mark.slow]
PINNED = json.loads((Path(__file__).parents[1] / "golden" / "spam" / "symbols.json").read_text("utf-8"))
AUTHENTIC = {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}
SPAM = b"""From: Dr. Moses Odiaka <winner@alerts.example>\r
To: undisclosed-recipients:;\r
Subject: CONGRATULATIONS!!! YOU WON $1,500,000 FREE VIAGRA CASINO ACT NOW\r
Date: Thu, 1 Jan 1998 00:00:00 +0000\r
Message-ID: <spam@alerts.example>\r
MIME-Version: 1.0\r
Content-Type: text/html; charset=us-ascii\r
\r
<html><font color=white>hidden hidden hidden</font><b>DEAR FRIEND, click <a href="http://198.18.9.9/x">https://bank.com</a> and\r
claim your MILLION DOLLARS inheritance, buy viagra online, no prescription, 100% free, act now, lose weight</b></html>\r
"""


@cache
def keys() -> tuple[SigningKey, ...]:
    return tuple(read_key(name, SENDER, make_key(ed25519=name == "e1")) for name in ("e1", "r1"))


@cache
def mails() -> Mapping[str, bytes]:
    """Every mail, signed and dated today, since both filters mistrust old ones."""
    sender, now = replace(US, signer=Signer(keys())), datetime.now(UTC)
    return {f"{name}.{language}": sent(language, name, now, sender) for language, name in MAILS}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rspamd]:
    published = {key.name: {"TXT": [key.record]} for key in keys()}
    with (
        zone_server({**ZONE, **published}) as names,
        rspamd(tmp_path_factory.mktemp("rspamd"), names.listen.port) as made,
    ):
        yield made


def held(found: Mapping[str, Verdict], pinned: Mapping[str, list[str]]) -> None:
    assert {name: one.score for name, one in found.items() if one.score > 0} == {}
    assert {name: list(one.symbols) for name, one in found.items()} == pinned


def test_spamassassin_has_nothing_against_any_mail() -> None:
    names = list(mails())
    held(dict(zip(names, spamassassin(list(mails().values())), strict=True)), PINNED["spamassassin"])


def test_rspamd_has_nothing_against_any_mail_and_finds_each_authentic(receiver: Rspamd) -> None:
    found = {name: receiver.judge(raw) for name, raw in mails().items()}
    held(found, PINNED["rspamd"])
    assert all(set(one.symbols) >= AUTHENTIC for one in found.values())


def test_a_way_out_that_was_changed_under_way_is_found_out(receiver: Rspamd) -> None:
    raw = mails()["digest.en"]
    for old, new in ((b"/u/sample>", b"/u/simple>"), (b"=One-Click", b"=Two-Click")):
        assert old in raw
        assert "R_DKIM_REJECT" in receiver.judge(raw.replace(old, new, 1)).symbols


def test_the_bench_knows_spam_when_it_sees_it(receiver: Rspamd) -> None:
    [local] = spamassassin([SPAM])
    assert local.score > 5 and receiver.judge(SPAM).score > 5
