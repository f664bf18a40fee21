"""Feeds to ask in these tests."""

from dataclasses import replace
from datetime import timedelta

from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Language

PLAIN = Feed(
    id="office-news",
    name={Language.ENGLISH: "Office news"},
    type=FeedType.FEED,
    url="http://feeds.example/news.xml",
    jurisdiction="XX",
    timeout=timedelta(seconds=2),
    allow_private_networks=True,
)
PAGE = replace(PLAIN, id="office-page", type=FeedType.PAGE)
API = replace(PLAIN, id="office-api", type=FeedType.JSON)
