"""The web face: public pages, the one-click way out, and the inner listener for machines."""

from alerts.web.app import create_app, create_machine_app, create_reading
from alerts.web.makers import Makers, serve
from alerts.web.serving import listening
from alerts.web.site import MOMENT, Office, Site

__all__ = [
    "MOMENT",
    "Makers",
    "Office",
    "Site",
    "create_app",
    "create_machine_app",
    "create_reading",
    "listening",
    "serve",
]
