"""Articles in the forms that sources really have: RSS 2.0, Atom, JSON Feed, an API's JSON, HTML pages.

Each function returns the same bytes for the same articles, so that a source's ETag changes only with its
content. ``base`` is the address of the source's server, without a slash at its end.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from email.utils import format_datetime
from html import escape

from alerts.cli.demo.library import Article, Source

Form = Callable[[Source, Sequence[Article], str], bytes]

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "li{margin:1rem 0}time{opacity:.7}.sample{border:1px solid;border-radius:.4rem;padding:.3rem .7rem;opacity:.75}"
)
_SAMPLE = "This document is invented for a demonstration. 本文件为演示用虚构内容。"


def address(source: Source, article: Article, base: str) -> str:
    """Return where an article stands."""
    return f"{base}/{source.id}/{article.key}"


def rss(source: Source, articles: Sequence[Article], base: str) -> bytes:
    """Return an RSS 2.0 document."""
    rows = "".join(
        f"<item><title>{escape(article.title)}</title><link>{address(source, article, base)}</link>"
        f'<guid isPermaLink="false">{article.key}</guid><pubDate>{format_datetime(article.at)}</pubDate>'
        f"<description>{escape(f'<p>{escape(article.text)}</p>')}</description></item>\n"
        for article in articles
    )
    head = f"<title>{escape(source.name)}</title><link>{base}/</link><description>Notices</description><language>{source.language}</language>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>{head}\n{rows}</channel></rss>\n'.encode()


def atom(source: Source, articles: Sequence[Article], base: str) -> bytes:
    """Return an Atom document."""
    rows = "".join(
        f"<entry><title>{escape(article.title)}</title><id>tag:{source.id}.example,2026:{article.key}</id>"
        f'<link rel="alternate" href="{address(source, article, base)}"/><updated>{article.at.isoformat()}</updated>'
        f"<published>{article.at.isoformat()}</published><summary>{escape(article.text)}</summary></entry>\n"
        for article in articles
    )
    newest = max(article.at for article in articles).isoformat()
    head = (
        f"<title>{escape(source.name)}</title><id>tag:{source.id}.example,2026:feed</id><updated>{newest}</updated>"
        f"<author><name>{escape(source.name)}</name></author>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{source.language}">'
        f"{head}\n{rows}</feed>\n"
    ).encode()


def json_feed(source: Source, articles: Sequence[Article], base: str) -> bytes:
    """Return a JSON Feed 1.1 document."""
    rows = [
        {
            "id": article.key,
            "url": address(source, article, base),
            "title": article.title,
            "content_text": article.text,
            "date_published": article.at.isoformat(),
        }
        for article in articles
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": source.name, "language": source.language}
    return json.dumps({**head, "items": rows}, indent=1).encode()


def register(source: Source, articles: Sequence[Article], base: str) -> bytes:
    """Return what an official journal's API answers: effective dates and comment periods in fields of their own."""
    rows = [
        {
            "document_number": article.number,
            "type": article.kind,
            "title": article.title,
            "abstract": article.text,
            "publication_date": source.day(article.at).isoformat(),
            "effective_on": article.in_force.isoformat() if article.in_force else None,
            "comments_close_on": article.comments_close.isoformat() if article.comments_close else None,
            "html_url": address(source, article, base),
        }
        for article in articles
    ]
    return json.dumps({"count": len(rows), "total_pages": 1, "results": rows}, indent=1).encode()


def page(source: Source, articles: Sequence[Article], base: str) -> bytes:
    """Return an HTML page with a list of articles."""
    rows = "".join(
        f'<li class="entry"><a href="{address(source, article, base)}">{escape(article.title)}</a> '
        f"<time>{source.written(source.day(article.at))}</time><p>{escape(article.text)}</p></li>\n"
        for article in articles
    )
    return html(source.name, f'<ul class="news">\n{rows}</ul>', source.language)


def article_page(source: Source, article: Article) -> bytes:
    """Return the page of one article."""
    day = source.written(source.day(article.at))
    body = (
        f"<p><time>{day}</time> · {escape(source.name)}</p><article><p>{escape(article.text)}</p></article>"
    )
    return html(article.title, body, source.language)


def html(title: str, body: str, language: str = "en") -> bytes:
    """Return an HTML document that says that it is a sample; ``body`` is markup, ``title`` text."""
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><p class="sample">{_SAMPLE}</p><h1>{escape(title)}</h1>{body}</body></html>\n'
    ).encode()


FORMS: Mapping[str, tuple[Form, str]] = {
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "json-feed": (json_feed, "application/feed+json"),
    "register": (register, "application/json"),
    "page": (page, "text/html; charset=utf-8"),
}
