"""The read API: ``/api/v1``, described by OpenAPI, by the same queries as the pages."""

from alerts.web.api.app import create_api
from alerts.web.api.rates import Rates

__all__ = ["Rates", "create_api"]
