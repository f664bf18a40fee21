"""One notice, two subscribers, two languages."""

from tests.deployment import Deployment, Entry, html_of, rss, text_of

NOTICE = Entry(
    "Final rule on patent fees",
    "r1",
    "Mon, 02 Mar 2026 09:00:00 GMT",
    "The final rule sets patent fees, effective June 1, 2026.",
)


def test_each_reader_gets_the_same_notice_in_their_language(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss()
    service.feeds(
        service.feed("us-office", "US", "/us.xml").replace("zh-Hans: us-office", "zh-Hans: 美国专利商标局")
    )
    service.subscribe("en@acme.example", "US", now="2026-03-01T00:00Z")
    service.subscribe("zh@acme.example", "US", now="2026-03-01T00:00Z", language="zh-Hans")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(NOTICE)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")

    (english,), (chinese,) = service.mails("en@acme.example"), service.mails("zh@acme.example")
    assert NOTICE.title in text_of(english) and NOTICE.title in text_of(chinese)
    assert "United States" in html_of(english) and "美国" in html_of(chinese)
    assert "2026年6月1日" in text_of(chinese)
    assert 'lang="zh-Hans"' in html_of(chinese) and 'lang="en"' in html_of(english)
    assert "美国专利商标局" in text_of(chinese)
