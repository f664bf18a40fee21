"""Deadlines that are computed: from a text's own publication, and by the rules of law of the rule base."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import workdays
from alerts.classify import LexiconError, SourceContext, judge, load
from alerts.classify.periods import Period, Unit, WeekendsOnly, ends
from alerts.domain.items import Dated, Item, Obligation
from alerts.domain.vocabulary import DateOrigin

LEXICONS = load(None, workdays)


def judged(
    title: str, summary: str = "", on: str = "2026-03-02", place: str = "US", language: str = "en"
) -> tuple[Obligation, ...]:
    published = Dated(datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC), DateOrigin.SOURCE)
    item = Item("k", title, summary, None, language, None, place, published)
    return judge(item, SourceContext(place), LEXICONS).obligations


COUNTED = [
    ("en", "The trademark rule is effective 60 days after publication in the Federal Register.", "2026-05-01 in-force"),
    ("en", "Comments on the patent rule must be received within thirty (30) days of publication.", "2026-04-01 comments-close"),
    ("en", "This Regulation on trade marks shall enter into force on the twentieth day following that of its publication.", "2026-03-22 in-force"),
    ("en", "The patent directive enters into force on the day following its publication.", "2026-03-03 in-force"),
    ("en", "The trademark regulation takes effect upon publication.", "2026-03-02 in-force"),
    ("zh", "本专利办法自公布之日起施行。", "2026-03-02 in-force"),
    ("zh", "本商标办法自发布之日起30日后施行。", "2026-04-01 in-force"),
    ("zh", "商标规定自公布之日起三个月后生效。", "2026-06-02 in-force"),
    ("ja", "この特許政令は、公布の日から施行する。", "2026-03-02 in-force"),
    ("ja", "商標法改正は公布の日から起算して三月を経過した日から施行する。", "2026-06-02 in-force"),
    ("ko", "이 특허법은 공포한 날부터 시행한다.", "2026-03-02 in-force"),
    ("ko", "개정 상표법은 공포 후 6개월이 경과한 날부터 시행한다.", "2026-09-02 in-force"),
    ("de", "Das Markengesetz tritt am Tag nach der Verkündung in Kraft.", "2026-03-03 in-force"),
    ("de", "Die Patentverordnung tritt drei Monate nach der Verkündung in Kraft.", "2026-06-02 in-force"),
    ("fr", "Le décret sur les brevets entre en vigueur le lendemain de sa publication.", "2026-03-03 in-force"),
    ("fr", "La loi sur les marques entre en vigueur trois mois après sa publication.", "2026-06-02 in-force"),
    ("es", "La ley de patentes entrará en vigor a los veinte días de su publicación.", "2026-03-22 in-force"),
    ("es", "El decreto de marcas entrará en vigor el día siguiente al de su publicación.", "2026-03-03 in-force"),
    ("pt", "A lei de patentes entra em vigor na data de sua publicação.", "2026-03-02 in-force"),
    ("pt", "A portaria de marcas entra em vigor 90 dias após a sua publicação.", "2026-05-31 in-force"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wanted"), COUNTED)
def test_a_term_from_publication_is_computed_and_says_so(language: str, text: str, wanted: str) -> None:
    found = judged(text, language=language)
    assert [(f"{each.date} {each.role}", each.stated) for each in found] == [(wanted, False)]
    assert found[0].basis.endswith("counted from 2026-03-02")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An answer in the patent case is due within 20 days of service."),
        ("en", "The patent expires 20 years after filing."),
        ("ja", "特許法改正は公布の日から起算して六月を超えない範囲内において政令で定める日から施行する。"),
        ("zh", "应在收到专利通知之日起15日内答复。"),
        ("de", "Die Frist im Patentverfahren endet drei Monate nach Zustellung."),
    ],
)
def test_a_term_from_anything_else_is_left_alone(language: str, text: str) -> None:
    assert judged(text, language=language) == ()


def test_a_term_from_publication_needs_the_day_of_publication() -> None:
    item = Item(
        "k", "The trademark rule is effective 60 days after publication.", "", None, "en", None, "US", None
    )
    assert judge(item, SourceContext("US"), LEXICONS).obligations == ()


RULES = [
    ("Certain Lamps; Notice of Institution of Investigation under section 337", "", "US", "en", "2026-03-23 response-due"),
    ("Section 337 investigation: patent complaint", "The complaint and notice of investigation were served on March 4, 2026; the complaint was served on respondents on March 4, 2026.", "US", "en", "2026-03-24 response-due"),
    ("Patent complaint: notice of receipt of complaint; solicitation of comments relating to the public interest", "", "US", "en", "2026-03-10 comments-close"),
    ("Trademark Official Gazette: marks published for opposition", "", "US", "en", "2026-04-01 opposition-ends"),
    ("EU trade marks published for opposition", "", "EM", "en", "2026-06-02 opposition-ends"),
    ("UK trade marks published for opposition in the Trade Marks Journal", "", "GB", "en", "2026-05-05 opposition-ends"),
    ("商标局发布第1900期商标初步审定公告", "", "CN", "zh", "2026-06-02 opposition-ends"),
    ("商標公報の発行（商標登録）", "", "JP", "ja", "2026-05-07 opposition-ends"),
    ("상표 출원공고 제2026호", "", "KR", "ko", "2026-04-01 opposition-ends"),
    ("Markenblatt: Veröffentlichung der Eintragung von Marken", "", "DE", "de", "2026-06-02 opposition-ends"),
    ("European Patent Bulletin: mention of the grant of European patents", "", "EP", "en", "2026-12-02 opposition-ends"),
    ("UDRP domain name case: proceeding commenced on March 5, 2026", "", "WO", "en", "2026-03-25 response-due"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "summary", "place", "language", "wanted"), RULES)
def test_a_rule_of_law_computes_the_day_and_cites_itself(
    title: str, summary: str, place: str, language: str, wanted: str
) -> None:
    found = {
        f"{each.date} {each.role}": each for each in judged(title, summary, "2026-03-02", place, language)
    }
    assert wanted in found
    assert not found[wanted].stated
    assert any(rule.law in found[wanted].basis for rule in LEXICONS.clocks.rules)


def test_a_stated_day_keeps_the_rule_silent() -> None:
    text = "Notices of opposition must be filed by April 20, 2026."
    found = judged("Trademark Official Gazette: marks published for opposition", text)
    assert [(str(each.date), each.stated) for each in found] == [("2026-04-20", True)]


def test_a_deadline_that_had_passed_when_it_was_told_is_not_computed() -> None:
    text = "UDRP domain name decision: proceeding commenced on January 15, 2026."
    assert judged(text, on="2026-03-02", place="WO") == ()
    assert [str(each.date) for each in judged(text, on="2026-01-20", place="WO")] == ["2026-02-04"]


def test_the_law_in_force_on_the_day_of_the_event_decides() -> None:
    before = judged("상표 출원공고 제2025호", on="2025-07-21", place="KR", language="ko")
    after = judged("상표 출원공고 제2025호", on="2025-07-22", place="KR", language="ko")
    assert [str(each.date) for each in (*before, *after)] == ["2025-09-22", "2025-08-21"]


def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    thirty = Period(30, Unit.DAYS, roll=True)
    assert ends(date(2026, 6, 3), thirty, "US", workdays) == date(
        2026, 7, 6
    )  # 3 July is Independence Day observed
    assert ends(date(2026, 6, 3), Period(30, Unit.DAYS), "US", workdays) == date(2026, 7, 3)
    assert ends(date(2026, 1, 31), Period(1, Unit.MONTHS), "EP", workdays) == date(2026, 2, 28)
    assert ends(date(2026, 9, 25), Period(5, Unit.WORKING_DAYS), "CN", workdays) == date(2026, 10, 9)


def test_a_period_beyond_the_calendar_has_no_end() -> None:
    assert ends(date(9999, 12, 1), Period(2, Unit.MONTHS), "US", WeekendsOnly()) is None


@given(st.dates(date(1995, 1, 1), date(2090, 1, 1)), st.integers(1, 400), st.sampled_from(list(Unit)))
def test_a_longer_period_never_ends_earlier(event: date, number: int, unit: Unit) -> None:
    shorter, longer = (
        ends(event, Period(n, unit, roll=True), "US", WeekendsOnly()) for n in (number, number + 1)
    )
    if longer is not None and shorter is not None:
        assert event < shorter <= longer
        assert longer.weekday() < 5


OWN = """\
- id: us-trademark-opposition
  role: opposition-ends
  law: my own law
  period: 10 days
  from: publication
  office: US
  words: published for opposition
- id: em-trademark-opposition
  drop: true
"""


def test_an_operators_file_replaces_and_drops_rules(tmp_path: Path) -> None:
    (tmp_path / "obligations.yaml").write_text(OWN, "utf-8")
    lexicons = load(tmp_path, workdays)
    rules = {rule.id: rule for rule in lexicons.clocks.rules}
    assert rules["us-trademark-opposition"].law == "my own law"
    assert "em-trademark-opposition" not in rules
    assert "gb-trademark-opposition" in rules
    assert lexicons.terms == LEXICONS.terms


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("  law: my own law\n=>", "1: law is missing: every rule names its law"),
        ("opposition-ends=>opposition", "2: 'opposition' is none of"),
        ("10 days=>soon", "4: a period such as 30 days"),
        ("publication=>grant", "5: 'grant' is none of publication, words"),
        ("office: US=>office: usa", "6: 'usa' is no two-letter code"),
        ("office: US=>office: QQ", "6: no calendar of holidays is known for QQ"),
        ("published for opposition=>…", "7: words: '…' a gap needs words on both sides"),
        ("drop: true=>drop: true\n- id: nothing\n  drop: true", "10: no rule 'nothing' to drop"),
        ("  law:=>  lawe:", "3: unknown key 'lawe'"),
        ("em-trademark-opposition=>us-trademark-opposition", "8: the rule 'us-trademark-opposition' stands here a second time"),
        ("- id: us=>[ - id: us", "1:"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file_is_named_with_its_line(tmp_path: Path, change: str, fault: str) -> None:
    old, new = change.split("=>")
    path = tmp_path / "obligations.yaml"
    path.write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(LexiconError) as refused:
        load(tmp_path, workdays)
    assert any(each.startswith(f"{path}:{fault}") for each in refused.value.faults), refused.value.faults


def test_every_shipped_rule_cites_a_law_and_fires_on_its_own_words() -> None:
    assert len({rule.id for rule in LEXICONS.clocks.rules}) == len(LEXICONS.clocks.rules) >= 35
    assert all(
        rule.law and rule.words and workdays.calendar_of(rule.office) for rule in LEXICONS.clocks.rules
    )
