"""What the operator's people see behind ``/admin``: one small door for each room, all of them through one desk."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.web.admin.audit import AuditDoor
from alerts.web.admin.deliveries import DeliveriesDoor
from alerts.web.admin.desk import Desk
from alerts.web.admin.feeds import FeedsDoor
from alerts.web.admin.login import LoginDoor
from alerts.web.admin.overview import OverviewDoor
from alerts.web.admin.review import ReviewDoor
from alerts.web.admin.suppressions import SuppressionsDoor

DOORS = (LoginDoor, OverviewDoor, FeedsDoor, ReviewDoor, DeliveriesDoor, SuppressionsDoor, AuditDoor)


def admin_routes(desk: Desk) -> APIRouter:
    """Return the addresses of all rooms."""
    router = APIRouter()
    for door in DOORS:
        router.include_router(door(desk).routes())
    return router


def to_login(desk: Desk) -> Callable[[Request, Exception], Response]:
    """Return what leads whoever is not logged in to the door, the same from every address."""

    def answer(request: Request, _error: Exception) -> Response:
        return desk.let_out(desk.to(request, "/admin/login"))

    return answer
