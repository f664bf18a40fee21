"""Mappings for a document that no feed.yaml row describes: a first look, not a configuration.

The list of an API mostly stands under one of a few names, and so do the fields of a record; a page's
notices are its longer links.
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

GUESSED = (
    JsonMapping(
        items=" || ".join((*_LISTS, "@")),
        fields={name: " || ".join(paths) for name, paths in _FIELDS.items()},
    ),
    PageMapping(link_pattern=".+", min_title=12),
)
