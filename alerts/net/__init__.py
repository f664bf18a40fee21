"""The one door out: which addresses may be dialled, and an HTTP client with limits."""

from alerts.domain.dialled import allowed
from alerts.net.agent import PRODUCT, user_agent
from alerts.net.client import Answer, Ask, Client
from alerts.net.dial import Limits, Resolve

__all__ = ["PRODUCT", "Answer", "Ask", "Client", "Limits", "Resolve", "allowed", "user_agent"]
