"""Dates, lists and reasons as a reader of each language writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import RenderError
from alerts.domain.items import Dated
from alerts.domain.vocabulary import DateOrigin, Event, Language
from alerts.domain.watches import Reason
from alerts.render.reasons import reason_line
from alerts.render.words import Words, day_of

EN, ZH = Words(Language.ENGLISH), Words(Language.CHINESE)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_date_names_its_month() -> None:
    assert EN.date(date(2027, 1, 3)) == "3 January 2027"
    assert ZH.date(date(2027, 1, 3)) == "2027年1月3日"


def test_a_moment_is_shown_on_the_readers_clock() -> None:
    instant = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)

    assert EN.moment(instant, SHANGHAI) == "23 November 2026 07:05 (Asia/Shanghai)"
    assert ZH.moment(instant, SHANGHAI) == "2026年11月23日 07:05 (Asia/Shanghai)"


def test_a_list_is_joined_in_the_way_of_the_language() -> None:
    assert EN.joined(["Japan", "China"]) == "Japan and China"
    assert ZH.joined(["日本", "中国", "美国"]) == "日本、中国和美国"


def test_english_counts_one_and_many() -> None:
    assert EN.ngettext("in %(num)s day", "in %(num)s days", 1) == "in 1 day"
    assert EN.ngettext("in %(num)s day", "in %(num)s days", 2) == "in 2 days"
    assert ZH.ngettext("in %(num)s day", "in %(num)s days", 2) == "还有2天"


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Honolulu", "Pacific/Auckland", "UTC"]),
    st.sampled_from(["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]),
)
def test_a_day_without_an_hour_does_not_shift_for_a_reader_elsewhere(
    day: date, source: str, reader: str
) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(source)).astimezone(UTC)

    assert day_of(Dated(midnight, DateOrigin.SOURCE, day_only=True), ZoneInfo(reader)) == day


def test_a_day_with_an_hour_is_the_readers_day() -> None:
    dated = Dated(datetime(2026, 11, 22, 20, tzinfo=UTC), DateOrigin.SOURCE)

    assert day_of(dated, SHANGHAI) == date(2026, 11, 23)


def test_a_catalogue_that_is_not_there_is_a_fault_with_a_name() -> None:
    with pytest.raises(RenderError, match=r"nothing\.mo is missing"):
        Words(Language.ENGLISH, "nothing")


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        (Reason("region", "US", "US"), "United States", "美国"),
        (Reason("region", "DE", "DE", "asean"), "Germany (through your region ASEAN)", "德国（属于您关注的区域“东盟”）"),
        (Reason("region", "DE", "US"), "Germany (through United States)", "德国（因美国）"),
        (Reason("right", "patent", "patent"), "patent", "专利"),
        (Reason("right", "patent"), "about no right in particular", "不限特定权利"),
        (Reason("all", "all"), "your watch takes everything", "您的关注条件不限内容"),
        (Reason("kind", "legal-rule"), "legal rule", "法律规则"),
        (Reason("event", "customs"), EN.name(Event.CUSTOMS), "海关执法"),
        (Reason("severity", "high"), "high", "重大"),
        (Reason("term", "Anker", "Anker", where="title"), "names your watched term “Anker” in the title", "标题含有您关注的词语“Anker”"),
        (Reason("term", "Anker", where="summary"), "names your watched term “Anker” in the text", "正文含有您关注的词语“Anker”"),
        (Reason("term", "安克", "安克创新", where="title"), "“安克创新” in the title fits your watched term “安克”", "标题中的“安克创新”与您关注的词语“安克”相符"),
        (Reason("term", "Anker", "Ankers", where="summary"), "“Ankers” in the text fits your watched term “Anker”", "正文中的“Ankers”与您关注的词语“Anker”相符"),
        (Reason("correction", "1"), "you were told an earlier version", "您曾收到该信息的较早版本"),
        (Reason("unheard-of", "slug"), "slug", "slug"),
        (Reason("right", "unheard-of", "x"), "unheard-of", "unheard-of"),
    ],
)  # fmt: skip
def test_a_reason_reads_in_both_languages(reason: Reason, english: str, chinese: str) -> None:
    assert reason_line((reason,), EN) == english
    assert reason_line((reason,), ZH) == chinese


def test_reasons_stand_in_one_order_and_none_twice() -> None:
    reasons = (
        Reason("term", "Anker", "Anker", where="title"),
        Reason("right", "patent", "patent"),
        Reason("region", "US", "US"),
        Reason("right", "patent", "patent"),
    )

    assert reason_line(reasons, EN) == "United States · patent · names your watched term “Anker” in the title"


def test_a_watch_without_wishes_says_so() -> None:
    assert reason_line((), EN) == "your watch takes everything"
