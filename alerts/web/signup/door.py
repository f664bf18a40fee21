"""``/subscribe``: regions → topics → (words to follow) → delivery, with a preview → address → check your mail → confirm.

Pages that ask are GETs and change nothing. The one POST writes a request down and answers the same whether the address is
known or not; only the button behind the mailed link enters anybody.
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from alerts.deliver.address import read_address
from alerts.domain.errors import InputError
from alerts.domain.people import Subscription
from alerts.domain.requests import SESSION, Answered, NewRequest, Purpose
from alerts.domain.requests import Request as Asked
from alerts.domain.text import masked, one_line
from alerts.flow.joining import confirm
from alerts.flow.moving import move
from alerts.flow.preview import preview
from alerts.render.wishes import wish_lines
from alerts.render.words import Words
from alerts.web.doors import CROWDED, crowded, request_behind, sent
from alerts.web.lately import Arrivals
from alerts.web.looks import Looks, Reader
from alerts.web.origin import network
from alerts.web.signup.answers import RECENT, TIMES, TOPICS, Answers, hidden, query_of, read_answers
from alerts.web.signup.counts import Counts
from alerts.web.signup.pace import is_quick, stamped
from alerts.web.signup.places import groups
from alerts.web.signup.zones import guess
from alerts.web.site import Site
from alerts.web.words import words_of

READ = ["GET", "HEAD"]
STEPS = ("regions", "topics", "words", "delivery", "address")
OWN = {
    "regions": ("region",),
    "topics": ("kind", "right", "event", "severity"),
    "words": ("terms", "pinyin"),
    "delivery": ("rhythm", "at", "weekday", "tz", "critical", "recent", "tongue"),
    "address": (),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of the last question."""

    email: str = ""
    company: str = ""
    agree: bool = False


UNTYPED = Typed()


class SignupDoor:
    """Answers for the way in."""

    def __init__(self, site: Site, looks: Looks, got: Arrivals) -> None:
        self._site = site
        self._looks = looks
        self._counts = Counts(got)

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/subscribe", self.first, methods=READ)
        router.add_api_route("/subscribe/{step}", self.step, methods=READ)
        router.add_api_route("/subscribe/address", self.ask, methods=["POST"])
        router.add_api_route("/confirm/{token}", self.look, methods=READ)
        router.add_api_route("/confirm/{token}", self.act, methods=["POST"])
        return router

    def first(self, request: Request) -> Response:
        """Return the first question."""
        return self._page(request, "regions")

    def step(self, request: Request) -> Response:
        """Return a question, with what was answered before; where the question before has no answer, that one."""
        step = request.path_params["step"]
        if step not in STEPS:
            raise HTTPException(404)
        asked = bool(request.query_params.getlist("region"))
        if step != "regions" and not asked:
            fault = "regions" if request.query_params.get("from") else None
            return self._page(request, "regions", fault=fault)
        return self._page(request, step)

    async def ask(self, request: Request) -> Response:
        """Take on that somebody wants alerts, and say what to do next."""
        return await sent(request, self._site, self._ask, 500)

    def _ask(self, request: Request, form: FormData) -> Response:
        reader = Reader.of(request)
        answers = read_answers(form, reader.language)
        email, company = (
            one_line(str(form.get("email", "")), 254),
            one_line(str(form.get("company", "")), 120),
        )
        typed = Typed(str(form.get("email", ""))[:300], company, form.get("agree") == "yes")
        try:
            address = str(read_address(str(form.get("email", "")).strip()))
        except InputError:
            return self._page(request, "address", answers, fault="email", typed=typed)
        if not typed.agree:
            return self._page(request, "address", answers, fault="agree", typed=typed)
        if not answers.regions:
            return self._page(request, "regions", answers, fault="regions")
        values = {
            "email": address,
            "company": company,
            "hidden": answers.pairs(),
            "query": query_of(answers),
            "here": "/subscribe",
            "again": form.get("again") == "yes",
        }
        if form.get("website"):  # a field that people do not see: only programs fill it in
            return self._looks.personal("signup/sent.html", reader, values)
        words, whence = words_of(reader.language), network(request, self._site.proxies)
        wish = NewRequest(
            Purpose.JOIN,
            address,
            answers.tongue,
            whence,
            Subscription(
                company=company or email.rpartition("@")[2],
                email=address,
                criteria=answers.criteria,
                schedule=answers.schedule,
                language=answers.tongue,
                consent=words.gettext("Yes, send me these alerts by mail. I can leave at any time."),
            ),
            RECENT if answers.recent else 0,
            is_quick(self._site, answers, whence),
        )
        done = self._site.store.requests.ask(wish, self._site.clock.now(), self._site.hourly)
        if done is Answered.QUICK:
            return self._page(request, "address", answers, fault="again", typed=typed)
        return self._answered(reader, done, values)

    def _answered(self, reader: Reader, done: Answered, values: dict[str, object]) -> Response:
        if done in CROWDED:
            return crowded(self._looks, reader, done, {"here": values["here"], "query": values["query"]})
        return self._looks.personal("signup/sent.html", reader, values)

    def look(self, request: Request) -> Response:
        """Return what would be sent, and the button."""
        asked, now = self._asked(request), self._site.clock.now()
        return self._confirm_page(request, asked, asked.state(now))

    async def act(self, request: Request) -> Response:
        """Enter the subscription, or take no further request for the address."""
        return await sent(request, self._site, self._act)

    def _act(self, request: Request, form: FormData) -> Response:
        asked, now = self._asked(request), self._site.clock.now()
        state = asked.state(now)
        if form.get("action") == "forbid":
            if state != "used":
                self._site.store.requests.forbid(asked, now)
                state = "forbidden"
            return self._confirm_page(request, asked, state)
        if form.get("action") != "confirm":
            raise HTTPException(400)
        done = move if asked.moves is not None else confirm
        if not done(self._site.store, asked, now):
            return self._confirm_page(request, asked, state)
        return open_session(self._site, asked, now, Reader.of(request, asked.language))

    def _asked(self, request: Request) -> Asked:
        asked = request_behind(self._site, request, "confirm")
        if asked.subscription is None:
            raise HTTPException(404)
        return asked

    def _confirm_page(self, request: Request, asked: Asked, state: str) -> Response:
        reader = Reader.of(request, asked.language)
        subscription = asked.subscription
        assert subscription is not None, "whoever joins has a subscription"
        values = {
            "state": state,
            "moves": asked.moves is not None,
            "address": masked(asked.address),
            "lines": wish_lines(subscription.criteria, Words(reader.language)),
            "subscription": subscription,
            "here": f"/confirm/{request.path_params['token']}",
        }
        status = 410 if state in ("late", "ended") else 200
        return self._looks.personal("signup/confirm.html", reader, values, status)

    def _page(
        self,
        request: Request,
        step: str,
        answers: Answers | None = None,
        *,
        fault: str | None = None,
        typed: Typed = UNTYPED,
    ) -> Response:
        """Return a question; with what is wrong where there is a ``fault``."""
        reader = Reader.of(request)
        zone = guess(request.headers.get("accept-language"), reader.language)
        answers = answers or read_answers(request.query_params, reader.language, zone)
        answers = stamped(self._site, answers, network(request, self._site.proxies))
        values: dict[str, object] = {
            **TOPICS,
            **TIMES,
            "step": step,
            "number": 1
            + [one for one in STEPS if one != "words"].index("topics" if step == "words" else step),
            "answers": answers,
            "hidden": hidden(answers, OWN[step]),
            "groups": groups(self._site.watched) if step == "regions" else (),
            "counts": self._counts.by_place(self._site.clock.now()) if step == "regions" else {},
            "fault": fault,
            "typed": typed,
            "here": "/subscribe" if step == "regions" else f"/subscribe/{step}",
            "query": query_of(answers),
            "past": preview(self._site.store, answers.criteria, self._site.clock.now())
            if step == "delivery"
            else None,
        }
        return self._looks.personal("signup/step.html", reader, values, 422 if fault else 200)


def open_session(site: Site, asked: Asked, now: datetime, reader: Reader) -> Response:
    """Return the way to one's settings, open for ``SESSION``."""
    token = site.tokens.session(asked.public_id, int((now + SESSION).timestamp()))
    query = f"?lang={reader.language.value}" if reader.chosen else ""
    return RedirectResponse(f"{site.prefix}/my/{token}{query}", 303, {"Cache-Control": "no-store"})
