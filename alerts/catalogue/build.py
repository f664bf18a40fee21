"""Make Feed values of a checked file. Settings of ``defaults`` hold where a feed says nothing itself."""

from alerts.catalogue.mappings import DetailModel, JsonModel, PageModel, PagingModel
from alerts.catalogue.model import FeedModel, Headers, Inherited, NameModel
from alerts.catalogue.secrets import Keyring, SecretRef
from alerts.domain.feeds import DetailMapping, Feed, ItemFilter, JsonMapping, PageMapping, Paging
from alerts.domain.review import Review
from alerts.domain.vocabulary import Language

SecretFault = tuple[str, str]  # header name and what is wrong with its secret


def build_feed(
    feed: FeedModel, defaults: Inherited, keyring: Keyring
) -> tuple[Feed, tuple[SecretFault, ...]]:
    """Return the feed and the secrets that an enabled feed needs but nobody gave."""
    settings = _inherit(feed, defaults)
    headers, faults = _resolve({**defaults.headers, **feed.headers}, keyring, feed.enabled)
    built = Feed(
        id=feed.id,
        name=_names(feed.name),
        type=feed.type,
        url=feed.url,
        jurisdiction=feed.jurisdiction,
        carries=settings.carries,
        rights=tuple(settings.rights),
        language=settings.language,
        publisher=feed.publisher,
        trust=settings.trust,
        interval=settings.interval,
        adaptive=_adaptive(feed, defaults),
        pace=settings.pace,
        timeout=settings.timeout,
        max_bytes=settings.max_bytes,
        timezone=settings.timezone,
        date_order=settings.date_order,
        filter=ItemFilter(tuple(feed.filter.include), tuple(feed.filter.exclude)),
        topical=settings.topical,
        headers=headers,
        user_agent=settings.user_agent,
        allow_private_networks=feed.allow_private_networks,
        robots=settings.robots,
        review=Review(settings.review, settings.approvals, settings.release_after),
        enabled=feed.enabled,
        json=_api(feed.mapping_json) if feed.mapping_json else None,
        page=_page(feed.page) if feed.page else None,
        detail=_detail(feed.detail) if feed.detail else None,
        look_back=settings.look_back,
        websub=feed.websub,
        websub_sha1=feed.websub_sha1,
    )
    return built, faults


def _adaptive(feed: FeedModel, defaults: Inherited) -> bool:
    """Return whether the feed's own rhythm decides; what the feed says is nearer than what is said for all."""
    if feed.model_fields_set & {"interval", "pace"}:
        return "interval" not in feed.model_fields_set
    return "interval" not in defaults.model_fields_set


def _inherit(feed: FeedModel, defaults: Inherited) -> Inherited:
    """Return the settings with what the feed says over what the defaults say."""
    own = {name: getattr(feed, name) for name in Inherited.model_fields if name in feed.model_fields_set}
    return defaults.model_copy(update=own)


def _names(name: NameModel) -> dict[Language, str]:
    return {Language.ENGLISH: name.en, Language.CHINESE: name.zh_hans or name.en}


def _resolve(
    headers: Headers, keyring: Keyring, enabled: bool
) -> tuple[dict[str, str], tuple[SecretFault, ...]]:
    """Return the header values; a feed that is not enabled needs no secrets."""
    values: dict[str, str] = {}
    faults: list[SecretFault] = []
    for name, value in headers.items():
        if not isinstance(value, SecretRef):
            values[name] = value
        elif enabled:
            values[name], why = keyring.find(value)
            faults += [(name, why)] if why else []
    return values, tuple(faults)


def _api(api: JsonModel) -> JsonMapping:
    return JsonMapping(
        items=api.items,
        fields=dict(api.fields),
        dates=dict(api.dates),
        answer=api.answer,
        record=api.record,
        url_template=api.url_template,
        method=api.method,
        body=api.body,
        paging=_paging(api.paging) if api.paging else None,
        script=api.script,
    )


def _paging(paging: PagingModel) -> Paging:
    return Paging(**paging.model_dump())


def _page(page: PageModel) -> PageMapping:
    lists = {"exclude_title": tuple(page.exclude_title), "ignore": tuple(page.ignore)}
    return PageMapping(**{**page.model_dump(), **lists})


def _detail(detail: DetailModel) -> DetailMapping:
    return DetailMapping(**detail.model_dump())
