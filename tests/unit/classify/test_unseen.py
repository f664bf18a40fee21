"""What the words around a word make of it: caution without deceit, orders refused, warnings, inquiries of fact."""

from datetime import UTC, date, datetime

import pytest

from alerts.classify import SourceContext, judge, load
from alerts.domain.items import Dated, Item, Judgement
from alerts.domain.vocabulary import Carries, DateOrigin, Event, Kind, Role, Severity, severity_rank

LEXICONS = load()
PUBLISHED = Dated(datetime(2026, 11, 2, tzinfo=UTC), DateOrigin.SOURCE, day_only=True)


def judged(title: str, summary: str = "", carries: Carries = Carries.BOTH, language: str = "") -> Judgement:
    told = language or ("zh" if any("一" <= each <= "鿿" for each in title) else "en")
    item = Item("k", title, summary, None, told, None, "", PUBLISHED)
    return judge(item, SourceContext(None, carries), LEXICONS)


CAUTION = [
    "专利侵权风险预警提示",
    "关于专利年费缴纳期限的温馨提示",
    "关于商标续展期限的提示",
    "防范海外商标侵权风险的通知",
    "企业出海警惕专利陷阱",
    "谨防商标被抢注",
    "展会参展商知识产权风险提示",
    "商标使用注意事项提示",
    "版权登记业务办理提示",
    "关于做好专利风险防范工作的通知",
    "墨西哥商标抢注预警信息",
    "Beware of missed patent renewal deadlines",
    "Trademark owners reminded of new opposition period",
]


@pytest.mark.parametrize("title", CAUTION)
def test_caution_without_deceit_is_no_fraud(title: str) -> None:
    found = judged(title)
    assert (found.event is Event.FRAUD, found.severity is Severity.CRITICAL) == (False, False)


DECEIT = [
    "警惕冒充国家知识产权局人员的电话",
    "关于防范虚假商标缴费通知的提示",
    "风险提示:不法分子假冒机构骗取专利年费",
    "预警:钓鱼邮件冒用商标局名义",
    "谨防专利诈骗",
    "Beware of misleading trademark renewal invoices",
    "Risk alert: fraudulent patent fee letters impersonating the office",
    "Scam warning for trademark owners",
    "Office warns of phishing emails about design renewals",
    "提醒:仿冒网站骗取商标注册费",
]


@pytest.mark.parametrize("title", DECEIT)
def test_a_word_of_deceit_makes_it_fraud(title: str) -> None:
    found = judged(title)
    assert (found.kind, found.event) == (Kind.RISK_WARNING, Event.FRAUD)


REFUSED = [
    "ITC terminates investigation; no exclusion order issued",
    "Commission declines to issue a general exclusion order on phone cases",
    "Court denies preliminary injunction in patent suit",
    "Judge refuses to grant injunction against trademark rival",
    "Commission rescinds limited exclusion order on lamps",
    "Rescission of a limited exclusion order: certain lamps",
    "Patent injunction lifted after settlement",
    "Investigation terminated without exclusion order",
    "Request for exclusion order denied in patent case",
    "No exclusion order or cease and desist order will issue in the ITC case",
    "Patent court dissolves temporary restraining order",
    "Permanent injunction vacated in copyright case",
    "Appeals court overturns sales ban on patented watches",
    "No product recall ordered in trademark case",
    "Product recall withdrawn in counterfeit toy case",
    "ITC终止337调查,未发布排除令",
    "法院驳回专利权人的临时禁令申请",
    "美国ITC撤销有限排除令",
    "法院裁定不予颁布诉前禁令:专利案",
    "专利临时禁令申请被驳回",
    "商标侵权案临时限制令被解除",
    "商标侵权商品召回决定撤销",
    "法院未作出专利禁令",
]


@pytest.mark.parametrize("title", REFUSED)
def test_an_order_refused_or_lifted_is_no_exclusion(title: str) -> None:
    found = judged(title)
    assert found.event is not Event.EXCLUSION
    assert severity_rank(found.severity) <= severity_rank(Severity.MODERATE)


STANDING = [
    "Court refuses to lift patent injunction",
    "Commission denies petition to rescind exclusion order",
    "Court rejects appeal against injunction in trademark case",
    "Court of Appeal grants injunction against patent infringer",
    "ITC Inv. No. 337-TA-9999: exclusion order against vaping devices",
    "Federal judge reverses denial of preliminary injunction in patent case",
    "Injunction granted against patent infringer, stay denied",
    "Commission finds no defence and issues general exclusion order",
    "法院驳回解除禁令的请求",
    "驳回管辖权异议,法院颁布专利禁令",
    "ITC发布普遍排除令",
]


@pytest.mark.parametrize("title", STANDING)
def test_an_order_that_stands_is_an_exclusion(title: str) -> None:
    found = judged(title)
    assert (found.kind, found.event, found.severity) == (
        Kind.RISK_WARNING,
        Event.EXCLUSION,
        Severity.CRITICAL,
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Patentgericht lehnt einstweilige Verfügung ab"),
        ("fr", "Le tribunal refuse l'interdiction provisoire: brevet"),
        ("es", "El juez deniega las medidas cautelares en caso de patente"),
        ("pt", "Justiça nega liminar em caso de patente"),
        ("ja", "特許権侵害の仮処分申立てを却下"),
        ("ko", "특허침해금지 가처분 기각"),
    ],
)
def test_a_refusal_is_read_in_other_languages(language: str, title: str) -> None:
    assert judged(title, language=language).event is not Event.EXCLUSION


WARNING = [
    "Patent infringement risk alert for exporters",
    "Risk warning: trademark disputes in overseas markets",
    "Early warning on patent disputes in the battery sector",
    "Trademark risk advisory for cross-border sellers",
    "Design infringement alert for furniture exporters",
    "海外专利侵权风险预警",
    "专利侵权风险预警提示",
    "出口企业商标风险提示",
    "涉外版权纠纷预警信息",
    "锂电池行业专利预警通报",
    "东南亚商标风险警示",
]


@pytest.mark.parametrize("title", WARNING)
def test_a_warning_that_says_so_is_a_risk_warning(title: str) -> None:
    found = judged(title)
    assert found.kind is Kind.RISK_WARNING
    assert severity_rank(found.severity) >= severity_rank(Severity.MODERATE)


@pytest.mark.parametrize(
    "title",
    ["海外知识产权风险预警平台上线", "专利预警分析培训班", "Patent early warning system presented", "No risk alert for patent exporters this month"],
)  # fmt: skip
def test_talk_of_warnings_is_no_warning(title: str) -> None:
    assert judged(title).kind is not Kind.RISK_WARNING


def test_what_the_feed_carries_settles_the_kind_only_of_an_undecided_text() -> None:
    undecided = "Patents in the battery sector of Ruritania"
    assert judged(undecided).kind is Kind.INFORMATION
    warned = judged(undecided, carries=Carries.RISK_WARNING)
    assert (warned.kind, warned.severity) == (Kind.RISK_WARNING, Severity.MODERATE)
    assert judged(undecided, carries=Carries.LEGAL_RULE).kind is Kind.LEGAL_RULE
    assert judged("Patent podcast and conference", carries=Carries.RISK_WARNING).kind is Kind.INFORMATION
    assert judged("Proposed rule on patent drawings", carries=Carries.RISK_WARNING).kind is Kind.LEGAL_RULE


ANSWERS = [
    "Responses to the complaint must be received by December 12, 2026.",
    "Answers to the complaint must be filed by December 12, 2026.",
    "The respondent must answer the complaint by December 12, 2026.",
    "A reply is due on 12 December 2026.",
    "Respondents shall respond to the petition no later than 2026-12-12.",
    "The response to the office action is to be filed on or before December 12, 2026.",
    "The deadline to respond is December 12, 2026.",
    "The statement of defence must be lodged by 12 December 2026.",
    "应于2026年12月12日前提交答辩状。",
    "被申请人应在2026年12月12日前作出答复。",
    "涉案企业须于2026年12月12日前应诉。",
    "应诉截止日期为2026年12月12日。",
]


@pytest.mark.parametrize("text", ANSWERS)
def test_the_day_by_which_to_answer_is_a_response_due(text: str) -> None:
    found = judged("Patent case" if text.isascii() else "专利案件", text).obligations
    assert (date(2026, 12, 12), Role.RESPONSE_DUE) in {(each.date, each.role) for each in found}


@pytest.mark.parametrize(
    "text",
    [
        "The answer is due within 20 days of service.",
        "The complaint was served on December 1, 2026; the answer is due within 20 days of service.",
        "An answer is due within 20 days of service of the complaint on December 1, 2026.",
        "应在收到之日起15日内提交答辩状。",
        "Responses to this request for comments must be received by December 12, 2026.",
    ],
)
def test_a_term_that_must_be_computed_or_a_comment_is_no_response_due(text: str) -> None:
    found = judged("Patent case" if text.isascii() else "专利案件", text).obligations
    assert Role.RESPONSE_DUE not in {each.role for each in found}


FACTS = [
    ("Intellectual Property Trade: Institution of Investigation under Section 332", ""),
    ("Patented Medicines: Notice of Institution of Investigation and Scheduling of Public Hearing", ""),
    ("Copyright Industries; Institution of Investigation", "Investigation No. 332-600 was instituted under section 332(g)."),
    ("ITC launches investigation: fact-finding on patent licensing", ""),
    ("ITC institutes general factfinding investigation on trademarks", "Institution of investigation."),
    ("Notice of institution of investigation: probable economic effect of patent terms", ""),
    ("COVID patents: institution of investigation", "The Commission instituted a fact finding investigation, Inv. No. 332-601."),
    ("Digital trade and copyright: notice of institution of section 332 investigation", ""),
    ("美国ITC启动332调查:知识产权贸易", ""),
    ("美国国际贸易委员会对版权产业展开调查:一般事实调查", ""),
]  # fmt: skip


@pytest.mark.parametrize(("title", "summary"), FACTS)
def test_an_inquiry_that_only_gathers_facts_is_not_critical(title: str, summary: str) -> None:
    assert judged(title, summary).severity in (Severity.LOW, Severity.MODERATE)


@pytest.mark.parametrize(
    "title",
    [
        "Certain Lamps; Institution of Investigation under section 337",
        "Certain Drones; Notice of Institution of Investigation",
        "美国对灯具企业发起337调查",
    ],
)
def test_a_section_337_institution_stays_critical(title: str) -> None:
    assert judged(title).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "title", ["ITC declines to institute investigation on patented lamps", "决定不予立案:专利337调查"]
)
def test_an_investigation_not_begun_is_not_critical(title: str) -> None:
    assert judged(title).severity in (Severity.LOW, Severity.MODERATE)
