"""Subscribe, a notice appears, the digest comes at the reader's hour, once."""

import pytest

from tests.deployment import Deployment, Entry, html_of, rss, text_of

OLD = Entry("Patent fee schedule of 2024", "old-1", "Mon, 05 Feb 2024 09:00:00 GMT")
RULE = Entry(
    "Final rule: changes to trademark opposition procedure",
    "rule-7",
    "Mon, 02 Mar 2026 09:00:00 GMT",
    "The trademark office adopts a final rule on opposition proceedings. The rule is effective May 4, 2026.",
)


@pytest.mark.parametrize("kept", ["service", pytest.param("apart", marks=pytest.mark.slow)])
def test_a_notice_reaches_the_reader_once_and_at_the_readers_hour(
    kept: str, request: pytest.FixtureRequest
) -> None:
    service: Deployment = request.getfixturevalue(kept)
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@shenzhen.example", "US", now="2026-03-01T00:00Z", tz="Asia/Shanghai", at="08:00")
    service.round("2026-03-02T00:00Z")
    service.source.answers["/us.xml"] = rss(RULE, OLD)

    service.round("2026-03-02T23:59Z")
    assert service.mails() == [], "it is 07:59 in Shanghai"
    service.round("2026-03-03T00:00Z")
    service.round("2026-03-03T00:00Z")
    service.round("2026-03-03T06:00Z")

    (mail,) = service.mails()
    assert mail["To"] == "ip@shenzhen.example"
    assert "trademark opposition procedure" in text_of(mail)
    assert "trademark opposition procedure" in html_of(mail)
    assert "https://office.example/rule-7" in text_of(mail)
    assert OLD.title not in text_of(mail), "what a feed held before it was watched is not news"


def test_each_item_says_what_when_whom_and_why(service: Deployment) -> None:
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.source.answers["/us.xml"] = rss(OLD)
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", term="opposition")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE, OLD)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")

    (mail,) = service.mails()
    text = text_of(mail)
    assert "us-office" in text, "who published it"
    assert "4 May 2026" in text or "May 4, 2026" in text, "when it takes effect"
    assert "opposition" in text
    assert "United States" in text
    assert mail["List-Unsubscribe"].startswith("<https://alerts.service.example/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://alerts.service.example/u/" in text


def test_nothing_to_tell_sends_nothing(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    for day in range(2, 6):
        service.round(f"2026-03-0{day}T09:00Z")
    assert (
        service.mails("ip@acme.example") == []
    )  # the operator hears that a source due each hour was asked once a day


def test_three_days_of_downtime_end_in_one_digest(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE, OLD)
    service.round("2026-03-02T07:00Z")

    service.round("2026-03-05T11:00Z")
    service.round("2026-03-06T08:00Z")
    assert len(service.mails()) == 1


def test_what_a_relay_lost_goes_out_again_as_the_same_mail(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", rhythm="immediate")
    service.round("2026-03-01T10:00Z")
    fresh = Entry(
        "Patent office closed on 9 March 2026",
        "n1",
        "Mon, 02 Mar 2026 15:00:00 GMT",
        "The patent office is closed.",
    )
    service.source.answers["/us.xml"] = rss(fresh, OLD)
    service.round("2026-03-02T15:05Z")
    assert len(service.mails()) == 1

    assert service.alerts("digest", "resend", "1", "--at", "2026-03-02T16:00Z").code == 2
    service.good("digest", "resend", "1", "--sent", "--at", "2026-03-02T16:00Z")
    service.round("2026-03-02T16:01Z")

    first, second = service.mail.messages
    assert first.content == second.content
