"""Silence is told apart from breakage: a quiet month says how we know, a dark source is named and its return as well."""

from tests.deployment import Deployment, Entry, rss, text_of
from tests.servers import Answer

OLD = Entry("Old rule on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")
NEW = Entry(
    "Final rule on trademark fees", "new", "Tue, 10 Mar 2026 09:00:00 GMT", "The office changes fees."
)


def begun(service: Deployment, **options: str) -> None:
    """Start with a good source; somebody subscribes to it and somebody to another jurisdiction."""
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", **options)
    service.round("2026-03-01T10:00Z")


def test_after_a_month_without_news_the_reader_hears_how_we_know(service: Deployment) -> None:
    begun(service)
    service.round("2026-03-31T07:30Z")
    assert service.mails() == [], "not before the hour of the digest"

    service.round("2026-03-31T08:30Z")

    (mail,) = service.mails("ip@acme.example")
    said = text_of(mail)
    assert "Nothing new for you" in str(mail["Subject"])
    assert "1 of 1 source read" in said
    assert "asked the sources below 2 times" in said
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    service.round("2026-03-31T09:30Z")
    service.round("2026-04-20T08:30Z")
    assert len(service.mails("ip@acme.example")) == 1, "once a month"
    service.round("2026-04-30T08:31Z")
    assert len(service.mails("ip@acme.example")) == 2


def test_the_letter_of_a_quiet_month_says_how_to_switch_it_off_and_whoever_did_gets_none(
    service: Deployment,
) -> None:
    begun(service)
    service.subscribe("zh@acme.example", "US", now="2026-03-01T00:00Z", language="zh-Hans")
    service.subscribe("no@acme.example", "US", now="2026-03-01T00:00Z")
    off = ("quiet-months", "no@acme.example", "off", "--now", "2026-03-02T00:00Z")
    assert "no more" in service.good(*off).out
    assert "that was so already" in service.good(*off).out
    assert service.good("companies", "export").out.count("quiet_months: false") == 1

    service.round("2026-03-31T08:30Z")

    (mail,), (chinese,) = service.mails("ip@acme.example"), service.mails("zh@acme.example")
    assert "your settings switch this mail off" in " ".join(text_of(mail).split())
    assert "https://alerts.service.example/manage" in text_of(mail)
    assert "可在您的设置中关闭" in text_of(chinese)
    assert service.mails("no@acme.example") == []

    service.good("quiet-months", "no@acme.example", "on", "--now", "2026-03-31T09:00Z")
    service.round("2026-03-31T09:30Z")
    assert len(service.mails("no@acme.example")) == 1
    assert service.alerts("quiet-months", "nobody@acme.example", "off").code == 2
    assert len(service.alerts("quiet-months", "no@acme.example", "perhaps").err.splitlines()) == 1


def test_whoever_was_told_something_gets_no_letter_about_silence(service: Deployment) -> None:
    begun(service)
    service.source.answers["/us.xml"] = rss(NEW, OLD)
    service.round("2026-03-10T10:00Z")
    service.round("2026-03-11T08:01Z")
    assert len(service.mails()) == 1

    service.round("2026-04-01T08:30Z")

    assert len(service.mails("ip@acme.example")) == 1


def test_a_dark_source_is_told_to_those_who_depend_on_it_and_so_is_its_return(service: Deployment) -> None:
    begun(service)
    service.subscribe("eu@acme.example", "EU", now="2026-03-01T00:00Z")
    service.subscribe("zh@acme.example", "north-america", now="2026-03-01T00:00Z", language="zh-Hans")
    service.source.answers["/us.xml"] = Answer(500)
    for at in ("2026-03-02T10:00Z", "2026-03-03T10:01Z", "2026-03-03T12:00Z", "2026-03-04T10:00Z"):
        service.round(at)

    (mail,) = service.mails("ip@acme.example")
    assert "1 source of yours cannot be read" in str(mail["Subject"])
    assert "us-office: last read on 1 March 2026" in text_of(mail)
    (chinese,) = service.mails("zh@acme.example")
    assert "目前无法读取" in str(chinese["Subject"])
    assert service.mails("eu@acme.example") == []

    service.source.answers["/us.xml"] = rss(OLD)
    service.round("2026-03-06T10:00Z")
    service.round("2026-03-06T11:00Z")

    assert [str(one["Subject"]) for one in service.mails("ip@acme.example")][1:] == [
        "1 source of yours can be read again"
    ]
    assert service.mails("eu@acme.example") == []


def test_whoever_came_after_an_outage_began_hears_neither_of_it_nor_of_its_end(service: Deployment) -> None:
    begun(service)
    service.source.answers["/us.xml"] = Answer(500)
    for at in ("2026-03-02T10:00Z", "2026-03-03T10:01Z", "2026-03-03T12:00Z"):
        service.round(at)
    service.subscribe("late@acme.example", "US", now="2026-03-04T00:00Z")
    service.source.answers["/us.xml"] = rss(OLD)

    service.round("2026-03-06T10:00Z")

    assert service.mails("late@acme.example") == []
    assert len(service.mails("ip@acme.example")) == 2
