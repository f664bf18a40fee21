"""What an admin is told of an event, in both languages: what happened, and what to do. The rest is the event's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from alerts.domain.events import MOMENTARY, OF_OURSELVES, EventKind, FeedEvent
from alerts.domain.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Advice:
    """What happened and what to do; ``{feed}`` is filled in."""

    happened: str
    to_do: str


_EN = {
    EventKind.FAILING: Advice("the last polls failed", "`alerts feeds test {feed}` shows the answer; nothing is lost while the source keeps its entries"),
    EventKind.DARK: Advice("nothing could be read for a day or longer", "look at the source in a browser, correct its row in feeds.yaml, or write to the publisher"),
    EventKind.BLOCKED: Advice("the source answers with a bot check or a login page", "ask the publisher to admit this service, or use another source; no disguise helps for long"),
    EventKind.LAYOUT: Advice("the page or the answer lacks the rows that the mapping names", "correct the mapping in feeds.yaml, then `alerts feeds replay {feed}`"),
    EventKind.GONE: Advice("the source says that it is gone for good (410)", "find its new address and correct feeds.yaml, or set `enabled: false`"),
    EventKind.GAP: Advice("no known entry was in the document, items may have been missed", "compare with the publisher's own list, and shorten `interval` for {feed}"),
    EventKind.SILENT: Advice("it can be read, but brings nothing new, against its own rhythm", "look whether the publisher has moved its news elsewhere"),
    EventKind.FLOOD: Advice("far more new items at once than ever", "release or refuse the held ones; they go out after 12 hours by themselves"),
    EventKind.BRAKE: Advice("an item changes with nearly every poll; further changes are not kept", "leave out the part that changes, or filter the item in feeds.yaml"),
    EventKind.RE_KEYED: Advice("known items came under new identifiers; nobody was told again", "nothing; look at the feed if items are missing"),
    EventKind.SCOPE: Advice("the feed calls itself something else now", "look whether it still carries what {feed} is configured for"),
    EventKind.CUT_OFF: Advice("no source at all could be reached, so the fault is taken for our own", "look at the network, the name server and the firewall of this machine; the sources are tried every few minutes and were not charged with it"),
    EventKind.CLOCK: Advice("most servers have another time than this machine", "set its clock by NTP: freshness, deadlines and digests are reckoned by it"),
    EventKind.MISSED: Advice("it was due for two intervals and nobody asked it", "look whether the daemon runs with the role `poll`, and whether it can keep up (`alerts_poll_lag_seconds`)"),
    EventKind.SLOW: Advice("it is asked less often than was promised or than its list is long", "ask the publisher for an API, for push, or for a longer list; `pace` or `interval` of {feed} in feeds.yaml says what is promised"),
    EventKind.MOVED: Advice("its address leads elsewhere, or leads there no longer", "write the address that is right now into feeds.yaml"),
    EventKind.PUSH: Advice("no hub tells of its news, it is polled as any other", "check that ALERTS_PUBLIC_URL can be reached from outside, or take `websub` from {feed}"),
}  # fmt: skip

_ZH = {
    EventKind.FAILING: Advice("最近几次读取失败", "运行 `alerts feeds test {feed}` 查看回应；来源仍保留条目时不会遗漏"),
    EventKind.DARK: Advice("一天以上无法读取", "用浏览器查看该来源，更正 feeds.yaml 中的配置，或联系发布机构"),
    EventKind.BLOCKED: Advice("来源返回验证页面或登录页面", "请发布机构允许本服务访问，或改用其他来源；伪装不能长久"),
    EventKind.LAYOUT: Advice("页面或回应中没有映射所指的条目", "更正 feeds.yaml 中的映射，然后运行 `alerts feeds replay {feed}`"),
    EventKind.GONE: Advice("来源声明已永久停用（410）", "查找新地址并更正 feeds.yaml，或设置 `enabled: false`"),
    EventKind.GAP: Advice("文档中没有任何已知条目，可能有遗漏", "与发布机构的列表核对，并缩短 {feed} 的 `interval`"),
    EventKind.SILENT: Advice("可以读取，但相对其自身规律已久无新条目", "查看发布机构是否已将消息移至别处"),
    EventKind.FLOOD: Advice("一次出现的新条目远多于以往", "放行或拒绝被暂留的条目；12 小时后自动发出"),
    EventKind.BRAKE: Advice("某条目几乎每次读取都有变化，此后的变化不再保存", "去除不断变化的部分，或在 feeds.yaml 中过滤该条目"),
    EventKind.RE_KEYED: Advice("已知条目换了新的标识，未重复通知", "无须处理；如有遗漏请查看该来源"),
    EventKind.SCOPE: Advice("来源更改了自己的名称或语言", "查看其内容是否仍符合 {feed} 的配置"),
    EventKind.CUT_OFF: Advice("所有来源均无法连接，应为本服务自身的网络故障", "检查本机的网络、域名解析和防火墙；各来源每隔几分钟重试，故障不计入来源"),
    EventKind.CLOCK: Advice("多数服务器的时间与本机不同", "用 NTP 校准本机时钟：时效、期限和摘要均以此为准"),
    EventKind.MISSED: Advice("已到期两个间隔而无人读取", "检查带有 `poll` 角色的守护进程是否运行，以及是否来得及处理（`alerts_poll_lag_seconds`）"),
    EventKind.SLOW: Advice("实际读取的间隔比所承诺的更长，或比其列表所能容纳的更长", "请发布机构提供接口、推送或更长的列表；所承诺的间隔由 feeds.yaml 中 {feed} 的 `pace` 或 `interval` 决定"),
    EventKind.MOVED: Advice("来源的地址指向了别处，或不再指向别处", "将现在正确的地址写入 feeds.yaml"),
    EventKind.PUSH: Advice("没有推送中心通知其更新，仍按间隔读取", "检查外部能否访问 ALERTS_PUBLIC_URL，或去掉 {feed} 的 `websub`"),
}  # fmt: skip

ADVICE: Mapping[Language, Mapping[EventKind, Advice]] = {Language.ENGLISH: _EN, Language.CHINESE: _ZH}


def sentence(event: FeedEvent, language: Language = Language.ENGLISH) -> str:
    """Return what happened, since when and what to do, in one line; times in UTC."""
    advice = ADVICE[language][event.kind]
    when = event.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    to_do = advice.to_do.format(feed=event.feed_id)
    ours = event.kind in OF_OURSELVES
    if language is Language.CHINESE:
        since = when if event.kind in MOMENTARY else f"自 {when} 起"
        detail = f"（{event.detail}）" if event.detail else ""
        who = "本服务" if ours else event.feed_id
        return f"{who}：{advice.happened}{detail}，{since}。建议：{to_do}。"
    since = f"at {when}" if event.kind in MOMENTARY else f"since {when}"
    detail = f" ({event.detail})" if event.detail else ""
    who = "This service" if ours else event.feed_id
    return f"{who} is {event.kind} {since}: {advice.happened}{detail}. What to do: {to_do}."
