"""Three sample companies with what they want to be told; their addresses are of reserved names (RFC 2606)."""

from datetime import time

from alerts.domain.people import Schedule, Subscription
from alerts.domain.vocabulary import Kind, Language, Rhythm, Right, Severity
from alerts.domain.watches import Criteria

CONSENT = "sample company of the demonstration"

EXPORTER = Subscription(
    company="深圳市远航储能科技有限公司",
    email="ip@yuanhang-power.example",
    name="林晓",
    criteria=Criteria(regions=("US", "eu"), kinds=(Kind.LEGAL_RULE, Kind.RISK_WARNING)),
    schedule=Schedule(Rhythm.DAILY, time(8, 30), "Asia/Shanghai"),
    language=Language.CHINESE,
    watch_name="美国与欧盟",
    consent=CONSENT,
)

BRAND_OWNER = Subscription(
    company="云岭茶业集团",
    email="brand@yunling-tea.example",
    name="周敏",
    criteria=Criteria(
        regions=("asean", "CN"),
        rights=(Right.TRADEMARK, Right.DESIGN),
        terms=("trademark", "trade mark", "marks", "商标", "海关"),
    ),
    schedule=Schedule(Rhythm.IMMEDIATE, time(9, 0), "Asia/Shanghai"),
    language=Language.CHINESE,
    watch_name="东盟商标",
    consent=CONSENT,
)

INSTRUMENT_MAKER = Subscription(
    company="Harrow Instruments Ltd",
    email="patents@harrow-instruments.example",
    name="Alex Morgan",
    criteria=Criteria(
        regions=("US", "GB", "EM"),
        rights=(Right.PATENT, Right.DESIGN),
        min_severity=Severity.LOW,
    ),
    schedule=Schedule(Rhythm.DAILY, time(7, 30), "Europe/London"),
    language=Language.ENGLISH,
    watch_name="Patents and designs",
    consent=CONSENT,
)

COMPANIES = (EXPORTER, BRAND_OWNER, INSTRUMENT_MAKER)
