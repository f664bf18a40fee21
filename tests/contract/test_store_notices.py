"""What is told besides digests, on every database."""

from alerts.domain.digests import NOTICE
from alerts.store import Store
from tests.builders import DAY, MONDAY
from tests.contract.steps import a_digest, enter, only_endpoint


def test_a_notice_is_written_once_and_leaves_the_digests_hour_alone(store: Store) -> None:
    endpoint = only_endpoint(enter(store))
    row = a_digest(endpoint, (), "notice:welcome:1", rhythm=NOTICE)

    assert store.digests.write(row, MONDAY + 9 * DAY)
    assert not store.digests.write(row, MONDAY + 9 * DAY)

    (claim,) = store.deliveries.claim(MONDAY, 10, "w1")
    assert claim.rhythm == NOTICE and claim.message.subject == row.message.subject
    kept = store.subscribers.endpoint(endpoint.public_id)
    assert kept is not None and kept.next_digest_at == endpoint.next_digest_at


def test_nobody_who_has_left_gets_a_notice(store: Store) -> None:
    endpoint = only_endpoint(enter(store))
    store.subscribers.leave(endpoint.public_id, MONDAY, "page")

    assert not store.digests.write(a_digest(endpoint, (), "notice:welcome:1", rhythm=NOTICE), None)
