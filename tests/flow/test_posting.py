"""Webhooks and chat bots, as an operator enters them and a company's own servers hear them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from alerts.cli.app import run
from tests.deployment import Entry, Outcome, rss
from tests.servers import Answer, Seen, SourceServer, source_server

OLD = Entry("Patent fee schedule of 2024", "old-1", "Mon, 05 Feb 2024 09:00:00 GMT")
RULE = Entry(
    "Final rule: changes to trademark opposition procedure",
    "rule-7",
    "Mon, 02 Mar 2026 09:00:00 GMT",
    "The trademark office adopts a final rule on opposition proceedings. The rule is effective May 4, 2026.",
)
FEED = """version: 1
feeds:
  - {{id: us-office, name: {{en: US, zh-Hans: US}}, type: feed, url: "{url}", jurisdiction: US, carries: both, allow_private_networks: true}}
"""


@dataclass
class Deployment:
    """A folder in which commands are run, in this process."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def alerts(self, *words: str) -> Outcome:
        """Run one command."""
        code = run(list(words))
        said = self.capsys.readouterr()
        return Outcome(code, said.out, said.err)

    def good(self, *words: str) -> Outcome:
        """Run a command that must succeed."""
        outcome = self.alerts(*words)
        assert outcome.code == 0, (words, outcome)
        return outcome

    def round(self, at: str) -> Outcome:
        """Run one round of everything that is due at ``at``."""
        return self.good("run", "--once", "--at", at)

    def mails(self, to: str) -> list[EmailMessage]:
        """Return the mails to an address."""
        read = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes
        mails = [read(path.read_bytes()) for path in (self.folder / "var/outbox/new").glob("*")]
        return [mail for mail in mails if mail["To"] == to]


@pytest.fixture
def service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Deployment:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTS_OPERATOR_CONTACT", "ops@service.example")
    monkeypatch.setenv("ALERTS_PUBLIC_URL", "https://alerts.service.example")
    return Deployment(tmp_path, capsys)


def echo(seen: Seen) -> Answer:
    """Answer as a receiver that knows the challenge."""
    data = json.loads(seen.body).get("data", {})
    return Answer(200, json.dumps({"challenge": data.get("challenge", "")}).encode())


@pytest.fixture
def hooks(service: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[SourceServer]:
    """A company's server, which is the source of news as well."""
    robot = Answer(200, b'{"errcode":0,"errmsg":"ok"}')
    with source_server({"/hook": echo, "/robot/send": robot, "/us.xml": rss(OLD)}) as server:
        monkeypatch.setenv("ALERTS_PRIVATE_HOSTS", f"127.0.0.1:{server.port}")
        Path("feeds.yaml").write_text(FEED.format(url=server.url("/us.xml")))
        service.good(
            "subscribe", "ip@acme.example", "--company", "Acme", "--region", "US", "--now", "2026-03-01"
        )
        yield server


def heard(hooks: SourceServer) -> list[Seen]:
    """Return what was posted."""
    return [one for one in hooks.requests if one.method == "POST"]


def entered(service: Deployment, hooks: SourceServer, *words: str) -> tuple[int, str]:
    """Return number and secret of a webhook that is verified."""
    (row,) = service.good(
        "endpoints", "add", "ip@acme.example", "--channel", "webhook", "--address", hooks.url("/hook"),
        "--format", "json", *words,
    ).lines  # fmt: skip
    service.good("endpoints", "verify", str(row["endpoint"]), "--at", "2026-03-01T00:00Z")
    return int(str(row["endpoint"])), str(row["secret"])


def tell(service: Deployment, hooks: SourceServer) -> None:
    service.round("2026-03-02T00:00Z")
    hooks.answers["/us.xml"] = rss(RULE, OLD)
    service.round("2026-03-02T12:00Z")


def test_a_webhook_is_challenged_and_then_told_what_the_mails_tell(
    service: Deployment, hooks: SourceServer
) -> None:
    number, secret = entered(service, hooks, "--rhythm", "immediate")
    tell(service, hooks)
    service.round("2026-03-03T08:00Z")

    challenge, told = heard(hooks)
    assert json.loads(challenge.body)["type"] == "endpoint.verification"
    event = Webhook(secret).verify(told.body, told.headers)
    assert event["type"] == "alert.created"
    (item,) = event["data"]["items"]
    assert item["title"] == RULE.title
    assert (item["kind"], item["event"], item["rights"]) == ("legal-rule", "rule", ["trademark"])
    assert item["obligations"][0]["date"] == "2026-05-04"
    assert item["reasons"][0]["facet"] == "region"
    assert event["data"]["coverage"][0]["jurisdiction"] == "US"
    assert event["data"]["digest"]["endpoint"] == number
    assert len(service.mails("ip@acme.example")) == 1, "the mails go on as before"


def test_an_endpoint_that_does_not_echo_is_told_nothing(service: Deployment, hooks: SourceServer) -> None:
    hooks.answers["/hook"] = Answer(200, b"ok")
    service.good(
        "endpoints", "add", "ip@acme.example", "--channel", "webhook", "--address", hooks.url("/hook")
    )
    refused = service.alerts("endpoints", "verify", "2")
    tell(service, hooks)
    service.round("2026-03-03T08:00Z")

    assert refused.code == 1
    assert "did not come back" in refused.err
    assert len(heard(hooks)) == 1


def test_a_failed_message_comes_again_by_plan_under_the_same_id(
    service: Deployment, hooks: SourceServer
) -> None:
    _, secret = entered(service, hooks, "--rhythm", "immediate")
    hooks.answers["/hook"] = Answer(503, b"busy", {"Retry-After": "600"})
    tell(service, hooks)
    service.round("2026-03-02T12:09Z")
    hooks.answers["/hook"] = echo
    service.round("2026-03-02T12:11Z")

    _, first, second = heard(hooks)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    Webhook(secret).verify(second.body, second.headers)


def test_days_of_failure_shut_an_endpoint_with_notice_and_verifying_it_again_sends_what_waited(
    service: Deployment, hooks: SourceServer
) -> None:
    number, _ = entered(service, hooks, "--rhythm", "immediate")
    hooks.answers["/hook"] = Answer(500, b"no")
    tell(service, hooks)
    for at in ("02T12:10", "02T13:00", "02T16:00", "03T00:00", "03T16:00", "04T12:00", "05T14:00"):
        service.round(f"2026-03-{at}Z")
    tried = len(heard(hooks))
    service.round("2026-03-09T12:00Z")

    assert len(heard(hooks)) == tried, "a shut endpoint is left alone"
    (row,) = service.good("endpoints", "list", "--format", "json").lines
    assert (row["state"], row["waiting"]) == ("shut: failing", 1)
    notice = [mail for mail in service.mails("ip@acme.example") if "until it is mended" in mail["Subject"]]
    assert len(notice) == 1
    assert "1 message waits for it" in notice[0].as_string()
    assert any(
        f"endpoints verify {number}" in mail.as_string() for mail in service.mails("ops@service.example")
    )

    hooks.answers["/hook"] = echo
    assert (
        "1 messages that waited"
        in service.good("endpoints", "verify", str(number), "--at", "2026-03-09T12:30Z").out
    )
    service.round("2026-03-09T13:00Z")
    assert json.loads(heard(hooks)[-1].body)["type"] == "alert.created"


def test_an_endpoint_that_is_gone_is_shut_at_once(service: Deployment, hooks: SourceServer) -> None:
    entered(service, hooks, "--rhythm", "immediate")
    hooks.answers["/hook"] = Answer(410)
    tell(service, hooks)

    (row,) = service.good("endpoints", "list", "--format", "json").lines
    assert (row["state"], row["waiting"]) == ("shut: gone", 1)


def test_a_span_is_replayed_under_the_same_ids(service: Deployment, hooks: SourceServer) -> None:
    number, _ = entered(service, hooks, "--rhythm", "immediate")
    tell(service, hooks)
    nothing = service.good("webhook", "replay", str(number), "--since", "2026-03-03", "--at", "2026-03-04")
    again = service.good(
        "webhook",
        "replay",
        str(number),
        "--since",
        "2026-03-02",
        "--until",
        "2026-03-03",
        "--at",
        "2026-03-04",
    )
    service.round("2026-03-04T00:01Z")

    assert (nothing.out[:1], again.out[:1]) == ("0", "1")
    _, first, second = heard(hooks)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_new_secret_signs_beside_the_old_one_until_it_is_dropped(
    service: Deployment, hooks: SourceServer
) -> None:
    number, old = entered(service, hooks, "--rhythm", "immediate")
    made = service.good("endpoints", "rotate", str(number)).out
    new = re.search(r"whsec_\S+", made)
    assert new
    service.good("endpoints", "test", str(number))
    service.good("endpoints", "rotate", str(number), "--drop-old")
    service.good("endpoints", "test", str(number))

    _, both, one = heard(hooks)
    for secret in (old, new[0]):
        Webhook(secret).verify(both.body, both.headers)
    Webhook(new[0]).verify(one.body, one.headers)
    assert " " not in one.headers["webhook-signature"]


def test_a_chat_is_greeted_and_told_and_its_address_is_shown_nowhere(
    service: Deployment, hooks: SourceServer
) -> None:
    token = "s3cr3t-t0ken-of-the-robot"
    Path("secret").write_text("SECabc\n")
    words = (
        "--channel",
        "dingtalk",
        "--rhythm",
        "immediate",
        "--language",
        "zh-Hans",
        "--secret-file",
        "secret",
    )
    said = [
        service.good(
            "endpoints",
            "add",
            "ip@acme.example",
            "--address",
            hooks.url(f"/robot/send?access_token={token}"),
            *words,
        )
    ]
    said.append(service.good("endpoints", "verify", "2", "--at", "2026-03-01T00:00Z"))
    tell(service, hooks)
    said += [service.alerts("status"), service.alerts("status", "--format", "json")]
    said += [service.good("endpoints", "list"), service.good("companies", "export")]
    said.append(service.good("digest", "preview", "ip@acme.example", "--format", "json"))

    greeting, told = (json.loads(one.body)["markdown"]["text"] for one in heard(hooks))
    assert "本群自此接收" in greeting
    assert f"[{RULE.title}](https://office.example/rule-7)" in told
    assert all("sign=" in one.target and "timestamp=" in one.target for one in heard(hooks))
    assert not [one for one in said if token in one.out + one.err or "SECabc" in one.out + one.err]
    database = Path("var/alerts.db").read_bytes()
    assert token.encode() not in database
    assert b"SECabc" not in database


@pytest.mark.parametrize(
    ("channel", "address", "sentence"),
    [
        ("webhook", "http://hooks.acme.example/x", "must be https"),
        ("webhook", "https://user:pass@hooks.acme.example/x", "user name"),
        ("webhook", "ftp://hooks.acme.example/x", "not http or https"),
        ("slack", "https://hooks.slack.com.evil.example/services/T/B/x", "no host of slack"),
        ("wecom", "https://example.com/cgi-bin/webhook/send?key=k", "no host of wecom"),
        ("email", "https://example.com/", "no channel that is posted to"),
        ("fax", "https://example.com/", "--channel"),
    ],
)
def test_an_address_that_may_not_be_posted_to_is_refused_in_one_sentence(
    service: Deployment, channel: str, address: str, sentence: str
) -> None:
    service.good("subscribe", "ip@acme.example", "--company", "Acme", "--region", "US")
    refused = service.alerts(
        "endpoints", "add", "ip@acme.example", "--channel", channel, "--address", address
    )

    assert refused.code == 2
    assert sentence in refused.err
    assert len(refused.err.splitlines()) == 1
    assert address not in refused.err


def test_an_address_inside_is_refused_when_it_is_dialled(
    service: Deployment, hooks: SourceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALERTS_PRIVATE_HOSTS")
    for number, host in enumerate(("127.0.0.1", "169.254.169.254", "[::1]"), start=2):
        service.good(
            "endpoints",
            "add",
            "ip@acme.example",
            "--channel",
            "webhook",
            "--address",
            f"https://{host}:{hooks.port}/",
        )
        refused = service.alerts("endpoints", "verify", str(number))
        assert refused.code == 1
        assert "must not be dialled" in refused.err
    assert hooks.connections == 0


def test_a_redirect_inside_is_an_answer_and_is_not_followed(service: Deployment, hooks: SourceServer) -> None:
    hooks.answers["/hook"] = Answer(307, b"", {"Location": hooks.url("/inside")})
    service.good(
        "endpoints", "add", "ip@acme.example", "--channel", "webhook", "--address", hooks.url("/hook")
    )
    refused = service.alerts("endpoints", "verify", "2")

    assert "a redirect is not followed" in refused.err
    assert [one.target for one in heard(hooks)] == ["/hook"]


def test_what_is_removed_is_forgotten_and_may_be_entered_again(
    service: Deployment, hooks: SourceServer
) -> None:
    number, _ = entered(service, hooks)
    twice = service.alerts(
        "endpoints", "add", "ip@acme.example", "--channel", "webhook", "--address", hooks.url("/hook")
    )
    assert "already" in twice.err
    service.good("endpoints", "remove", str(number))
    assert service.good("endpoints", "list", "--format", "json").lines == []
    again, _ = entered(service, hooks)
    assert again == number


def test_a_preview_shows_what_a_chat_is_posted(service: Deployment, hooks: SourceServer) -> None:
    number, _ = entered(service, hooks, "--rhythm", "daily")
    service.round("2026-03-02T00:00Z")
    hooks.answers["/us.xml"] = rss(RULE, OLD)
    service.good("run", "--once", "--roles", "poll,match", "--at", "2026-03-02T12:00Z")
    said = service.good(
        "digest", "preview", "ip@acme.example", "--endpoint", str(number), "--at", "2026-03-02T13:00Z"
    )
    subject, _, body = said.out.partition("\n\n")

    assert subject == "1 IP notice: United States"
    assert json.loads(body)["data"]["items"][0]["title"] == RULE.title
    eml = service.alerts("digest", "preview", "ip@acme.example", "--endpoint", str(number), "--format", "eml")
    assert (eml.code, "not mailed" in eml.err) == (2, True)
    assert service.alerts("digest", "preview", "ip@acme.example", "--endpoint", "99").code == 2
    assert len(heard(hooks)) == 1, "only the challenge"
