"""``/manage`` asks for an address, ``/access/{token}`` opens once what is mailed, ``/my/{session}`` holds the settings.

No cookie: the session is a word in the address, signed, for two hours, of one request alone. It knows an address and shows what
belongs to it; a number of anything else is answered like a page that does not exist.
"""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from alerts.deliver.address import read_address
from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Endpoint
from alerts.domain.requests import NewRequest, Purpose
from alerts.domain.requests import Request as Asked
from alerts.domain.text import masked
from alerts.domain.vocabulary import ChannelKind
from alerts.flow import settings
from alerts.flow.calendars import links_of
from alerts.flow.joining import here
from alerts.render.wishes import wish_lines
from alerts.render.words import Words
from alerts.web.archive import number_of
from alerts.web.doors import CROWDED, crowded, form_of, request_behind, sent
from alerts.web.looks import PERSONAL, Looks, Reader
from alerts.web.my import hooks
from alerts.web.my.acts import Visit, change, typed_again, watch_of
from alerts.web.my.watch import watch_values
from alerts.web.origin import network
from alerts.web.signup.answers import TIMES, Answers, read_answers
from alerts.web.signup.door import open_session
from alerts.web.site import Site

READ = ["GET", "HEAD"]
# By button: what is wrong when it cannot be done, and the field where.
FAULTS = {"pause": ("day", "until"), "invite": ("email", "email"), "move": ("email", "email")}
MANAGE: dict[str, object] = {"here": "/manage", "state": "ask", "fault": False, "typed": ""}


class MyDoor:
    """Answers for one's own settings."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks
        self._hooks = hooks.Hooks(site)

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/manage", self.manage, methods=READ)
        router.add_api_route("/manage", self.ask, methods=["POST"])
        router.add_api_route("/access/{token}", self.look, methods=READ)
        router.add_api_route("/access/{token}", self.open, methods=["POST"])
        router.add_api_route("/my/{session}", self.show, methods=READ)
        router.add_api_route("/my/{session}", self.act, methods=["POST"])
        router.add_api_route("/my/{session}/export.json", self.export, methods=READ)
        router.add_api_route("/my/{session}/watch/{number}", self.watch, methods=READ)
        return router

    def manage(self, request: Request) -> Response:
        """Return the question for an address: mails lead here without a word that opens anything."""
        return self._looks.page("manage.html", Reader.of(request), MANAGE)

    async def ask(self, request: Request) -> Response:
        """Take on that somebody wants a link; the answer is the same for every address."""
        return await sent(request, self._site, self._ask)

    def _ask(self, request: Request, form: FormData) -> Response:
        reader, now = Reader.of(request), self._site.clock.now()
        try:
            address = str(read_address(str(form.get("email", "")).strip()))
        except InputError:
            values = MANAGE | {"fault": True, "typed": str(form.get("email", ""))[:300]}
            return self._looks.personal("manage.html", reader, values, 422)
        wish = NewRequest(Purpose.ACCESS, address, reader.language, network(request, self._site.proxies))
        done = self._site.store.requests.ask(wish, now, self._site.hourly)
        if done in CROWDED:
            return crowded(self._looks, reader, done, {"here": "/manage"})
        values = {"here": "/manage", "state": "sent", "address": address}
        return self._looks.personal("manage.html", reader, values)

    def look(self, request: Request) -> Response:
        """Return the button that opens the settings; looking uses nothing up."""
        asked = request_behind(self._site, request, "access")
        fresh = asked.state(self._site.clock.now()) == "open"
        values = {"here": f"/access/{request.path_params['token']}", "state": "open" if fresh else "late"}
        return self._looks.personal(
            "access.html", Reader.of(request, asked.language), values, 200 if fresh else 410
        )

    async def open(self, request: Request) -> Response:
        """Open the settings, once."""
        return await sent(request, self._site, self._open)

    def _open(self, request: Request, form: FormData) -> Response:
        asked, now = request_behind(self._site, request, "access"), self._site.clock.now()
        if form.get("action") != "open":
            raise HTTPException(400)
        reader = Reader.of(request, asked.language)
        if not self._site.store.requests.use(asked, now, owes=False):
            values = {"here": f"/access/{request.path_params['token']}", "state": "late"}
            return self._looks.personal("access.html", reader, values, 410)
        return open_session(self._site, asked, now, reader)

    def show(self, request: Request) -> Response:
        """Return the settings."""
        return self._page(request, self._session(request))

    def export(self, request: Request) -> Response:
        """Return all that is kept about the address."""
        asked = self._session(request)
        body = json.dumps(
            settings.everything(self._site.store, asked.address), default=str, ensure_ascii=False, indent=2
        )
        headers = {**PERSONAL, "Content-Disposition": 'attachment; filename="alerts.json"'}
        return Response(body, headers=headers, media_type="application/json; charset=utf-8")

    def watch(self, request: Request) -> Response:
        """Return the form for what a watch takes."""
        asked = self._session(request)
        return self._watch_page(request, asked, number_of(request.path_params["number"]))

    def _watch_page(
        self, request: Request, asked: Asked, number: int, typed: FormData | None = None
    ) -> Response:
        """Return the form; ``typed`` is what was sent in and cannot be taken."""
        place, watch = watch_of(self._site, asked, number)
        reader = Reader.of(request, place[1].language)
        back = f"/my/{request.path_params['session']}"
        values = watch_values(self._site, watch, reader) | {
            "who": place[0], "watch": watch, "here": f"{back}/watch/{number}", "back": back, "fault": typed is not None,
        }  # fmt: skip
        if typed is not None:
            values["answers"] = read_answers(typed, reader.language)
        return self._looks.personal("my/watch.html", reader, values, 422 if typed is not None else 200)

    async def act(self, request: Request) -> Response:
        """Change something, and show how things stand then."""
        form = await form_of(request, self._site, 500)
        if (action := str(form.get("action", ""))) in hooks.ACTIONS:
            return await self._hook(request, form, action)
        return await run_in_threadpool(self._act, request, form)

    async def _hook(self, request: Request, form: FormData, action: str) -> Response:
        asked = await run_in_threadpool(self._session, request)
        visit = Visit(request, asked, form, self._site.clock.now())
        try:
            done = await self._hooks.act(visit, action)
        except LookupError:
            raise HTTPException(404) from None
        said = {name: getattr(done, name) for name in ("done", "fault", "secret") if getattr(done, name)}
        said |= {"action": action, "at": visit.field("contact"), "channel": visit.field("channel")}
        said |= {"typed": visit.field("url")[:2048]} if done.fault else {}
        return await run_in_threadpool(lambda: self._page(request, asked, **said))

    def _act(self, request: Request, form: FormData) -> Response:
        visit = Visit(request, self._session(request), form, self._site.clock.now())
        action = str(form.get("action", ""))
        if action == "delete":
            return self._delete(visit)
        if action == "close":
            self._site.store.requests.end(visit.asked, visit.now)
            return RedirectResponse(f"{self._site.prefix}/manage", 303)
        try:
            done = change(self._site, visit, action)
        except InputError as fault:
            return self._refused(visit, action, str(fault))
        except LookupError:
            raise HTTPException(404) from None
        return self._page(request, visit.asked, done=done)

    def _refused(self, visit: Visit, action: str, why: str) -> Response:
        """Return the page with what was typed, and what is wrong with it."""
        if action == "watch":
            return self._watch_page(visit.request, visit.asked, number_of(visit.field("watch")), visit.form)
        fault, field = FAULTS.get(action, ("other", ""))
        said = {"fault": why if why == "same" else fault, "action": action, "at": visit.field("contact")}
        return self._page(visit.request, visit.asked, **said, typed=typed_again(field, visit.field(field)))

    def _delete(self, visit: Visit) -> Response:
        if visit.form.get("sure") != "yes":
            return self._page(visit.request, visit.asked, fault="sure")
        reader = Reader.of(visit.request, visit.asked.language)
        receipt = NewRequest(Purpose.GOODBYE, visit.asked.address, reader.language, "")
        self._site.store.erasure.delete(receipt, visit.now)
        return self._looks.personal("manage.html", reader, {"here": "/manage", "state": "deleted"})

    def _session(self, request: Request) -> Asked:
        """Return the request whose session this is; 404 for every other word, and for one that is over."""
        named = self._site.tokens.read_session(request.path_params["session"])
        asked = self._site.store.requests.find(named[0]) if named else None
        now = self._site.clock.now().timestamp()
        if (
            asked is None
            or named is None
            or asked.used_at is None
            or asked.ended_at is not None
            or named[1] <= now
        ):
            raise HTTPException(404)
        return asked

    def _page(self, request: Request, asked: Asked, **said: str) -> Response:
        store, now = self._site.store, self._site.clock.now()
        people = here(store, asked.address)
        places = [
            (one, at)
            for one in people
            for at in one.endpoints
            if at.channel is ChannelKind.EMAIL and at.active
        ]
        reader = Reader.of(request, places[0][1].language if places else asked.language)
        words = Words(reader.language)
        values = {
            "address": masked(asked.address),
            "places": [self._place(one, at, words, now) for one, at in places],
            **TIMES,
            "here": f"/my/{request.path_params['session']}",
            "posted": hooks.POSTED if self._site.means else (),
            **dict.fromkeys(("fault", "done", "action", "at", "typed", "secret", "channel"), ""),
            **said,
        }  # fmt: skip
        return self._looks.personal("my/page.html", reader, values, 422 if "fault" in said else 200)

    def _place(self, contact: Contact, endpoint: Endpoint, words: Words, now: datetime) -> dict[str, object]:
        plan, site = endpoint.schedule, self._site
        answers = Answers(
            rhythm=plan.rhythm, at=plan.at.strftime("%H:%M"), weekday=plan.weekday, zone=plan.zone,
            critical=plan.critical_at_once, tongue=endpoint.language,
        )  # fmt: skip
        zone = ZoneInfo(plan.zone)
        paused = endpoint.paused_until is not None and endpoint.paused_until > now
        return {
            "contact": contact,
            "endpoint": endpoint,
            "answers": answers,
            "watches": [(watch, wish_lines(watch.criteria, words)) for watch in contact.watches],
            "paused": words.moment(endpoint.paused_until, zone) if paused and endpoint.paused_until else "",
            "hooks": hooks.shown(site, contact),
            "next": words.moment(endpoint.next_digest_at, zone) if endpoint.next_digest_at else "",
            "links": links_of(site.store, endpoint, site.tokens, site.public_url),
        }
