"""The time zone that a visitor probably lives in, told by the languages of the browser; every form lets it be changed."""

from alerts.domain.vocabulary import Language

# By language and region, then by language alone: the zone where most of those live who have it so.
_ZONES = {
    "zh-tw": "Asia/Taipei", "zh-hk": "Asia/Hong_Kong", "zh-mo": "Asia/Hong_Kong", "zh-sg": "Asia/Singapore", "zh": "Asia/Shanghai",
    "en-us": "America/New_York", "en-gb": "Europe/London", "en-ie": "Europe/London", "en-au": "Australia/Sydney", "en-nz": "Pacific/Auckland",
    "en-in": "Asia/Kolkata", "en-sg": "Asia/Singapore", "en-hk": "Asia/Hong_Kong", "en-ca": "America/Toronto", "en-za": "Africa/Johannesburg",
    "en-ph": "Asia/Manila", "fr-ca": "America/Toronto", "pt-br": "America/Sao_Paulo", "es-mx": "America/Mexico_City", "es-co": "America/Bogota",
    "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "de": "Europe/Berlin", "fr": "Europe/Paris", "es": "Europe/Madrid", "it": "Europe/Berlin",
    "nl": "Europe/Berlin", "pl": "Europe/Warsaw", "tr": "Europe/Istanbul", "ru": "Europe/Moscow", "vi": "Asia/Ho_Chi_Minh",
    "th": "Asia/Bangkok", "id": "Asia/Jakarta", "hi": "Asia/Kolkata", "ar": "Asia/Riyadh", "kk": "Asia/Almaty", "fil": "Asia/Manila",
    "sv": "Europe/Berlin", "da": "Europe/Berlin", "cs": "Europe/Berlin", "hu": "Europe/Berlin", "pt": "Europe/London",
}  # fmt: skip


def guess(accept_language: str | None, page: Language) -> str:
    """Return a zone by the first language that says something; China's for a page in Chinese, else UTC.

    Many browsers in China ask for English first: on a page in Chinese only a Chinese region counts.
    """
    for part in (accept_language or "")[:1000].lower().split(","):
        tag = part.partition(";")[0].strip()
        words = tag.split("-")
        region = next((word for word in words[1:] if len(word) == 2), "")
        zone = _ZONES.get(f"{words[0]}-{region}") or _ZONES.get(words[0])
        if zone and (page is not Language.CHINESE or words[0] == "zh"):
            return zone
    return "Asia/Shanghai" if page is Language.CHINESE else "UTC"
