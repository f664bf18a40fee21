"""Ask sources politely: conditional requests, robots.txt, pacing; saved answers for replay."""

from alerts.fetch.http import HttpFetcher
from alerts.fetch.pacing import NextPoll, PaceInput, next_poll
from alerts.fetch.saved import Saved, SavedFetcher, read_folder

__all__ = ["HttpFetcher", "NextPoll", "PaceInput", "Saved", "SavedFetcher", "next_poll", "read_folder"]
