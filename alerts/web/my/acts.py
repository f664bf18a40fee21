"""What the buttons of the settings do, each only with what belongs to the address that opened them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from alerts.deliver.address import read_address
from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Endpoint, WatchLine
from alerts.domain.requests import Request as Asked
from alerts.flow import settings
from alerts.flow.joining import here
from alerts.flow.moving import ask_to_move
from alerts.web.archive import number_of
from alerts.web.looks import Reader
from alerts.web.my.watch import watch_answers
from alerts.web.origin import network
from alerts.web.signup.answers import read_answers
from alerts.web.site import Site

Place = tuple[Contact, Endpoint]


@dataclass(frozen=True, slots=True)
class Visit:
    """A button that was pressed in the settings behind ``asked``."""

    request: Request
    asked: Asked
    form: FormData
    now: datetime

    def field(self, name: str) -> str:
        """Return what a field holds, without spaces around it."""
        return str(self.form.get(name, "")).strip()


def change(site: Site, visit: Visit, action: str) -> str:
    """Return what was done.

    Raises:
        LookupError: it is not theirs.
        InputError: what was filled in cannot be done.
        HTTPException: 400, there is no such button.
    """
    place = settings.own(site.store, visit.asked.address, number_of(visit.field("contact")))
    if action not in _ACTS:
        raise HTTPException(400)
    _ACTS[action](site, visit, place)
    return action


def _schedule(site: Site, visit: Visit, place: Place) -> None:
    answers = read_answers(visit.form, Reader.of(visit.request).language)
    ticked = visit.form.getlist("months")  # a form without that tick box leaves quiet months as they are
    months = ticked[-1] == "yes" if ticked else place[1].schedule.quiet_months
    plan = replace(answers.schedule, quiet_months=months)
    settings.reschedule(site.store, place, plan, answers.tongue, visit.now)


def _watch(site: Site, visit: Visit, place: Place) -> None:
    _, watch = watch_of(site, visit.asked, number_of(visit.field("watch")))
    criteria = watch_answers(visit.form, Reader.of(visit.request).language)
    settings.rewatch(site.store, place, watch, criteria, visit.now)


def _pause(site: Site, visit: Visit, place: Place) -> None:
    settings.rest(site.store, place, _day(visit.field("until")), visit.now)


def _resume(site: Site, visit: Visit, place: Place) -> None:
    settings.rest(site.store, place, None, visit.now)


def _leave(site: Site, visit: Visit, place: Place) -> None:
    site.store.subscribers.leave(place[1].public_id, visit.now, "settings")


def _invite(site: Site, visit: Visit, place: Place) -> None:
    """Ask a colleague whether they want the same."""
    address, whence = str(read_address(visit.field("email"))), network(visit.request, site.proxies)
    wanted = settings.invite(place, address, place[1].language, whence)
    site.store.requests.ask(wanted, visit.now, site.hourly)


def _move(site: Site, visit: Visit, place: Place) -> None:
    """Ask another address whether the alerts may go there from now on."""
    address, whence = str(read_address(visit.field("email"))), network(visit.request, site.proxies)
    if address.casefold() == place[1].address.casefold():
        raise InputError("same")
    ask_to_move(site.store, place, address, whence, (visit.now, site.hourly))


_ACTS = {
    "schedule": _schedule, "watch": _watch, "pause": _pause, "resume": _resume, "leave": _leave, "invite": _invite, "move": _move,
}  # fmt: skip


def watch_of(site: Site, asked: Asked, number: int) -> tuple[Place, WatchLine]:
    """Return a watch of the address, and whose it is.

    Raises:
        HTTPException: 404, it is somebody else's, or nobody's.
    """
    for contact in here(site.store, asked.address):
        for watch in contact.watches:
            if watch.id == number:
                return settings.own(site.store, asked.address, contact.id), watch
    raise HTTPException(404)


def typed_again(field: str, text: str) -> str:
    """Return what stood in a field, to stand there again: a field of days shows days alone."""
    try:
        return _day(text).isoformat() if field == "until" else text[:300]
    except InputError:
        return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("day") from None
