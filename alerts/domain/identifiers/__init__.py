"""Numbers by which a lawyer would search for the matter of an item: read from texts, written in one form, led to their official page.

Only numbers that say themselves what they are: a bare number is never read.
"""

from alerts.domain.identifiers.pages import official_page
from alerts.domain.identifiers.reading import identifier_key, identifiers_in, normalise, spellings

__all__ = ["identifier_key", "identifiers_in", "normalise", "official_page", "spellings"]
