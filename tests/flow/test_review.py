"""The review queue from outside: feeds.yaml, the editors' desk, the mails."""

from tests.deployment import Deployment, Entry, rss, text_of

OLD = Entry("Annual report on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")
REVIEW = "defaults:\n  review: [critical]\n  approvals: {critical: 2}\n  release_after: 4h\n"


def order(number: int) -> Entry:
    return Entry(
        f"USITC issues limited exclusion order in section 337 investigation 337-TA-{number}",
        f"337-{number}",
        "Mon, 02 Mar 2026 15:00:00 GMT",
        f"The Commission has issued a limited exclusion order in 337-TA-{number} against infringing patent-protected chargers.",
    )


def reviewed(service: Deployment) -> Deployment:
    """A service under review that has polled once, with a Chinese and an English reader."""
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"), defaults=REVIEW)
    service.subscribe("en@acme.example", "US", now="2026-03-01T00:00Z")
    service.subscribe("zh@acme.example", "US", now="2026-03-01T00:00Z", language="zh-Hans")
    service.round("2026-03-01T10:00Z")
    return service


def test_a_critical_item_is_told_once_when_two_editors_have_agreed(service: Deployment) -> None:
    reviewed(service).source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    assert service.mails() == []
    assert "wait for an editor" in service.alerts("status", "--at", "2026-03-02T15:06Z").out

    (waiting,) = service.good("review", "list", "--format", "json", "--at", "2026-03-02T16:05Z").lines
    assert (waiting["approvals"], waiting["waiting"]) == ("0 of 2", "1:00:00")
    number = str(waiting["id"])
    for editor in ("Li", "li"):
        service.good("review", "release", number, "--by", editor, "--at", "2026-03-02T16:10Z")
    service.round("2026-03-02T16:11Z")
    assert service.mails() == []

    assert (
        "released"
        in service.good("review", "release", number, "--by", "Wang", "--at", "2026-03-02T16:12Z").out
    )
    service.round("2026-03-02T16:13Z")

    assert sorted(str(mail["To"]) for mail in service.mails()) == ["en@acme.example", "zh@acme.example"]
    assert not any("Unreviewed" in text_of(mail) or "未经审核" in text_of(mail) for mail in service.mails())
    service.round("2026-03-03T09:00Z")
    assert len(service.mails()) == 2


def test_what_nobody_looked_at_goes_out_in_time_and_says_so_in_both_languages(service: Deployment) -> None:
    reviewed(service).source.answers["/us.xml"] = rss(order(1502), OLD)
    service.round("2026-03-02T15:05Z")
    service.round("2026-03-02T19:04Z")
    assert service.mails() == []

    service.round("2026-03-02T19:06Z")

    english, chinese = (service.mails(f"{name}@acme.example")[0] for name in ("en", "zh"))
    for mail, word in ((english, "Unreviewed:"), (chinese, "未经审核")):
        assert word in text_of(mail)
        html = mail.get_body(("html",))
        assert html is not None and word in html.get_content()
    (item,) = (one for one in service.good("items", "--format", "json").lines if "1502" in str(one["title"]))
    assert item["unreviewed"] is True
