"""Who receives mail for whom, which refusals mean "not so fast", and how fast a provider gets mail after one.

A provider that slows us down says nothing about a reader. Its mails wait, spaced by a gap that grows with each refusal and
shrinks with each mail that is taken; the mails of others go on. Source: the refusals that QQ, NetEase, Google and Microsoft
publish, and what mail operators report of them (docs/operations.md names the steps).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_DOMAINS = {
    "qq": "qq.com vip.qq.com foxmail.com exmail.qq.com",
    "netease": "163.com 126.com yeah.net 188.com vip.163.com vip.126.com netease.com",
    "sina": "sina.com sina.cn vip.sina.com sina.com.cn",
    "sohu": "sohu.com vip.sohu.com",
    "alibaba": "aliyun.com alibaba-inc.com",
    "china-mobile": "139.com",
    "china-telecom": "189.cn 21cn.com",
    "google": "gmail.com googlemail.com",
    "microsoft": "outlook.com hotmail.com live.com msn.com live.cn outlook.cn hotmail.co.uk live.co.uk",
    "yahoo": "yahoo.com ymail.com aol.com yahoo.co.uk yahoo.co.jp rocketmail.com",
    "apple": "icloud.com me.com mac.com",
}
PROVIDERS = {domain: name for name, domains in _DOMAINS.items() for domain in domains.split()}
AT_ONCE = 2  # mails under way at a time to one mailbox provider; more connections make them refuse ("too many", HL:ICC)
HELD = 2 * AT_ONCE  # mails to it that a process takes at a time: those under way, and as many that are ready
HELD_URGENT = AT_ONCE  # by the few lanes for what is urgent alone

# Limits of hours and days: asking again within minutes makes it worse.
_LONG = re.compile(
    r"frequency limited|频率|发信频率|MI:SFQ|daily (?:limit|quota|sending)|too many messages .{0,30}(?:today|day)|4\.7\.28|"
    r"DT:RBL|HL:REP|HL:MEP|5\.7\.515|unusual rate|exceeded .{0,40}(?:limit|quota) .{0,20}(?:day|hour)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"HL:(?:ICC|IFC)|MI:(?:DMC|SPB)|RP:(?:DRC|QRC)|DT:SPM|too many (?:messages|connections|recipients|mails|concurrent)|"
    r"rate.?limit|throttl|too fast|slow down|concurren(?:t|cy) limit|connection frequency|try again later.{0,20}(?:rate|limit)",
    re.IGNORECASE,
)
SHORT = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 120, 240))
LONG = tuple(timedelta(hours=hours) for hours in (1, 4, 24))
FIRST_GAP, LONGEST_GAP = 1.0, 64.0  # seconds between two mails, once the pause is over
FORGOTTEN_GAP = 0.05  # below it the provider is like any other
CALMER = 0.95  # what a mail that is taken makes of the gap


@dataclass(frozen=True, slots=True)
class Pace:
    """How a provider gets mail after it slowed us down: nothing before ``until`` (UTC), then one mail each ``gap`` seconds.

    ``next_at`` is the next free turn; ``strikes`` counts its refusals, ``answer`` is the last of them.
    """

    provider: str
    until: datetime
    next_at: datetime
    gap: float
    strikes: int = 1
    answer: str = ""


def provider_of(address: str) -> str:
    """Return who receives mail for an address: a provider of many domains by its name, else the domain."""
    domain = address.rpartition("@")[2].casefold().rstrip(".")
    return PROVIDERS.get(domain, domain)


def domains_of(provider: str) -> tuple[str, ...]:
    """Return the domains that a mailbox provider receives mail for; none for other receivers."""
    return tuple(_DOMAINS.get(provider, "").split())


def crowded(held: Mapping[str, int], *, urgent_only: bool) -> list[str]:
    """Return the mailbox providers for which enough mails are held; ``held`` counts them by provider."""
    most = HELD_URGENT if urgent_only else HELD
    return sorted(name for name, count in held.items() if count >= most and domains_of(name))


def slows(answer: str) -> bool:
    """Return whether an answer means that we are too fast or too many, whatever its code is."""
    return bool(_LONG.search(answer) or _SHORT.search(answer))


def slowed(before: Pace | None, provider: str, answer: str, now: datetime) -> Pace:
    """Return the pace after a refusal. What was under way at the refusal before is refused as well and counts no more."""
    if before is not None and now < before.until:
        return before
    strikes = before.strikes + 1 if before else 1
    plan = LONG if _LONG.search(answer) else SHORT
    until = now + plan[min(strikes, len(plan)) - 1]
    gap = min(max(before.gap * 2, FIRST_GAP) if before else FIRST_GAP, LONGEST_GAP)
    return Pace(provider, until, max(until, before.next_at if before else until), gap, strikes, answer[:300])


def taken(before: Pace) -> Pace | None:
    """Return the pace after a mail was taken; None: the provider is like any other again."""
    gap = before.gap * CALMER
    return None if gap < FORGOTTEN_GAP else replace(before, gap=gap)


def turn(pace: Pace, now: datetime) -> tuple[datetime, Pace]:
    """Return when the next mail of the provider has its turn, and the pace behind it."""
    at = max(pace.next_at, pace.until, now)
    return at, replace(pace, next_at=at + timedelta(seconds=pace.gap))
