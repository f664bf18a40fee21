"""The catalogue of the sample sources, as a person would write it."""

import json
from collections.abc import Callable, Iterable
from string import Template

from alerts.cli.demo.library import Source

_TYPES = {"rss": "feed", "atom": "feed", "json-feed": "feed", "register": "json", "page": "page"}
_ORDERS = {"month-first": "MDY", "chinese": "YMD"}

_HEAD = """\
version: 1

defaults:
  trust: official
  interval: 1m
  timeout: 10s
  look_back: 30d

feeds:
"""
_FEED = Template("""\
  - id: $id
    name: {en: $name, zh-Hans: $name_zh}
    type: $type
    url: $url
    jurisdiction: "$jurisdiction"
    carries: $carries
    rights: [$rights]
    language: $language
    timezone: $timezone
    date_order: $order
    allow_private_networks: true  # the sample sources listen on loopback
""")
_REGISTER = """\
    json:
      items: results
      fields:
        id: document_number
        title: title
        url: html_url
        summary: abstract
        published: publication_date
        document_number: document_number
        document_type: type
      dates:
        in-force: effective_on
        comments-close: comments_close_on
"""
_PAGE = """\
    page:
      rows: ul.news li.entry
      date: time
      summary: p
"""
_MAPPINGS = {"register": _REGISTER, "page": _PAGE}


def feeds_yaml(sources: Iterable[Source], base: Callable[[Source], str]) -> str:
    """Return a feeds.yaml of the sources; ``base`` gives the address of a source's server."""
    return _HEAD + "\n".join(_feed(source, base(source)) for source in sources)


def _feed(source: Source, base: str) -> str:
    text = _FEED.substitute(
        id=source.id,
        name=_quoted(source.name),
        name_zh=_quoted(source.name_zh),
        type=_TYPES[source.form],
        url=_quoted(f"{base}/{source.id}"),
        jurisdiction=source.jurisdiction,
        carries=source.carries.value,
        rights=", ".join(source.rights),
        language=source.language,
        timezone=source.timezone,
        order=_ORDERS.get(source.days_as, "DMY"),
    )
    return text + _MAPPINGS.get(source.form, "")


def _quoted(text: str) -> str:
    """A JSON string is a YAML string (YAML 1.2 section 1.2)."""
    return json.dumps(text, ensure_ascii=False)
