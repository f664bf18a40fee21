"""One event that several sources tell of: one entry, told once, in English and in Chinese; an editor has the last word."""

from dataclasses import replace

from tests.deployment import Deployment, Entry, rss, text_of

ORDER = Entry(
    "USITC issues limited exclusion order in section 337 investigation 337-TA-1399",
    "us-1", "Mon, 02 Mar 2026 15:00:00 GMT",
    "The Commission has issued a limited exclusion order against infringing patent-protected chargers.",
)  # fmt: skip
TWIN = Entry(
    "美国国际贸易委员会就337-TA-1399号调查发布有限排除令",
    "cn-1", "Mon, 02 Mar 2026 18:00:00 GMT",
    "美国国际贸易委员会在337-TA-1399号专利侵权调查中对侵权充电器发布有限排除令。",
)  # fmt: skip
CALM = Entry(
    "Patent office changes its filing form", "us-2", "Tue, 03 Mar 2026 15:00:00 GMT", "A new patent form."
)


def watched(service: Deployment, rhythm: str = "daily") -> None:
    service.source.answers["/us.xml"] = service.source.answers["/cn.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"), service.feed("cn", "CN", "/cn.xml"))
    service.subscribe("ip@acme.example", "US", "CN", now="2026-03-01T00:00Z", rhythm=rhythm)
    service.round("2026-03-01T10:00Z")


def test_a_critical_twin_is_not_told_at_once_but_stands_in_the_next_digest(service: Deployment) -> None:
    watched(service)
    service.source.answers["/us.xml"] = rss(ORDER)
    service.round("2026-03-02T15:05Z")
    service.source.answers["/cn.xml"] = rss(TWIN)
    service.round("2026-03-02T18:05Z")
    assert len(service.mails()) == 1
    service.round("2026-03-03T08:00Z")
    assert len(service.mails()) == 1, "a further source alone is no reason to write"

    service.source.answers["/us.xml"] = rss(CALM, ORDER)
    service.round("2026-03-03T16:00Z")
    service.round("2026-03-04T08:00Z")
    service.round("2026-03-05T08:00Z")

    _, digest = service.mails("ip@acme.example")
    text = " ".join(text_of(digest).split())
    assert "changes its filing form" in text and "337-TA-1399号" in text
    assert (
        "A further source of what you were told before." in text and "limited exclusion order in" not in text
    )
    assert "1 new notice on" in text


def test_twins_of_one_round_are_one_message(service: Deployment) -> None:
    watched(service)
    service.source.answers["/us.xml"], service.source.answers["/cn.xml"] = rss(ORDER), rss(TWIN)
    service.round("2026-03-02T18:05Z")
    service.round("2026-03-03T08:00Z")

    (mail,) = service.mails()
    text = text_of(mail)
    assert "Also reported by:" in text and "limited exclusion order" in text and "有限排除令" in text


def test_a_reader_of_everything_at_once_is_told_an_event_once(service: Deployment) -> None:
    watched(service, "immediate")
    service.source.answers["/us.xml"] = rss(ORDER)
    service.round("2026-03-02T15:05Z")
    service.source.answers["/cn.xml"] = rss(TWIN)
    service.round("2026-03-02T18:05Z")
    service.round("2026-03-03T18:05Z")

    assert len(service.mails()) == 1
    assert len(service.good("items", "--format", "json").lines) == 2


def test_a_twin_that_states_another_date_is_news(service: Deployment) -> None:
    watched(service)
    service.source.answers["/us.xml"] = rss(ORDER)
    service.round("2026-03-02T15:05Z")
    more = replace(TWIN, summary=TWIN.summary + "自2026年5月1日起施行。")
    service.source.answers["/cn.xml"] = rss(more)
    service.round("2026-03-02T18:05Z")

    assert len(service.mails()) == 2


def test_an_editor_lists_splits_and_joins_and_has_the_last_word(service: Deployment) -> None:
    watched(service)
    service.source.answers["/us.xml"], service.source.answers["/cn.xml"] = rss(ORDER), rss(TWIN)
    service.round("2026-03-02T18:05Z")

    (matter,) = service.good("matters", "list", "--format", "json").lines
    first, second = service.good("matters", "show", str(matter["id"]), "--format", "json").lines
    assert (first["how"], second["how"], second["because"]) == (None, "identifier", "337-ta-1399")
    number = str(second["item"])
    service.good("matters", "split", number, "--by", "anna", "--why", "another event")
    assert len(service.good("matters", "list", "--format", "json").lines) == 2
    service.good("matters", "join", str(first["item"]), number, "--by", "anna")
    (again,) = service.good("matters", "list", "--format", "json").lines
    assert again["items"] == 2
    assert "editor" in service.good("matters", "show", str(again["id"])).out


def test_an_editor_s_slips_get_a_sentence(service: Deployment) -> None:
    watched(service)
    for words, says in (
        (("show", "7"), "there is no matter 7"),
        (("split", "7"), "no item has the number 7"),
        (("join", "0", "1"), "no item has the number 0"),
        (("join", "1", "2", "--by", " "), "a name is needed"),
    ):
        outcome = service.alerts("matters", *words)
        assert outcome.code == 2 and says in outcome.err
