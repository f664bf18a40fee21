"""Readers who are away, asleep or on holiday lose nothing, and are not woken."""

from tests.deployment import Deployment, Entry, rss, text_of

ORDER = "USITC issues limited exclusion order in section 337 investigation 337-TA-{}"
RULE = "Final rule on trademark fees {}"


def entry(title: str, guid: str, published: str) -> Entry:
    return Entry(title, guid, published, "The trademark office changes the rules.")


def begun(service: Deployment, **options: str) -> None:
    """Start with a source whose back catalogue is told to nobody."""
    service.source.answers["/us.xml"] = rss(
        entry("Old rule on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")
    )
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", **options)
    service.round("2026-03-01T10:00Z")


def test_a_pause_ends_with_one_digest_of_all_that_came(service: Deployment) -> None:
    begun(service)
    said = service.good("pause", "ip@acme.example", "--until", "2026-03-06", "--now", "2026-03-01T12:00Z")
    assert "2026-03-06 08:00 UTC" in said.out
    shown = []
    for day in (2, 3, 4):
        shown += [
            entry(RULE.format(day), f"r{day}", f"0{day} Mar 2026 09:00:00 GMT"),
            entry(ORDER.format(1300 + day), f"o{day}", f"0{day} Mar 2026 09:00:00 GMT"),
        ]
        service.source.answers["/us.xml"] = rss(*shown)
        service.round(f"2026-03-0{day}T12:00Z")
    assert service.mails() == [], "a pause holds what is critical, too"

    service.round("2026-03-06T08:01Z")

    (mail,) = service.mails()
    assert all(f"337-TA-{1300 + day}" in text_of(mail) for day in (2, 3, 4))
    service.round("2026-03-07T08:01Z")
    assert len(service.mails()) == 1


def test_resuming_early_tells_at_the_next_hour(service: Deployment) -> None:
    begun(service)
    service.good("pause", "ip@acme.example", "--until", "2026-04-01", "--now", "2026-03-01T12:00Z")
    service.source.answers["/us.xml"] = rss(entry(RULE.format(1), "r1", "02 Mar 2026 09:00:00 GMT"))
    service.round("2026-03-02T12:00Z")

    service.good("resume", "ip@acme.example", "--now", "2026-03-03T12:00Z")
    service.round("2026-03-04T08:01Z")

    assert len(service.mails()) == 1
    assert "not paused" in service.alerts("resume", "ip@acme.example", "--now", "2026-03-05T12:00Z").err


def test_quiet_hours_are_broken_by_what_is_critical_only(service: Deployment) -> None:
    begun(service, rhythm="immediate", quiet="22:00-07:00")
    service.source.answers["/us.xml"] = rss(
        entry(RULE.format(1), "r1", "02 Mar 2026 22:30:00 GMT"),
        entry(ORDER.format(1301), "o1", "02 Mar 2026 22:30:00 GMT"),
    )

    service.round("2026-03-02T23:00Z")
    (mail,) = service.mails()
    assert "337-TA-1301" in text_of(mail)

    service.round("2026-03-03T07:01Z")
    assert len(service.mails()) == 2
    assert "trademark fees" in text_of(service.mails()[1])


def test_a_working_day_is_one_of_the_readers_own_calendar(service: Deployment) -> None:
    begun(service, rhythm="working-days", calendar="CN", tz="Asia/Shanghai")
    service.round("2026-09-30T01:00Z")
    service.source.answers["/us.xml"] = rss(entry(RULE.format(1), "r1", "30 Sep 2026 12:00:00 GMT"))
    service.round("2026-09-30T12:00Z")

    (quiet,) = service.mails("ip@acme.example")
    assert "Nothing new for you" in str(quiet["Subject"]), "half a year without news, told on a working day"
    for day in range(1, 8):  # the week of the National Day
        service.round(f"2026-10-0{day}T01:00Z")
    assert len(service.mails("ip@acme.example")) == 1

    service.round("2026-10-08T01:00Z")
    assert len(service.mails("ip@acme.example")) == 2


def test_a_quiet_month_is_not_told_on_a_holiday(service: Deployment) -> None:
    begun(service, rhythm="working-days", calendar="CN", tz="Asia/Shanghai")
    service.round("2026-10-01T01:00Z")
    assert service.mails("ip@acme.example") == []

    service.round("2026-10-08T01:00Z")
    assert len(service.mails("ip@acme.example")) == 1


def test_what_cannot_be_kept_is_refused_with_a_sentence(service: Deployment) -> None:
    begun(service)
    enter = ("subscribe", "b@acme.example", "--company", "B", "--region", "US")

    assert "within the quiet hours" in service.alerts(*enter, "--quiet", "07:00-09:00").err
    assert "no public holidays" in service.alerts(*enter, "--calendar", "ZZ").err
    assert "no quiet hours" in service.alerts(*enter, "--quiet", "nine to five").err
    past = service.alerts("pause", "ip@acme.example", "--until", "2026-02-01", "--now", "2026-03-01T12:00Z")
    assert (past.code, "past" in past.err) == (2, True)
    assert service.alerts("pause", "nobody@acme.example", "--until", "2026-12-01").code == 2
