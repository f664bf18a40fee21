"""What the archive's form offers: places and publishers that are watched, and the words of the vocabulary."""

from alerts.domain.jurisdictions import REGIONS, name
from alerts.domain.vocabulary import Event, Kind, Language, Right, Severity
from alerts.web.archive import Filter
from alerts.web.site import Site


def choices(site: Site, wish: Filter, language: Language) -> dict[str, object]:
    """Return the choices of each field; what is asked for now is always among them."""
    codes = site.watched | (
        {wish.jurisdiction} if wish.jurisdiction and wish.jurisdiction not in REGIONS else set()
    )
    names = {feed.name.get(language, "") for feed in site.feeds().values() if feed.enabled}
    return {
        "region": [slug for slug in REGIONS if slug != "world"],
        "jurisdiction": tuple(sorted(codes, key=lambda code: name(code, language))),
        "publisher": tuple(sorted(names - {""})),
        "kind": Kind,
        "right": Right,
        "event": Event,
        "severity": Severity,
    }
