"""What the classifier concludes, by witnesses written for the purpose, and the laws it keeps."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.classify import SourceContext, judge, load
from alerts.domain.items import Dated, Item, Judgement
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Right, Severity

LEXICONS = load()
PUBLISHED = Dated(datetime(2026, 3, 2, tzinfo=UTC), DateOrigin.SOURCE, day_only=True)


def judged(
    title: str, summary: str = "", *, publisher: str = "", feed: str | None = None, topical: bool = True
) -> Judgement:
    language = "zh" if any("一" <= each <= "鿿" for each in title) else "en"
    item = Item("k", title, summary, None, language, publisher or None, feed or "", PUBLISHED)
    return judge(item, SourceContext(feed, topical=topical), LEXICONS)


WITNESSES = [
    ("Beware of fake invoices for your trademark renewal", Kind.RISK_WARNING, Event.FRAUD, Severity.HIGH),
    ("谨防冒充商标局的诈骗短信", Kind.RISK_WARNING, Event.FRAUD, Severity.HIGH),
    ("ITC issues limited exclusion order against drone makers", Kind.RISK_WARNING, Event.EXCLUSION, Severity.CRITICAL),
    ("Certain Lamps; Institution of Investigation under section 337", Kind.RISK_WARNING, Event.INVESTIGATION, Severity.CRITICAL),
    ("美国对三家企业发起337调查", Kind.RISK_WARNING, Event.INVESTIGATION, Severity.CRITICAL),
    ("Customs officers seize counterfeit shoes", Kind.RISK_WARNING, Event.CUSTOMS, Severity.HIGH),
    ("Acme sues Globex for patent infringement", Kind.RISK_WARNING, Event.LITIGATION, Severity.HIGH),
    ("Supreme Court rules that colour marks need acquired distinctiveness", Kind.LEGAL_RULE, Event.DECISION, Severity.MODERATE),
    ("国产品牌在海外遭商标抢注", Kind.RISK_WARNING, Event.SQUATTING, Severity.MODERATE),
    ("Office seeks comments: proposed rule on patent drawings", Kind.LEGAL_RULE, Event.CONSULTATION, Severity.MODERATE),
    ("商标法实施条例修订公开征求意见", Kind.LEGAL_RULE, Event.CONSULTATION, Severity.MODERATE),
    ("New examination guidelines for designs published", Kind.LEGAL_RULE, Event.GUIDANCE, Severity.LOW),
    ("Trademark filing fees to rise: new fee schedule", Kind.LEGAL_RULE, Event.FEES, Severity.LOW),
    ("商标网上服务系统停机维护公告", Kind.LEGAL_RULE, Event.OFFICE_NOTICE, Severity.LOW),
    ("Patent podcast: interview with a law firm partner", Kind.INFORMATION, Event.OTHER, Severity.LOW),
]  # fmt: skip


@pytest.mark.parametrize(("title", "kind", "event", "severity"), WITNESSES, ids=lambda value: str(value)[:30])
def test_a_title_says_what_it_is(title: str, kind: Kind, event: Event, severity: Severity) -> None:
    found = judged(title)
    assert (found.kind, found.event, found.severity) == (kind, event, severity)


def test_a_general_source_must_show_what_it_has_to_do_with_intellectual_property() -> None:
    assert not judged("Parliament debates the pension bill", topical=False).relevant
    assert judged("Parliament debates the copyright bill", topical=False).relevant


def test_a_topical_source_is_believed_unless_it_speaks_of_something_else() -> None:
    assert judged("New director takes office").relevant
    assert not judged("关于高新技术企业税收优惠的通知").relevant


def test_what_only_looks_like_the_topic_is_dropped() -> None:
    assert not judged("Police warn of counterfeit notes", topical=False).relevant
    assert not judged("Acme Intellectual Property Holdings Ltd changes its seat", topical=False).relevant


def test_an_irrelevant_item_says_why_and_carries_nothing_else() -> None:
    found = judged("Anti-dumping duties on steel", topical=False)
    assert (found.relevant, found.kind, found.rights, found.jurisdictions) == (
        False,
        Kind.INFORMATION,
        (),
        (),
    )
    assert found.findings[0].facet == "relevant"
    assert found.findings[0].evidence


def test_every_conclusion_names_words_or_a_rule() -> None:
    found = judged("USPTO publishes final rule on patent fees", "It takes effect on March 20, 2026.")
    assert {each.facet for each in found.findings} == {
        "relevant",
        "kind",
        "event",
        "severity",
        "right",
        "jurisdiction",
    }
    assert all(each.evidence and 0 <= each.confidence <= 1 for each in found.findings)


def test_rights_are_those_the_text_names() -> None:
    assert judged("外观设计专利与商标新规").rights == (Right.DESIGN, Right.TRADEMARK)
    assert judged("United States Patent and Trademark Office moves house").rights == ()


def test_a_country_before_a_company_is_no_jurisdiction() -> None:
    assert judged("German court bars Chinese manufacturer: patent injunction").jurisdictions == ("DE",)


def test_an_authority_speaks_for_its_own_jurisdiction_and_the_press_does_not() -> None:
    assert judged("Copyright fees change", publisher="IP Ministry of Ruritania", feed="AU").jurisdictions == (
        "AU",
    )
    assert judged("Copyright fees change", publisher="The Brand Blog", feed="AU").jurisdictions == ()


def test_a_near_deadline_and_a_near_entry_into_force_raise_the_severity() -> None:
    near = judged("Proposed rule on patents: request for comments", "Comments are due March 12, 2026.")
    far = judged("Proposed rule on patents: request for comments", "Comments are due June 12, 2026.")
    assert (near.severity, far.severity) == (Severity.CRITICAL, Severity.MODERATE)
    assert judged("Patent final rule", "The rule is effective April 1, 2026.").severity is Severity.HIGH


def test_traditional_characters_are_read_like_simplified_ones() -> None:
    assert judged("專利審查指南修正").rights == judged("专利审查指南修正").rights == (Right.PATENT,)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_gets_a_judgement_and_always_the_same(title: str, summary: str) -> None:
    assert judged(title, summary) == judged(title, summary)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([title for title, *_ in WITNESSES]), st.sampled_from([str.upper, str.title, str]))
def test_case_does_not_change_the_event(title: str, change: type[str]) -> None:
    assert judged(change(title)).event == judged(title).event
