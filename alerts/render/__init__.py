"""Words and layout: digests become messages in the reader's language. Templates stand in ``templates/``."""

from alerts.render.environment import make_environment, shipped_templates
from alerts.render.message import HTML_BYTES, Renderer
from alerts.render.words import Words

__all__ = ["HTML_BYTES", "Renderer", "Words", "make_environment", "shipped_templates"]
