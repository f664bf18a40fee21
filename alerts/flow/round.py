"""One round of everything that is due, in the order of the line: ``alerts run --once``, and a rehearsal with a set clock."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from alerts.flow.announce import announce
from alerts.flow.assign import Assigned, assign_all
from alerts.flow.colleagues import warn_of_dead
from alerts.flow.joining import mail_requests
from alerts.flow.letters import tell_readers
from alerts.flow.operator import tell_of_templates
from alerts.flow.poll import PollLine, poll_due
from alerts.flow.posting import post_due
from alerts.flow.push import ask_hubs
from alerts.flow.report import Built, build_due
from alerts.flow.send import Sent, send_due
from alerts.flow.service import Service
from alerts.flow.setback import plan_anew
from alerts.flow.vigil import look_after, look_around, tell_operator


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    polls: tuple[PollLine, ...] = ()
    assigned: Assigned = field(default_factory=Assigned)
    built: Built = field(default_factory=Built)
    sent: Sent = field(default_factory=Sent)
    alarms: int = 0  # events that the operator was mailed


async def one_round(service: Service, roles: frozenset[str]) -> Round:
    """Return what was done; stages whose role is not in ``roles`` are left to other processes."""
    await asyncio.to_thread(plan_anew, service)
    polls = await poll_due(service) if "poll" in roles else []
    if "poll" in roles:
        await ask_hubs(service)
        await asyncio.to_thread(look_around, service)
        await asyncio.to_thread(look_after, service)
    assigned = await assign_all(service) if "match" in roles else Assigned()
    await asyncio.to_thread(service.store.search.catch_up, service.news_at())
    built = await build_due(service) if "build" in roles else Built()
    if "build" in roles:
        await asyncio.to_thread(tell_readers, service)
    sent = await send_all(service) if "send" in roles else Sent()
    alarms = await tell_operator(service) if "send" in roles else 0
    if "send" in roles:
        await tell_of_templates(service)
        await announce(service)
    return Round(tuple(polls), assigned, built, sent, alarms)


async def send_all(service: Service) -> Sent:
    """Return how everything that was due ended, mailed and posted; what people are then to be told goes out, too."""
    await mail_requests(service)
    posted = await post_due(service, patient=True)
    mailed = await send_due(service)
    counted = Counter(posted.states) + Counter(mailed.states)
    if await warn_of_dead(service):
        counted += Counter((await send_due(service)).states)
    return Sent(dict(counted))
