"""Whoever joins gets no back catalogue, unless a few days of it are wished for; those are marked."""

from tests.deployment import Deployment, Entry, rss, text_of

RULE = Entry("Final rule on trademark fees", "rule", "Mon, 02 Mar 2026 09:00:00 GMT", "Fees change.")
LATER = Entry("Final rule on patent fees", "later", "Thu, 05 Mar 2026 09:00:00 GMT", "Fees change.")


def begun(service: Deployment) -> None:
    """Start with a source that brought a rule before anybody subscribed."""
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.round("2026-03-02T12:00Z")


def test_what_came_before_joining_is_told_on_request_and_marked(service: Deployment) -> None:
    begun(service)
    said = service.subscribe("ip@acme.example", "US", now="2026-03-04T12:00Z", recent="7").out
    assert "1 earlier items" in said
    service.source.answers["/us.xml"] = rss(LATER, RULE)
    service.round("2026-03-05T12:00Z")
    service.round("2026-03-06T08:01Z")

    (first,) = service.mails("ip@acme.example")[:1]
    assert "Final rule on trademark fees" in text_of(first)
    assert "From before you joined" in text_of(first)
    (second,) = service.mails("ip@acme.example")[1:] or [first]
    assert "Final rule on patent fees" in text_of(second)

    again = service.subscribe("ip@acme.example", "US", now="2026-03-06T12:00Z", recent="7").out
    assert "0 earlier items" in again
    told = len(service.mails("ip@acme.example"))
    service.round("2026-03-07T08:01Z")
    assert len(service.mails("ip@acme.example")) == told, "nothing is told twice"


def test_without_the_wish_nothing_from_before_is_told(service: Deployment) -> None:
    begun(service)
    service.subscribe("ip@acme.example", "US", now="2026-03-04T12:00Z")
    service.round("2026-03-05T08:01Z")

    assert service.mails("ip@acme.example") == []


def test_of_the_immediate_rhythm_it_is_one_digest_and_no_flood(service: Deployment) -> None:
    begun(service)
    service.source.answers["/us.xml"] = rss(LATER, RULE)
    service.round("2026-03-05T12:00Z")
    service.subscribe("ip@acme.example", "US", now="2026-03-05T13:00Z", rhythm="immediate", recent="7")
    service.round("2026-03-05T13:05Z")
    service.round("2026-03-05T14:05Z")

    (mail,) = service.mails("ip@acme.example")
    assert text_of(mail).count("From before you joined") == 2


def test_more_than_a_month_is_refused_and_nothing_is_entered(service: Deployment) -> None:
    begun(service)
    said = service.alerts("subscribe", "a@acme.example", "--company", "A", "--region", "US", "--recent", "31")

    assert (said.code, "--recent" in said.err, "30" in said.err) == (2, True, True)
    assert service.good("companies", "export").out.count("a@acme.example") == 0
