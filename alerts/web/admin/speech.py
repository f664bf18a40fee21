"""Words of these pages alone: instants as a list shows them, states and reasons that rows keep as slugs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from urllib.parse import quote

from alerts.domain.events import FLOOD_HELD
from alerts.domain.review import SEVERE, WHOLE_FEED
from alerts.domain.vocabulary import DeliveryState, Language
from alerts.render.words import Words
from alerts.web.words import words_of


def stamp(instant: datetime) -> str:
    """Return date and time, UTC, in the form that sorts."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


@cache
def speech(language: Language) -> Mapping[str, Callable[..., str]]:
    """Return what templates say these things with."""
    words = words_of(language)
    reasons = {
        WHOLE_FEED: words.gettext("all notices of this source wait for an editor"),
        SEVERE: words.gettext("notices of this severity wait for an editor"),
        FLOOD_HELD: words.gettext(
            "far more new notices at once than ever; they go out after 12 hours by themselves"
        ),
    }
    released = words.gettext("given back")

    def state_name(slug: str) -> str:
        return words.name(DeliveryState(slug)) if slug in list(DeliveryState) else released

    def held_reason(kept: str | None) -> str:
        return reasons.get(kept or "", kept or "")

    dead = {
        "dead-address": words.gettext("there is no such mailbox"),
        "dead-domain": words.gettext("the domain takes no mail"),
        "complaint": words.gettext("marked as spam"),
        "bounce": words.gettext("mails came back"),
    }

    def dead_reason(kept: str) -> str:
        return dead.get(kept, kept)

    return {
        "stamp": stamp,
        "dead_reason": dead_reason,
        "state_name": state_name,
        "held_reason": held_reason,
        **_of_the_log(words),
    }


def _of_the_log(words: Words) -> Mapping[str, Callable[..., str]]:
    """Return how a line of the log is read: on what something was done, and what is kept beside it."""
    subjects = {
        "item": words.gettext("Notice"),
        "delivery": words.gettext("Delivery"),
        "feed": words.gettext("Source"),
        "admin": words.gettext("Admin"),
        "session": words.gettext("Session"),
        "sessions": words.gettext("All sessions of an admin"),
        "address": words.gettext("Address"),
    }
    names = {
        "note": words.gettext("note"),
        "why": words.gettext("reason"),
        "by": words.gettext("with"),
        "agreed": words.gettext("agreed"),
        "needed": words.gettext("needed"),
        "sent": words.gettext("had been sent"),
    }
    values = {
        "authenticator": words.gettext("code of the authenticator"),
        "recovery code": words.gettext("recovery code"),
        "name": words.gettext("unknown name"),
        "password": words.gettext("wrong password"),
        "code": words.gettext("wrong or used code"),
        "disabled": words.gettext("admin is shut out"),
        "True": words.gettext("yes"),
        "False": words.gettext("no"),
    }

    def subject(kept: str) -> str:
        kind, _, which = kept.partition(":")
        return f"{subjects.get(kind, kind)} {which[:16]}" if which else kept

    def fact(name: str, value: object) -> str:
        text = str(value) if name == "note" else values.get(str(value), str(value))
        return f"{names.get(name, name)}{words.gettext(': ')}{text}"

    return {"subject": subject, "fact": fact}


def place(kept: str) -> str:
    """Return the page of what a line of the log names; empty where it has none."""
    kind, _, which = kept.partition(":")
    pages = {"item": "/items/", "delivery": "/admin/deliveries/", "feed": "/admin/feeds/"}
    return pages[kind] + quote(which, safe="") if kind in pages and which else ""
