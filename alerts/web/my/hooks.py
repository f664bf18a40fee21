"""Webhooks and chat groups that readers enter themselves: proved before the first message, their secret shown once.

The same use cases as ``alerts endpoints``: the address is checked and dialled by the guarded client, a webhook must echo a challenge,
a chat group sees a greeting. What the other side answered is not shown, so that nobody reads an inner network by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Endpoint
from alerts.domain.posts import PostState
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.flow.endpoints import Means, Wanted, add, rotate, trial, verify
from alerts.flow.settings import own
from alerts.web.api.rates import Rates
from alerts.web.archive import number_of
from alerts.web.my.acts import Visit
from alerts.web.site import Site

ACTIONS = ("hook-add", "hook-verify", "hook-test", "hook-secret", "hook-end")
POSTED = tuple(kind for kind in ChannelKind if kind is not ChannelKind.EMAIL)
MOST = 5  # of one contact
TRIES, EACH = 6, 1 / 60  # messages that prove or try, for one host: at once, and one more each minute


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as the page says it; ``secret`` is shown this once."""

    done: str = ""
    fault: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The buttons for endpoints that are posted to. ``tries``: what one host is sent that is no delivery."""

    site: Site
    tries: Rates = field(default_factory=lambda: Rates(TRIES, EACH))

    async def act(self, visit: Visit, action: str) -> Done:
        """Return what was done.

        Raises:
            LookupError: the contact or endpoint is not theirs.
            HTTPException: 404, this site posts nothing.
        """
        if self.site.means is None:
            raise HTTPException(404)
        means = self.site.means()
        contact, _ = own(self.site.store, visit.asked.address, number_of(visit.field("contact")))
        try:
            if action == "hook-add":
                return await self._add(means, visit, contact)
            return await self._other(means, visit, contact, action)
        except InputError:
            return Done(fault="hook")

    async def _add(self, means: Means, visit: Visit, contact: Contact) -> Done:
        if len(shown(self.site, contact)) >= MOST:
            return Done(fault="hooks")
        channel = next((one for one in POSTED if one.value == visit.field("channel")), None)
        if channel is None:
            return Done(fault="hook")
        wanted = Wanted(str(contact.id), channel, visit.field("url"), visit.field("secret") or None)
        added = add(means, wanted)
        proved = await self._prove(means, added.endpoint, _host(visit.field("url")))
        return Done(proved.done, proved.fault, added.secret or "")

    async def _other(self, means: Means, visit: Visit, contact: Contact, action: str) -> Done:
        number = number_of(visit.field("endpoint"))
        endpoint = next(
            (one for one in contact.endpoints if one.id == number and one.channel in POSTED), None
        )
        if endpoint is None:
            raise LookupError(number)
        if action == "hook-end":
            means.store.posts.remove(number, visit.now)
            return Done("hook-ended")
        if action == "hook-secret":
            made = rotate(means, number, visit.field("secret") or None)
            return Done("hook-secret", secret=made or "")
        host = _host(endpoint.address)
        if action == "hook-verify":
            return await self._prove(means, endpoint, host)
        if not self._may_try(host):
            return Done(fault="hook-often")
        receipt = await trial(means, number)
        return Done("hook-tried") if receipt.state is DeliveryState.SENT else Done(fault="hook-silent")

    async def _prove(self, means: Means, endpoint: Endpoint, host: str) -> Done:
        if not self._may_try(host):
            return Done(fault="hook-often")
        receipt, _ = await verify(means, endpoint.id)
        return Done("hook-proved") if receipt.state is DeliveryState.SENT else Done(fault="hook-silent")

    def _may_try(self, host: str) -> bool:
        return self.tries.take(host)[0]


def shown(site: Site, contact: Contact) -> Sequence[tuple[Endpoint, PostState]]:
    """Return the endpoints of a contact that are posted to; their addresses are kept in part only."""
    numbers = [one.id for one in contact.endpoints if one.channel in POSTED]
    return site.store.posts.named(numbers) if numbers else ()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url)[:200]
    except ValueError:
        return url[:200]
