"""Ask sources politely: conditional requests, robots.txt, pacing; saved answers for replay."""

from alerts.fetch.http import HttpFetcher
from alerts.fetch.hubs import HubAsker
from alerts.fetch.moved import is_proven, is_steady, sighted
from alerts.fetch.offer import offer_of
from alerts.fetch.pacing import NextPoll, PaceInput, next_poll
from alerts.fetch.patience import http_date
from alerts.fetch.saved import Saved, SavedFetcher, read_folder
from alerts.fetch.validators import after_same_bytes, after_unchanged, are_useless, to_send

__all__ = [
    "HttpFetcher", "HubAsker", "NextPoll", "PaceInput", "Saved", "SavedFetcher", "after_same_bytes", "after_unchanged", "are_useless",
    "http_date", "is_proven", "is_steady", "next_poll", "offer_of", "read_folder", "sighted", "to_send",
]  # fmt: skip
