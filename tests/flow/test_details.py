"""The own page of a new item: read where the feed asks for it, once, and never at the cost of the item."""

from tests.deployment import Deployment, Entry, rss
from tests.servers import Answer

HTML = {"Content-Type": "text/html; charset=utf-8"}
LIST = "<html><head><title>Notices</title></head><body><ul>{rows}</ul></body></html>"
PAGE = """<html lang="en"><head><title>Site</title></head><body><nav>Menu</nav><h1>{title}</h1><time class="d" datetime="2026-03-0{n}">soon</time>
<div class="text"><p>Examination guidelines for trademark applications number {n} change: applicants must appoint a local attorney.</p></div></body></html>"""


def listed(*numbers: int, tail: str = "") -> Answer:
    rows = "".join(
        f"<li><a href='/n/{n}.html'>Notice number {n} on trademarks{tail}</a></li>" for n in numbers
    )
    return Answer(body=LIST.format(rows=rows).encode(), headers=HTML)


def page(n: int) -> Answer:
    return Answer(body=PAGE.format(n=n, title=f"The whole title of notice {n}").encode(), headers=HTML)


def feeds(service: Deployment, detail: str = "{text: div.text, date: time.d, title: h1, most: 2}") -> None:
    service.feeds(
        f"id: office\nname: {{en: Office, zh-Hans: 局}}\ntype: page\nurl: {service.source.url('/list')}\njurisdiction: GB\n"
        f"carries: both\nallow_private_networks: true\npage: {{rows: li}}\ndetail: {detail}"
    )


def asked(service: Deployment) -> list[str]:
    return [seen.target for seen in service.source.requests if seen.target.startswith("/n/")]


def items(service: Deployment) -> dict[str, dict[str, object]]:
    return {str(one["url"])[-6:]: one for one in service.good("items", "--all", "--format", "json").lines}


def test_new_items_take_text_date_and_title_from_their_own_page_once(service: Deployment) -> None:
    service.source.answers |= {"/list": listed(1), "/n/1.html": page(1), "/n/2.html": page(2)}
    feeds(service)
    service.round("2026-03-05T10:00Z")
    service.source.answers["/list"] = listed(2, 1)
    service.round("2026-03-06T12:00Z")
    service.source.answers["/list"] = Answer(body=listed(2, 1).body + b"<!-- again -->", headers=HTML)  # type: ignore[operator]
    service.round("2026-03-07T14:00Z")

    assert asked(service) == ["/n/1.html", "/n/2.html"]
    found = items(service)
    assert found["2.html"]["title"] == "The whole title of notice 2"
    assert "local attorney" in str(found["2.html"]["summary"]) and "Menu" not in str(
        found["2.html"]["summary"]
    )
    assert found["2.html"]["published"] == "2026-03-02T00:00:00Z"
    assert [one["revision"] for one in found.values()] == [1, 1]


def test_a_row_that_changes_has_its_page_read_again(service: Deployment) -> None:
    service.source.answers |= {"/list": listed(1), "/n/1.html": page(1)}
    feeds(service)
    service.round("2026-03-05T10:00Z")
    service.source.answers["/list"] = listed(1, tail=" (corrected)")
    service.round("2026-03-06T12:00Z")

    assert asked(service) == ["/n/1.html"] * 2
    (one,) = items(service).values()
    assert one["revision"] == 2 and "local attorney" in str(one["summary"])


def test_no_more_pages_are_asked_for_than_allowed_and_the_items_are_all_there(service: Deployment) -> None:
    service.source.answers |= {"/list": listed(1, 2, 3, 4)} | {f"/n/{n}.html": page(n) for n in range(1, 5)}
    feeds(service)
    service.round("2026-03-05T10:00Z")

    assert asked(service) == ["/n/1.html", "/n/2.html"]
    assert len(items(service)) == 4


def test_a_page_that_cannot_be_had_or_read_costs_its_item_nothing(service: Deployment) -> None:
    check = Answer(body=b"<html><title>Just a moment...</title><body>x</body></html>", headers=HTML)
    service.source.answers |= {"/list": listed(1, 2, 3, 4), "/n/1.html": Answer(500), "/n/2.html": check}
    feeds(service, "{text: div.text, most: 10}")
    service.round("2026-03-05T10:00Z")

    found = items(service)
    assert sorted(str(one["title"]) for one in found.values()) == [
        f"Notice number {n} on trademarks" for n in range(1, 5)
    ]
    assert asked(service) == ["/n/1.html", "/n/2.html"]  # two failures in a row: the site is left alone


def test_robots_txt_is_honoured_for_the_pages_of_items(service: Deployment) -> None:
    robots = Answer(body=b"User-agent: *\nDisallow: /n/", headers={"Content-Type": "text/plain"})
    service.source.answers |= {"/robots.txt": robots, "/list": listed(1), "/n/1.html": page(1)}
    feeds(service)
    service.round("2026-03-05T10:00Z")

    assert asked(service) == []
    assert len(items(service)) == 1


def test_a_plain_feed_is_asked_for_nothing_but_itself_unless_it_says_so(service: Deployment) -> None:
    link = service.source.url("/n/1.html")
    entry = Entry("Notice on trademarks", "g1", "Mon, 02 Mar 2026 09:00:00 GMT", "Short.", link)
    service.source.answers |= {"/us.xml": rss(entry), "/n/1.html": page(1)}
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.round("2026-03-05T10:00Z")
    assert {seen.target for seen in service.source.requests} == {"/us.xml"}

    service.feeds(service.feed("us2", "US", "/us.xml", detail="{text: div.text}"))
    service.round("2026-03-06T12:00Z")
    assert asked(service) == ["/n/1.html"]
    summaries = [str(one["summary"]) for one in service.good("items", "--all", "--format", "json").lines]
    assert [("local attorney" in text) for text in summaries] == [True, False]
