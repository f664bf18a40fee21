"""Mappings for a document that no feed.yaml row describes: a first look, not a configuration.

The list of an API mostly stands under one of a few names, and so do the fields of a record; a page's
notices are its longer links. Twelve Latin letters say as much as four Han characters, and links of four that
every office's page has are known by name.
"""

from alerts.domain.feeds import JsonMapping, PageMapping

_LISTS = ("results", "items", "data", "documents", "records", "entries", "hits", "list", "response.docs")
_FIELDS = {
    "id": ("id", "document_number", "documentNumber", "guid", "uuid", "number"),
    "title": ("title", "name", "headline", "subject", "caseName", "label"),
    "url": ("html_url", "url", "link", "web_url", "permalink", "href", "absolute_url"),
    "summary": ("abstract", "summary", "description", "excerpt", "content_text", "content"),
    "published": ("publication_date", "published", "date_published", "pubDate", "date", "publicationDate"),
    "updated": ("updated", "date_modified", "modified", "last_modified"),
    "document_number": ("document_number", "documentNumber"),
    "document_type": ("type", "document_type"),
}

_EAST_ASIAN = "\u2e80-\ud7af\uf900-\ufaff"
_SHORT_LATIN = f"^[^{_EAST_ASIAN}]{{0,11}}$"
_FURNITURE = "^(?:网站地图|站点地图|网站首页|返回首页|联系我们|关于我们|收藏本站|设为首页|隐私声明|网站声明|查看更多|English)$"

GUESSED = (
    JsonMapping(
        items=" || ".join((*_LISTS, "@")),
        fields={name: " || ".join(paths) for name, paths in _FIELDS.items()},
    ),
    PageMapping(link_pattern=".+", min_title=4, exclude_title=(_SHORT_LATIN, _FURNITURE)),
)
