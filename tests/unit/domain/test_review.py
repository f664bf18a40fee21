"""What waits for an editor."""

from datetime import timedelta

from alerts.domain.review import EVERYTHING, SEVERE, WHOLE_FEED, Hold, Review, editor_key
from alerts.domain.vocabulary import Severity


def test_severities_that_are_named_wait_and_others_do_not() -> None:
    review = Review(frozenset({Severity.CRITICAL}), {Severity.CRITICAL: 2}, timedelta(hours=4))

    assert review.hold(Severity.CRITICAL, relevant=True) == Hold(SEVERE, 2, timedelta(hours=4))
    assert review.hold(Severity.HIGH, relevant=True) is None
    assert review.hold(Severity.CRITICAL, relevant=False) is None


def test_a_feed_that_is_reviewed_whole_says_so() -> None:
    assert Review(EVERYTHING).hold(Severity.LOW, relevant=True) == Hold(WHOLE_FEED, 1, None)


def test_two_spellings_of_a_name_are_one_editor() -> None:
    assert editor_key(" Ｌｉ  WEI") == editor_key("li wei") != editor_key("li-wei")
