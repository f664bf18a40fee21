"""What ops must read of things that cannot go on by themselves, in both languages: one sentence each, with what helps."""

from collections.abc import Mapping

from alerts.domain.vocabulary import Language

_EN = {
    "lost": "the daemon {daemon} has said nothing since {last} UTC and was not stopped: is it still running?",
    "dark": "{feed} is dark: nothing could be read for a day or longer; `alerts feeds test {feed}` shows why",
    "patience": "due feeds that wait because their server asked for patience: {count} ({feeds}), until {until} UTC at the latest",
    "stuck": "messages that wait to be sent again: {count}; the last answer was: {answer}",
    "failed": "deliveries that failed for good: {count}; `alerts status --format json` has the answers",
    "shut": "webhooks and chat bots that are shut until somebody mends them: {count} (`alerts endpoints list`)",
    "held": "items that wait for an editor's release: {count}",
    "since": ", the first since {since} UTC",
    "goes": "; the next goes out unreviewed at {goes} UTC",
    "look": " (`alerts review list`)",
    "unreached": "{company} is no longer reached: no address of it takes mail (`alerts suppressions list`)",
}
_ZH = {
    "lost": "守护进程 {daemon} 自 {last} UTC 起没有消息，且并未正常停止：它是否仍在运行？",
    "dark": "{feed}：一天以上无法读取；运行 `alerts feeds test {feed}` 查看原因",
    "patience": "已到期但因服务器要求稍候而等待的来源：{count} 个（{feeds}），最迟至 {until} UTC",
    "stuck": "等待重新发送的邮件：{count} 封；最近一次答复：{answer}",
    "failed": "最终未能送达的投递：{count} 份；`alerts status --format json` 列出各次答复",
    "shut": "已停用、须人工修复的 webhook 和聊天机器人：{count} 个（`alerts endpoints list`）",
    "held": "等待编辑放行的条目：{count} 条",
    "since": "，最早自 {since} UTC 起",
    "goes": "；下一条将于 {goes} UTC 未经审阅自动发出",
    "look": "（`alerts review list`）",
    "unreached": "{company} 已无法联系：其所有地址均不再接收邮件（`alerts suppressions list`）",
}
WORDS: Mapping[Language, Mapping[str, str]] = {Language.ENGLISH: _EN, Language.CHINESE: _ZH}


def trouble(word: str, language: Language, **values: object) -> str:
    """Return one sentence, or a piece of one."""
    return WORDS[language][word].format(**values)
