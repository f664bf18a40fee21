"""Messages as they reach a reader: everything said, in both languages, in both parts, safely."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.deliver import encode, sender_of
from alerts.domain.digests import AlertLine, CoverageLine, Message
from alerts.domain.errors import RenderError
from alerts.domain.items import Contrary, Obligation
from alerts.domain.text import display_width
from alerts.domain.vocabulary import Language, Role, Severity
from alerts.render import HTML_BYTES, Renderer
from alerts.render.message import travelling_size
from tests.colours import contrast
from tests.digests import COVERAGE, LINKS, NOW, a_claim, a_digest, a_line

RENDERER = Renderer(operator="Chamber of Example")
LANGUAGES = pytest.mark.parametrize("language", list(Language))
LIMIT = 96 * 1024
ALPHABET = ("AR", "AT", "AU", "BE", "BR", "CA", "CH", "CN", "CZ", "DE", "DK", "ES", "FI", "FR")
HOSTILE = [
    "<script>alert(1)</script>", "</p></td><img src=x onerror=y>", "{{ 7*7 }}{% raw %}", "nul\x00", "a\u2028b",
    "\u202eevil", "x" * 10_000, "中" * 10_000, "%(day)s %s %", "&amp; & \"'", "\u200b\u200b", "\ud800",
]  # fmt: skip


class Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href" and value:
                self.links.append(value)
            if name in ("src", "background", "srcset", "poster", "data"):
                self.loaded.append(value or "")


def read(html: str) -> Links:
    page = Links()
    page.feed(html)
    return page


def digest_of(*lines: AlertLine, language: Language = Language.ENGLISH) -> Message:
    return RENDERER.digest_message(a_digest(*lines, language=language), LINKS)


def many(
    number: int, title: str = "Notice on portable power stations", summary: str = "Text. "
) -> list[AlertLine]:
    """Return lines whose titles share no form, so that none of them speaks for another."""
    levels, codes = list(Severity), ["".join(chr(97 + int(digit)) for digit in str(n)) for n in range(number)]
    return [
        a_line(
            n,
            levels[n % 4],
            title=f"{title} {codes[n]}",
            summary=summary,
            jurisdiction=("US", "EM", "CN")[n % 3],
        )
        for n in range(number)
    ]


def encoded_html(message: Message) -> bytes:
    return encode(a_claim(message), sender_of("alerts@alerts.example")).partition(b"text/html")[2]


@LANGUAGES
@pytest.mark.parametrize("number", [0, 1, 50, 500])
def test_a_digest_of_any_size_fits_and_says_what_it_leaves_out(language: Language, number: int) -> None:
    message = digest_of(
        *many(number, "关于便携式储能电源的通知" * 12, "征求意见稿全文。" * 200), language=language
    )

    shown = message.text.count("https://www.office.example/notices/")
    assert len(encoded_html(message)) <= LIMIT
    assert travelling_size(message.html) <= HTML_BYTES
    assert (str(number - shown) in message.text) is (shown < number) or shown == number
    assert shown >= min(number, 40)  # titles of 240 columns, the longest


@LANGUAGES
def test_a_usual_digest_of_fifty_leaves_nothing_out(language: Language) -> None:
    message = digest_of(*many(50, summary="The office publishes a rule. " * 10), language=language)

    assert message.text.count("https://www.office.example/notices/") == 50


def test_a_full_digest_keeps_the_summaries_of_severe_items_longest() -> None:
    message = digest_of(
        *many(50, "关于便携式储能电源的通知", "征求意见稿全文。" * 200), language=Language.CHINESE
    )
    lengths: dict[str, set[int]] = {"特别重大": set(), "一般": set()}
    for item in re.split(r"(?=<p class=\"mt\"[^>]*><b )", message.html)[1:]:
        word = re.findall("特别重大|重大|较大|一般", item)[0]
        lengths.setdefault(word, set()).add(item.count("征求意见稿全文"))

    assert min(lengths["特别重大"]) > max(lengths["一般"])


@LANGUAGES
def test_both_parts_lead_to_the_same_items(language: Language) -> None:
    message = digest_of(*many(20), language=language)
    own = {LINKS.unsubscribe, LINKS.manage, LINKS.archive, LINKS.site}

    assert set(re.findall(r"https://\S+", message.text)) - own == set(read(message.html).links) - own


@LANGUAGES
def test_the_text_part_keeps_to_its_columns_and_has_no_hidden_characters(language: Language) -> None:
    message = digest_of(*many(20, "知识产权局公告 on trade marks" * 5), language=language)

    for line in message.text.splitlines():
        assert display_width(line) <= 76 or "https://" in line, line
    assert not re.search("[\u200b-\u200f\u2060\ufeff\u202a-\u202e]", message.text)


@LANGUAGES
def test_nothing_is_loaded_and_no_address_is_foreign(language: Language) -> None:
    message = digest_of(*many(8), language=language)
    page = read(message.html)

    assert page.loaded == []
    assert not page.tags & {"script", "img", "link", "iframe", "form", "object"}
    assert all(re.match(r"https://(alerts\.example\.org|www\.office\.example)/", link) for link in page.links)
    assert not re.search(r"url\(|@import", message.html)


@LANGUAGES
def test_leaving_and_managing_stand_at_the_top_and_at_the_end(language: Language) -> None:
    html = digest_of(*many(50), language=language).html
    top = html[html.index("<body") :][:4096]

    for link in (LINKS.unsubscribe, LINKS.manage):
        assert link in top
        assert link in html[-2500:]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (Language.ENGLISH, ["IP Risk Alerts is run by Chamber of Example", "every day because Lumina Energy signed up", "Change what you get", "Unsubscribe", "Read it at office.example"]),
        (Language.CHINESE, ["“知识产权风险预警”由Chamber of Example运营", "Lumina Energy订阅了本服务", "修改订阅内容与时间", "退订", "查看原文（office.example）"]),
    ],
)  # fmt: skip
def test_a_first_time_reader_learns_who_why_how_to_change_how_to_leave_and_where_it_stands(
    language: Language, sentences: list[str]
) -> None:
    message = digest_of(a_line(1), language=language)

    assert all(sentence in message.html for sentence in sentences)
    plain = "".join(message.text.split())
    assert all("".join(sentence.split()) in plain for sentence in sentences[:4])


@LANGUAGES
@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_words_of_a_source_stay_words(language: Language, bad: str) -> None:
    line = a_line(1, title=bad, summary=bad, publisher=bad)
    line = replace(line, reasons=(replace(line.reasons[0], facet="term", value=bad, because=bad),))
    message = RENDERER.digest_message(a_digest(line, language=language, company=bad), LINKS)

    raw = encode(a_claim(message), sender_of("alerts@alerts.example"))
    assert not read(message.html).tags & {"script", "img"}
    assert "49" not in message.html.replace("#495", "")
    assert not re.search("[\x00\u2028\u202a-\u202e]", message.text + message.html + message.subject)
    assert display_width(message.subject) <= 60
    assert raw.isascii()


@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=80))
@settings(max_examples=40)
def test_any_words_of_a_source_make_a_message(title: str, summary: str, publisher: str) -> None:
    message = digest_of(a_line(1, title=title, summary=summary, publisher=publisher))

    assert "\n" not in message.subject
    assert display_width(message.subject) <= 60
    assert LINKS.unsubscribe in message.text


@pytest.mark.parametrize(
    "url",
    [
        None,
        "javascript:alert(1)",
        "ftp://a.example/",
        "https://",
        "https://[",
        'https://a.example/"x',
        "//a.example/",
    ],
)
def test_an_address_that_is_no_web_address_is_not_linked(url: str | None) -> None:
    message = digest_of(a_line(1, url=url))

    assert all(link.startswith("https://alerts.example.org/") for link in read(message.html).links)
    assert "Notice 1" in message.html


def test_the_host_of_a_link_is_shown_as_it_is() -> None:
    message = digest_of(a_line(1, url="https://uspto.gov.evil.example/x"))

    assert "Read it at uspto.gov.evil.example" in message.html


def test_the_subject_says_how_many_how_severe_and_where() -> None:
    message = digest_of(a_line(1, Severity.CRITICAL), a_line(2, Severity.LOW, jurisdiction="JP"))

    assert message.subject == "2 IP notices, 1 critical: United States, Japan"


def test_the_subject_names_whole_places_only() -> None:
    codes = ("US", "JP", "CN", "DE", "FR", "VN", "TH")
    message = digest_of(*(a_line(n, Severity.LOW, jurisdiction=code) for n, code in enumerate(codes)))

    assert message.subject == "7 IP notices: China, France, Germany, Japan, Thailand, …"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (Language.ENGLISH, "1 IP notice: European Union"),
        (Language.CHINESE, "1条知识产权信息：欧洲联盟"),
    ],
)
def test_the_subject_leaves_out_abbreviations_which_filters_take_for_shouting(
    language: Language, subject: str
) -> None:
    line = a_line(1, Severity.LOW, jurisdiction="EM")
    assert digest_of(line, language=language).subject == subject
    alert = RENDERER.alert_message(a_digest(line, language=language, slot="item:1:1"), LINKS)
    assert (
        subject.rpartition("：" if "：" in subject else ": ")[2] in alert.subject
        and "EUIPO" not in alert.subject
    )


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (Language.ENGLISH, "[critical] United States: Notice 1 on portable power station"),
        (Language.CHINESE, "[特别重大] 美国：Notice 1 on portable power stations"),
    ],
)
def test_an_alert_says_severity_jurisdiction_and_title(language: Language, subject: str) -> None:
    line = a_line(1, Severity.CRITICAL)
    message = RENDERER.alert_message(a_digest(line, language=language, slot="item:1:1"), LINKS)

    assert message.subject[:58] == subject[:58]
    assert display_width(message.subject) <= 60
    assert ("Importance", "high") in message.headers
    assert line.stored.item.summary in message.html
    assert len(message.html) < 16_000


def test_only_critical_alerts_are_marked_important() -> None:
    message = RENDERER.alert_message(a_digest(a_line(1, Severity.HIGH), slot="item:1:1"), LINKS)

    assert "Importance" not in dict(message.headers)


def test_an_identifier_leads_to_its_official_page_in_text_too_where_the_line_is_short() -> None:
    line = a_line(1)
    named = ("C-123/26", "337-TA-1501", "G/TBT/N/CHN/1234", "D2026-1234")
    judged = replace(line.stored.judgement, identifiers=named)
    message = digest_of(replace(line, stored=replace(line.stored, judgement=judged)))

    assert ">C-123/26</a>, 337-TA-1501, <a " in message.html
    assert "https://docs.wto.org/" in message.html and "https://docs.wto.org/" not in message.text
    assert (
        "  D2026-1234: https://www.wipo.int/amc/en/domains/search/text.jsp?case=D2026-1234\n"
        not in message.text
    )
    assert set(
        re.findall(
            r"https://(?:www\.wipo|curia|docs)\S+", message.html.replace("&amp;", "&").replace('"', " ")
        )
    ) == {
        "https://curia.europa.eu/juris/liste.jsf?num=C-123/26&language=en",
        "https://www.wipo.int/amc/en/domains/search/text.jsp?case=D2026-1234",
        "https://docs.wto.org/dol2fe/Pages/FE_Search/FE_S_S006.aspx?Query=(@Symbol=G/TBT/N/CHN/1234)&Language=ENGLISH",
    }
    short = replace(line.stored.judgement, identifiers=("UKSI 2026/123",))
    text = digest_of(replace(line, stored=replace(line.stored, judgement=short))).text
    assert "\n  UKSI 2026/123: https://www.legislation.gov.uk/uksi/2026/123\n" in text


def test_an_alert_of_two_items_is_refused() -> None:
    with pytest.raises(RenderError, match="has 2"):
        RENDERER.alert_message(a_digest(a_line(1), a_line(2)), LINKS)


def with_dues(*dues: Obligation) -> AlertLine:
    line = a_line(1)
    return replace(
        line, stored=replace(line.stored, judgement=replace(line.stored.judgement, obligations=dues))
    )


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        (0, "today", "今天"),
        (1, "in 1 day", "还有1天"),
        (30, "in 30 days", "还有30天"),
        (-1, "1 day ago", "1天前"),
    ],
)
def test_a_date_says_how_far_off_it_is(days: int, english: str, chinese: str) -> None:
    due = Obligation(Role.COMMENTS_CLOSE, date(2026, 11, 22) + timedelta(days=days), stated=True, basis="x")

    assert f"comments close · {english}" in digest_of(with_dues(due)).text
    assert f"意见征集截止 · {chinese}" in digest_of(with_dues(due), language=Language.CHINESE).text


def test_the_box_of_dates_holds_the_soonest_and_nothing_past() -> None:
    today = date(2026, 11, 22)
    dues = [
        Obligation(Role.IN_FORCE, today + timedelta(days=days), stated=True, basis="x")
        for days in (40, -3, 7)
    ]
    text = digest_of(with_dues(*dues)).text
    box = text[text.index("Dates ahead") : text.index("=====")]

    assert box.index("29 November 2026") < box.index("1 January 2027")
    assert "19 November 2026" not in box


def test_a_computed_date_names_its_rule() -> None:
    due = Obligation(
        Role.OPPOSITION_ENDS, date(2027, 2, 1), stated=False, basis="Regulation (EU) 2017/1001, article 46"
    )

    assert "computed by: Regulation (EU) 2017/1001, article 46" in digest_of(with_dues(due)).html


def test_a_date_of_a_field_that_the_text_contradicts_shows_both() -> None:
    due = Obligation(
        Role.COMMENTS_CLOSE, date(2027, 2, 1), stated=True, basis="field comments_close_on",
        against=(Contrary(date(2027, 1, 4), "comments are due January 4"),),
    )  # fmt: skip
    english, chinese = digest_of(with_dues(due)), digest_of(with_dues(due), language=Language.CHINESE)

    assert "1 February 2027" in english.text and "its text says 4 January 2027" in " ".join(
        english.text.split()
    )
    assert "its text says 4 January 2027" in english.html
    assert "其正文写作2027年1月4日" in chinese.html


def test_a_changed_notice_says_so() -> None:
    line = a_line(1)
    line = replace(line, stored=replace(line.stored, number=2, changed_at=NOW))

    assert "The source changed this notice on 22 November 2026." in digest_of(line).html


def test_coverage_tells_what_was_read_what_was_dark_and_where_nothing_is() -> None:
    message = digest_of(a_line(1))

    assert "4 of 4 sources read" in message.html
    assert "em-eurlex: could not be read since 19 November 2026" in message.html
    assert "Thailand and Viet Nam" in message.html


def test_a_silent_source_is_named_in_both_languages_and_never_folded_away() -> None:
    quiet = CoverageLine(
        "JP", 1, 1, NOW, NOW, silent=(("jp-jpo", NOW, timedelta(days=3)), ("jp-x", NOW, None))
    )
    english = digest_of_coverage(quiet)
    assert "1 of 1 source read" in english.text
    assert (
        "jp-jpo: readable, but nothing new since 22 November 2026, usually something every 3 days"
        in " ".join(english.text.split())
    )
    assert "jp-x: readable, but nothing new since 22 November 2026" in english.html
    chinese = digest_of_coverage(quiet, Language.CHINESE)
    assert "jp-jpo：可以读取，但自2026年11月22日起没有新条目，通常每3天有新条目" in "".join(
        chinese.text.split()
    )


def digest_of_coverage(line: CoverageLine, language: Language = Language.ENGLISH) -> Message:
    digest = replace(a_digest(a_line(1), language=language), coverage=(line,))
    return Renderer().digest_message(digest, LINKS)


def test_a_feed_is_called_by_its_name_in_the_readers_language() -> None:
    names = {"em-eurlex": "欧盟法律数据库", "us-office": "美国官方公报"}
    renderer = Renderer(
        feed_name=lambda feed, language: names[feed] if language is Language.CHINESE else None
    )

    chinese = renderer.digest_message(a_digest(a_line(1), language=Language.CHINESE), LINKS)
    english = renderer.digest_message(a_digest(a_line(1)), LINKS)

    assert "欧盟法律数据库：自2026年11月19日起无法读取" in chinese.text
    assert "美国官方公报" in chinese.html
    assert "The Office" in english.html


def test_a_reader_of_the_whole_world_gets_all_dark_lines_and_a_short_rest() -> None:
    read_lines = tuple(CoverageLine(code, 1, 1, NOW, NOW) for code in ALPHABET)
    dark = tuple(CoverageLine(code, 1, 0, NOW, NOW, ((f"feed-{code}", NOW),)) for code in ("IN", "JP"))
    bare = CoverageLine("AF", 0, 0, None, None, also=tuple(f"X{n}" for n in range(150)))
    digest = replace(a_digest(a_line(1)), coverage=(dark[0], *read_lines, dark[1], bare))

    text = RENDERER.digest_message(digest, LINKS).text

    assert "feed-IN" in text
    assert "feed-JP" in text
    assert "Also read in full" in text
    assert "151 of your jurisdictions have no source yet" in " ".join(text.split())


def test_an_empty_digest_still_tells_what_was_watched() -> None:
    message = RENDERER.digest_message(a_digest(), LINKS)

    assert message.subject == "No new IP notices"
    assert "Nothing new in your jurisdictions" in message.html
    assert "4 of 4 sources read" in message.text
    assert COVERAGE


def test_the_reader_brings_the_list_headers() -> None:
    assert digest_of(a_line(1)).headers == (
        ("List-Unsubscribe", f"<{LINKS.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", f"<{LINKS.manage}>"),
        ("List-Subscribe", f"<{LINKS.site}subscribe>"),
        ("List-Archive", f"<{LINKS.archive}>"),
    )


def test_rendering_twice_gives_the_same_message() -> None:
    assert digest_of(*many(10)) == Renderer(operator="Chamber of Example").digest_message(
        a_digest(*many(10)), LINKS
    )


@LANGUAGES
def test_the_language_is_marked_for_readers_and_for_screen_readers(language: Language) -> None:
    message = digest_of(a_line(1, language="de"), language=language)

    assert message.language == language.value
    assert f'<html lang="{language.value}" dir="ltr"' in message.html
    assert '<h3 class="h2" lang="de"' in message.html


def test_an_operators_template_wins_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "email" / "digest").mkdir(parents=True)
    (tmp_path / "email" / "digest" / "subject.txt").write_text("Ours: {{ view.subject }}")
    message = Renderer(tmp_path).digest_message(a_digest(a_line(1)), LINKS)

    assert message.subject.startswith("Ours: 1 IP notice")
    assert "Notice 1" in message.html


@pytest.mark.parametrize(
    "source", ["{{ view.nothing }}", "{% if %}", "{{ view.__class__.__mro__ }}", "{% include 'x' %}"]
)
def test_an_operators_broken_or_prying_template_is_a_fault_with_a_name_and_the_shipped_one_speaks(
    tmp_path: Path, source: str
) -> None:
    (tmp_path / "email" / "digest").mkdir(parents=True)
    (tmp_path / "email" / "digest" / "subject.txt").write_text(source)

    renderer = Renderer(tmp_path)
    message = renderer.digest_message(a_digest(a_line(1)), LINKS)

    assert message == Renderer().digest_message(a_digest(a_line(1)), LINKS)
    (fault,) = renderer.voices.faults
    assert "The template of digest is broken" in fault


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1b2733", "#ffffff"), ("#55626f", "#ffffff"), ("#12294b", "#ffffff"), ("#1a56c4", "#ffffff"),
        ("#ffffff", "#c62828"), ("#ffffff", "#c2410c"), ("#3a2d00", "#f6cf3b"), ("#ffffff", "#1d4ed8"),
        ("#b3261e", "#f5f7fa"), ("#b54708", "#f5f7fa"), ("#7a5b00", "#f5f7fa"), ("#1d4ed8", "#f5f7fa"),
        ("#7a2e06", "#fdebdd"), ("#3d2e00", "#fff8e6"), ("#5b4300", "#fff8e6"), ("#dce7f6", "#12294b"),
        ("#17703c", "#ffffff"), ("#a63c06", "#ffffff"), ("#ffffff", "#1a56c4"),
        ("#e8ecf0", "#182028"), ("#aeb9c4", "#182028"), ("#8fbcff", "#182028"), ("#f3e3b5", "#2a2415"),
        ("#ffd9b8", "#45240f"), ("#ff9a8f", "#202a34"), ("#ffb37a", "#202a34"), ("#f2d24b", "#202a34"),
        ("#8fbcff", "#202a34"), ("#7ed8a2", "#182028"), ("#e8ecf0", "#202a34"), ("#dce7f6", "#0b1f3a"),
        ("#ffffff", "#2f6fe4"),
    ],
)  # fmt: skip
def test_colours_that_are_used_together_can_be_read(ink: str, paper: str) -> None:
    message = RENDERER.digest_message(a_digest(*many(4), with_dues()), LINKS)
    alert = RENDERER.alert_message(a_digest(a_line(1, Severity.CRITICAL), slot="item:1:1"), LINKS)

    assert contrast(ink, paper) >= 4.5
    assert {ink, paper} <= set(re.findall(r"#[0-9a-f]{6}", message.html + alert.html))
