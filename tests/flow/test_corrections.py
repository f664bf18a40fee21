"""A notice that changes: those who were told are told the change, once; nobody else is, and a comma is no change."""

from dataclasses import replace

from tests.deployment import Deployment, Entry, rss, text_of

RULE = Entry(
    "Final rule on trademark fees", "r1", "Mon, 02 Mar 2026 09:00:00 GMT",
    "The final rule on trademark fees is effective May 4, 2026.",
)  # fmt: skip
MOVED = replace(RULE, summary="The final rule on trademark fees is effective June 1, 2026.")


def told(service: Deployment) -> None:
    """Two days: the feed is watched, the rule appears and is told to the first reader."""
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.subscribe("early@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")


def test_a_moved_date_is_told_to_those_who_were_told_the_old_one(service: Deployment) -> None:
    told(service)
    service.subscribe("late@acme.example", "GB", now="2026-03-03T09:00Z")
    service.source.answers["/us.xml"] = rss(MOVED)
    service.round("2026-03-03T12:00Z")
    service.round("2026-03-04T08:00Z")
    service.round("2026-03-05T08:00Z")

    first, second = service.mails("early@acme.example")
    assert "4 May 2026" in text_of(first)
    assert "1 June 2026" in text_of(second)
    assert "corrected" in second["Subject"]
    assert "you were told an earlier version" in " ".join(text_of(second).split())
    assert "What kind of change: date moved" in text_of(second)
    assert (
        second["In-Reply-To"] == second["References"] == first["Message-ID"] and first["In-Reply-To"] is None
    )
    (item,) = service.good("items", "--format", "json").lines
    assert item["change"] == "date-moved"
    assert service.mails("late@acme.example") == []


def test_a_cosmetic_change_is_stored_and_told_to_nobody(service: Deployment) -> None:
    told(service)
    service.source.answers["/us.xml"] = rss(
        replace(RULE, summary=RULE.summary.replace("fees is", "fees, is").upper())
    )
    service.round("2026-03-03T12:00Z")
    service.round("2026-03-04T08:00Z")

    assert len(service.mails()) == 1
    (item,) = service.good("items", "--format", "json").lines
    assert (item["revision"], item["change"]) == (2, "cosmetic")


def test_a_text_that_says_more_is_told_to_those_who_were_told_the_old_one(service: Deployment) -> None:
    told(service)
    more = replace(RULE, summary=RULE.summary + " Applicants abroad must now appoint a local attorney.")
    service.source.answers["/us.xml"] = rss(more)
    service.round("2026-03-03T12:00Z")
    service.round("2026-03-04T08:00Z")

    _, second = service.mails("early@acme.example")
    assert "corrected" in second["Subject"] and "local attorney" in text_of(second)


def test_an_identifier_that_another_entry_takes_for_a_while_repeats_nothing(service: Deployment) -> None:
    told(service)
    other = replace(RULE, title="Another rule on design fees", summary="It is about designs.")
    for day, entries in enumerate(([other, RULE], [other, RULE], [RULE]), 3):
        service.source.answers["/us.xml"] = rss(*entries)
        service.round(f"2026-03-{day:02}T12:00Z")
        service.round(f"2026-03-{day + 1:02}T08:00Z")

    assert len(service.good("items", "--format", "json").lines) == 2
    mails = service.mails("early@acme.example")
    assert len(mails) == 2 and "Another rule" in text_of(mails[1]) and "Final rule" not in text_of(mails[1])


def test_a_change_before_the_digest_is_told_once_in_its_newest_form(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.subscribe("early@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-02T08:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.round("2026-03-02T12:00Z")
    service.source.answers["/us.xml"] = rss(MOVED)
    service.round("2026-03-02T15:00Z")
    service.round("2026-03-03T08:00Z")

    (mail,) = service.mails()
    assert "1 June 2026" in text_of(mail)
    assert "4 May 2026" not in text_of(mail)


def test_a_withdrawal_that_is_withdrawn_is_told_too(service: Deployment) -> None:
    told(service)
    service.source.answers["/us.xml"] = rss(MOVED)
    service.round("2026-03-03T12:00Z")
    service.round("2026-03-04T08:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.round("2026-03-04T12:00Z")
    service.round("2026-03-05T08:00Z")

    dates = ["4 May 2026" in text_of(mail) for mail in service.mails("early@acme.example")]
    assert dates == [True, False, True]


def test_a_withdrawn_notice_is_told_as_withdrawn_and_a_third_text_stays_in_the_thread(
    service: Deployment,
) -> None:
    told(service)
    gone = replace(RULE, summary=RULE.summary + " The rule has been withdrawn.")
    for day, entry in enumerate((MOVED, gone), 3):
        service.source.answers["/us.xml"] = rss(entry)
        service.round(f"2026-03-{day:02}T12:00Z")
        service.round(f"2026-03-{day + 1:02}T08:00Z")

    first, second, third = service.mails("early@acme.example")
    assert "What kind of change: withdrawn" in text_of(third)
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
