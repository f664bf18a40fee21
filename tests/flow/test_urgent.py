"""A critical item does not wait for the window."""

from tests.deployment import Deployment, Entry, rss, text_of

OLD = Entry("Annual report on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")
ORDER = Entry(
    "USITC issues limited exclusion order in section 337 investigation 337-TA-1399",
    "337-1399",
    "Mon, 02 Mar 2026 15:00:00 GMT",
    "The Commission has issued a limited exclusion order and cease and desist orders against infringing patent-protected chargers.",
)


def test_a_critical_item_leaves_in_the_round_that_stored_it_and_is_not_told_again(
    service: Deployment,
) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(ORDER, OLD)

    service.round("2026-03-02T15:05Z")
    (mail,) = service.mails()
    assert "USITC issues limited exclusion" in mail["Subject"]
    assert "critical" in mail["Subject"].casefold()
    assert "337-TA-1399" in text_of(mail)

    service.round("2026-03-03T08:00Z")
    assert len(service.mails()) == 1, "the digest does not repeat it"


def test_an_immediate_reader_is_told_of_everything_at_once(service: Deployment) -> None:
    notice = Entry(
        "Patent office closed on 9 March 2026",
        "n1",
        "Mon, 02 Mar 2026 15:00:00 GMT",
        "The patent office is closed.",
    )
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("now@acme.example", "US", now="2026-03-01T00:00Z", rhythm="immediate")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(notice, OLD)
    service.round("2026-03-02T15:05Z")
    assert len(service.mails("now@acme.example")) == 1
