"""The web face: public pages, the one-click way out, and the inner listener for machines."""

from alerts.web.app import create_app, create_machine_app
from alerts.web.serving import listening
from alerts.web.site import MOMENT, Office, Site

__all__ = ["MOMENT", "Office", "Site", "create_app", "create_machine_app", "listening"]
