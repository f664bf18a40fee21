"""Killed between sending and marking: the same bytes under the same Message-ID, nothing lost; a stop drains."""

from tests.deployment import KILL, TERM, Deployment, Entry, free_port, rss, until
from tests.servers import Answer, Script, drip

FIRST = Entry("Patent notice one", "p0", "Mon, 02 Mar 2020 09:00:00 GMT", "About patents.")
ORDER = Entry(
    "General exclusion order issued, investigation 337-TA-1400", "o1", "Mon, 02 Mar 2026 15:00:00 GMT",
    "The Commission issued a general exclusion order for patent infringement.",
)  # fmt: skip


def prepare(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(FIRST)
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.settings |= {"ALERTS_LISTEN": f"127.0.0.1:{free_port()}", "ALERTS_METRICS_LISTEN": "off"}
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(ORDER, FIRST)
    service.good("run", "--once", "--roles", "poll,match,build", "--at", "2026-03-02T15:05Z")


def test_a_kill_between_sending_and_marking_repeats_the_same_mail(service: Deployment) -> None:
    prepare(service)
    service.mail.script = Script(stall="dot", keep=True)
    with service.daemon("--no-web", "--roles", "send") as process:
        until(lambda: service.mail.messages)
        process.send_signal(KILL)
        process.wait(10)
    service.mail.script = Script()
    with service.daemon("--no-web", "--roles", "send"):
        until(lambda: len(service.mail.messages) == 2)
    first, second = service.mail.messages
    assert first.content == second.content, "every copy has the same bytes"
    assert service.good("run", "--once", "--at", "2026-03-05T00:00Z").code == 0
    assert len(service.mail.messages) == 2


def test_an_unreachable_relay_loses_nothing(service: Deployment) -> None:
    prepare(service)
    nobody = free_port()
    service.settings["ALERTS_MAIL"] = f"smtp://127.0.0.1:{nobody}"
    outcome = service.good("run", "--once", "--at", "2026-03-02T15:10Z")
    assert "due 1" in outcome.out
    service.settings["ALERTS_MAIL"] = f"smtp://127.0.0.1:{service.mail.port}"
    service.round("2026-03-02T15:40Z")
    assert len(service.mails("ip@acme.example")) == 1


def test_a_first_term_drains_a_second_stops_and_both_exit_with_0(service: Deployment) -> None:
    prepare(service)
    service.apart = True
    service.source.answers["/slow.xml"] = drip(b"<rss version='2.0'><channel/></rss>" * 400, every=0.05)
    service.feeds(service.feed("us", "US", "/us.xml"), service.feed("slow", "GB", "/slow.xml"))
    service.mail.script = Script(stall="dot")
    with service.daemon("--no-web") as process:
        until(lambda: any(seen.target == "/slow.xml" for seen in service.source.requests))
        process.send_signal(TERM)
        until(lambda: "daemon.draining" in service.log())
        process.send_signal(TERM)
        assert process.wait(60) == 0
    assert "daemon.stopped" in service.log()


def test_a_broken_catalogue_never_replaces_the_running_one(service: Deployment) -> None:
    prepare(service)
    with service.daemon("--no-web", "--roles", "poll") as process:
        until(lambda: "daemon.started" in service.log())
        (service.folder / "feeds.yaml").write_text("version: 1\nfeeds:\n  - id: broken\n    urll: nonsense\n")
        until(lambda: "catalogue.refused" in service.log())
        service.source.answers["/gb.xml"] = Answer(body=rss(FIRST).body)
        service.feeds(service.feed("us", "US", "/us.xml"), service.feed("gb", "GB", "/gb.xml"))
        until(lambda: any(seen.target == "/gb.xml" for seen in service.source.requests))
        assert process.poll() is None


def test_an_emptied_catalogue_does_not_switch_everything_off(service: Deployment) -> None:
    prepare(service)
    with service.daemon("--no-web", "--roles", "poll") as process:
        until(lambda: "daemon.started" in service.log())
        (service.folder / "feeds.yaml").write_text("version: 1\nfeeds: []\n")
        until(lambda: "no feed is enabled" in service.log())
        assert process.poll() is None
