"""Display names of every slug of the vocabulary, in English and Simplified Chinese.

The slug is stored and travels; the name is only ever shown. Colours of the severity scale follow the
four steps (特别重大, 重大, 较大, 一般) of China's emergency response law.
"""

from enum import Enum

from alerts.domain.audit import Act
from alerts.domain.vocabulary import (
    Carries,
    Change,
    ChannelKind,
    ContactStatus,
    DateOrigin,
    DeliveryState,
    Event,
    FeedType,
    Health,
    IdentityPolicy,
    Kind,
    Language,
    Outcome,
    Pace,
    Rhythm,
    Right,
    Role,
    Severity,
    Trust,
    ValidatorMode,
    Weekday,
)


def display(member: Enum, language: Language) -> str:
    """Return the name of ``member`` in ``language``.

    Raises:
        KeyError: the member's set has no names; a test holds that every set has.
    """
    english, chinese = NAMES[type(member)][str(member.value)]
    return english if language is Language.ENGLISH else chinese


NAMES: dict[type[Enum], dict[str, tuple[str, str]]] = {
    FeedType: {
        "feed": ("feed (RSS, Atom, JSON Feed)", "订阅源（RSS、Atom、JSON Feed）"),
        "json": ("API", "接口"),
        "page": ("web page", "网页"),
    },
    Carries: {
        "legal-rule": ("legal rules", "法律规则"),
        "risk-warning": ("risk warnings", "风险预警"),
        "both": ("legal rules and risk warnings", "法律规则与风险预警"),
    },
    Change: {
        "cosmetic": ("wording only", "仅文字调整"),
        "amended": ("amended", "内容修改"),
        "withdrawn": ("withdrawn", "已撤回"),
        "date-moved": ("date moved", "日期变更"),
    },
    Trust: {
        "official": ("official source", "官方来源"),
        "partner": ("partner source", "合作来源"),
        "press": ("press", "媒体"),
    },
    Kind: {
        "legal-rule": ("legal rule", "法律规则"),
        "risk-warning": ("risk warning", "风险预警"),
        "information": ("information", "一般信息"),
    },
    Right: {
        "patent": ("patent", "专利"),
        "utility-model": ("utility model", "实用新型"),
        "design": ("design", "外观设计"),
        "trademark": ("trade mark", "商标"),
        "geographical-indication": ("geographical indication", "地理标志"),
        "copyright": ("copyright", "著作权"),
        "trade-secret": ("trade secret", "商业秘密"),
        "plant-variety": ("plant variety", "植物新品种"),
        "layout-design": ("layout design", "集成电路布图设计"),
        "domain-name": ("domain name", "域名"),
    },
    Event: {
        "fraud": ("fraud warning", "诈骗警示"),
        "exclusion": ("injunction or exclusion order", "禁令与排除令"),
        "investigation": ("investigation", "调查"),
        "customs": ("customs measure", "海关执法"),
        "litigation": ("litigation", "诉讼"),
        "decision": ("decision", "裁决"),
        "squatting": ("bad-faith registration", "抢注"),
        "watch-list": ("watch list", "观察名单"),
        "trade-measure": ("trade measure", "贸易措施"),
        "standards": ("standards and licensing", "标准与许可"),
        "legislation": ("legislation", "立法"),
        "rule": ("regulation", "规章"),
        "consultation": ("consultation", "征求意见"),
        "guidance": ("guidance", "指南"),
        "fees": ("fees", "费用"),
        "office-notice": ("office notice", "官方通知"),
        "enforcement": ("enforcement campaign", "执法行动"),
        "other": ("other", "其他"),
    },
    Severity: {
        "critical": ("critical", "特别重大"),
        "high": ("high", "重大"),
        "moderate": ("moderate", "较大"),
        "low": ("low", "一般"),
    },
    Role: {
        "comments-close": ("comments close", "意见征集截止"),
        "opposition-ends": ("opposition period ends", "异议期届满"),
        "response-due": ("response due", "答复期限"),
        "hearing": ("hearing", "听证或开庭"),
        "in-force": ("enters into force", "生效"),
        "applies-from": ("applies from", "施行"),
        "fees-change": ("fees change", "费用调整"),
        "deadline-extended-to": ("deadline extended to", "期限延至"),
        "term-ends": ("term ends", "期限届满"),
    },
    DateOrigin: {
        "source": ("stated by the source", "来源标明"),
        "zone-inferred": ("stated without a time zone", "来源标明，时区推定"),
        "address": ("read from the address", "取自网址"),
        "text": ("read from the text", "取自正文"),
        "first-seen": ("first seen by this service", "本服务首次发现"),
    },
    Rhythm: {
        "immediate": ("immediately", "即时"),
        "daily": ("daily", "每日"),
        "weekly": ("weekly", "每周"),
        "working-days": ("on working days", "工作日"),
    },
    Weekday: {
        "1": ("Monday", "星期一"),
        "2": ("Tuesday", "星期二"),
        "3": ("Wednesday", "星期三"),
        "4": ("Thursday", "星期四"),
        "5": ("Friday", "星期五"),
        "6": ("Saturday", "星期六"),
        "7": ("Sunday", "星期日"),
    },
    Language: {"en": ("English", "英文"), "zh-Hans": ("Chinese (Simplified)", "简体中文")},
    ChannelKind: {
        "email": ("e-mail", "电子邮件"),
        "webhook": ("webhook", "网络回调"),
        "wecom": ("WeCom", "企业微信"),
        "dingtalk": ("DingTalk", "钉钉"),
        "feishu": ("Feishu or Lark", "飞书"),
        "slack": ("Slack", "Slack群组"),
        "teams": ("Teams", "Teams群组"),
    },
    ValidatorMode: {
        "both": ("both validators", "两种校验值"),
        "last-modified": ("Last-Modified only", "仅 Last-Modified"),
        "etag": ("ETag only", "仅 ETag"),
        "ignored": ("validators ignored", "忽略校验值"),
    },
    IdentityPolicy: {
        "guid": ("by identifier", "按标识符"),
        "link": ("by link", "按链接"),
        "link+date": ("by link and date", "按链接与日期"),
        "content": ("by content", "按内容"),
    },
    Pace: {
        "urgent": ("within the hour, at any hour", "一小时内，不分时段"),
        "prompt": ("within six hours, often", "六小时内，频繁读取"),
        "steady": ("within six hours", "六小时内"),
        "archive": ("within a day", "一天内"),
    },
    Outcome: {
        "ok": ("read", "读取成功"),
        "not-modified": ("not modified", "未修改"),
        "unchanged": ("unchanged", "内容未变"),
        "http-error": ("error from the server", "服务器报错"),
        "gone": ("withdrawn by the source", "来源已撤销"),
        "throttled": ("asked to wait", "被要求稍后再试"),
        "timeout": ("timed out", "超时"),
        "connection": ("no connection", "无法连接"),
        "too-large": ("too large", "内容过大"),
        "denied-address": ("address refused", "地址被拒绝"),
        "robots": ("refused by robots.txt", "robots.txt 不允许"),
        "hostile": ("hostile document", "恶意内容"),
        "empty": ("empty answer", "空白应答"),
        "not-a-feed": ("not a feed", "不是订阅源"),
        "challenge": ("bot check or login page", "遇到人机验证或登录页"),
        "layout-changed": ("layout changed", "页面结构已变"),
        "parse-error": ("unreadable", "无法解析"),
        "internal": ("internal fault", "内部故障"),
    },
    Health: {
        "healthy": ("healthy", "正常"),
        "new": ("not yet polled", "尚未读取"),
        "silent": ("silent", "可读但久无新条目"),
        "failing": ("failing", "读取失败"),
        "dark": ("dark", "长时间无法读取"),
        "disabled": ("switched off", "已停用"),
    },
    DeliveryState: {
        "due": ("due", "待发送"),
        "sending": ("being sent", "发送中"),
        "sent": ("sent", "已发送"),
        "uncertain": ("uncertain", "结果未明"),
        "failed": ("failed", "发送失败"),
        "cancelled": ("cancelled", "已取消"),
    },
    Act: {
        "logged-in": ("logged in", "登录"),
        "login-refused": ("log-in refused", "登录被拒绝"),
        "logged-out": ("logged out", "退出登录"),
        "session-revoked": ("session ended", "终止会话"),
        "feed-tested": ("source looked at", "测试来源"),
        "item-approved": ("release agreed to", "同意放行"),
        "item-released": ("notice released", "放行条目"),
        "item-rejected": ("notice refused", "拒绝条目"),
        "delivery-resent": ("sent again", "重新发送"),
        "suppression-lifted": ("address let in again", "恢复地址"),
        "admin-added": ("admin entered", "新增管理员"),
        "admin-reset": ("admin given new keys", "重置管理员"),
        "admin-disabled": ("admin shut out", "停用管理员"),
        "admin-enabled": ("admin let in again", "恢复管理员"),
    },
    ContactStatus: {
        "pending": ("awaiting confirmation", "待确认"),
        "active": ("active", "有效"),
        "paused": ("paused", "已暂停"),
        "left": ("unsubscribed", "已退订"),
    },
}
