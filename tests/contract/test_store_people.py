"""Subscribers on every database: coming, changing, leaving, coming back."""

from dataclasses import replace
from datetime import time, timedelta

from alerts.domain.people import Schedule
from alerts.domain.quiet import Quiet
from alerts.domain.vocabulary import ContactStatus, DeliveryState, Language, Rhythm, Severity, Weekday
from alerts.domain.watches import Criteria
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_revision, a_subscription
from tests.contract.steps import collect, due, enter, match_all, only_endpoint, write_digest


def test_a_subscription_comes_back_as_it_was_entered(store: Store) -> None:
    schedule = Schedule(Rhythm.WEEKLY, time(8, 30), "Asia/Shanghai", Weekday.FRIDAY, critical_at_once=False)
    criteria = Criteria(regions=("asean", "US"), terms=("Anker", "安克"), exclude=("gossip",))
    wish = a_subscription(
        name="安娜", company="深圳出口公司", schedule=schedule, criteria=criteria, language=Language.CHINESE
    )

    contact = enter(store, wish)

    endpoint, (watch,) = only_endpoint(contact), contact.watches
    assert (contact.company, contact.name, contact.status) == ("深圳出口公司", "安娜", ContactStatus.ACTIVE)
    assert (endpoint.schedule, endpoint.language, endpoint.address) == (
        schedule,
        Language.CHINESE,
        wish.email,
    )
    assert (endpoint.active, endpoint.next_digest_at) == (True, MONDAY + DAY)
    assert (watch.name, watch.criteria, watch.created_at) == ("default", criteria, MONDAY)
    assert (contact.consent, contact.consent_at) == (wish.consent, MONDAY)


def test_entering_the_same_again_changes_nothing(store: Store) -> None:
    first = enter(store)

    assert enter(store, at=MONDAY + HOUR) == first
    assert [line.event for line in store.ledger.tail()] == ["subscribed"]


def test_spelling_does_not_make_a_second_contact(store: Store) -> None:
    enter(store)

    again = enter(store, a_subscription(" Anna@EXPORTER.example ", company="EXPORTER   ltd"))

    assert [again] == store.subscribers.contacts()
    assert only_endpoint(again).address == "Anna@EXPORTER.example"


def test_other_wishes_replace_those_of_the_watch_and_another_name_adds_one(store: Store) -> None:
    enter(store)
    changed = enter(store, a_subscription(criteria=Criteria(regions=("CN",))), at=MONDAY + HOUR)
    both = enter(store, a_subscription(watch_name="second"), at=MONDAY + 2 * HOUR)

    (watch,) = changed.watches
    assert (watch.criteria.regions, watch.created_at) == (("CN",), MONDAY + HOUR)
    assert [(one.name, one.criteria.regions) for one in both.watches] == [
        ("default", ("CN",)),
        ("second", ("US",)),
    ]
    assert len(store.matches.criteria()) == 2


def test_equal_wishes_of_many_are_stored_once(store: Store) -> None:
    for name in ("a", "b", "c"):
        enter(store, a_subscription(f"{name}@exporter.example"))

    assert len(store.matches.criteria()) == 1


def test_a_digest_that_is_due_stays_due_when_the_schedule_changes(store: Store) -> None:
    enter(store)
    later = a_subscription(schedule=Schedule(Rhythm.DAILY, time(9, 0)))

    due = enter(store, later, at=MONDAY + DAY)
    assert only_endpoint(due).next_digest_at == MONDAY + DAY

    store.digests.advance(only_endpoint(due).id, MONDAY + 2 * DAY)
    moved = enter(store, replace(later, schedule=Schedule(Rhythm.DAILY, time(10, 0))), at=MONDAY + DAY)
    assert only_endpoint(moved).next_digest_at == MONDAY + 2 * DAY


def test_a_change_to_the_immediate_rhythm_frees_what_waited_for_the_digest(store: Store) -> None:
    enter(store)
    collect(store)
    collect(store, a_revision())
    match_all(store)
    assert store.digests.urgent(10) == []

    wish = a_subscription(schedule=Schedule(Rhythm.IMMEDIATE))
    store.subscribers.subscribe(wish, MONDAY, None, store.ledger.tail()[0].hash)

    assert len(store.digests.urgent(10)) == 1
    assert due(store, MONDAY + 9 * DAY, 10) == []


def test_new_words_of_consent_are_recorded_with_their_time(store: Store) -> None:
    enter(store)

    again = enter(store, a_subscription(consent="signed form of 3 March"), at=MONDAY + DAY)

    assert (again.consent, again.consent_at) == ("signed form of 3 March", MONDAY + DAY)


def test_a_contact_is_found_by_number_and_by_address(store: Store) -> None:
    contact = enter(store)

    assert store.subscribers.contact(contact.id) == contact
    assert store.subscribers.contact("ANNA@exporter.example") == contact
    assert store.subscribers.contact("nobody@exporter.example") is None
    assert store.subscribers.contact(contact.id + 10_000) is None
    endpoint = only_endpoint(contact)
    assert store.subscribers.endpoint(endpoint.public_id) == endpoint
    assert store.subscribers.endpoint("forged") is None


def test_one_address_in_two_companies_is_two_contacts_and_the_one_present_is_found(store: Store) -> None:
    first = enter(store)
    second = enter(store, a_subscription(company="Importer Ltd"))
    store.subscribers.leave(only_endpoint(first).public_id, MONDAY, "page")

    assert store.subscribers.contact("anna@exporter.example") == second
    assert [one.id for one in store.subscribers.export()] == [second.id]
    assert len(store.subscribers.contacts()) == 2


def owed_and_due(store: Store) -> str:
    """Return the public id of an endpoint with one digest due and one alert untold."""
    collect(store)
    endpoint = only_endpoint(enter(store))
    for key in ("a", "b"):
        collect(store, a_revision(key))
        match_all(store)
        if key == "a":
            assert write_digest(store, endpoint)
    return endpoint.public_id


def test_leaving_stops_everything_that_is_owed(store: Store) -> None:
    public_id = owed_and_due(store)

    assert store.subscribers.leave(public_id, MONDAY, "one-click")

    contact = store.subscribers.contact("anna@exporter.example")
    assert contact and (contact.status, contact.watches) == (ContactStatus.LEFT, ())
    assert not only_endpoint(contact).active
    assert [one.state for one in store.deliveries.list()] == [DeliveryState.CANCELLED]
    assert store.deliveries.claim(MONDAY, 10, "w1") == []
    assert store.digests.untold(only_endpoint(contact).id) == []
    assert due(store, MONDAY + 9 * DAY, 10) == []
    collect(store, a_revision("c"))
    assert match_all(store).alerts == 0


def test_leaving_twice_is_one_leaving_and_a_forged_link_is_none(store: Store) -> None:
    public_id = owed_and_due(store)

    assert store.subscribers.leave(public_id, MONDAY, "one-click")
    assert store.subscribers.leave(public_id, MONDAY + HOUR, "one-click")
    assert not store.subscribers.leave("forged", MONDAY, "one-click")

    assert [line.event for line in store.ledger.tail()].count("left") == 1


def test_who_left_and_subscribes_again_is_told_again_from_then_on(store: Store) -> None:
    contact = enter(store)
    store.subscribers.leave(only_endpoint(contact).public_id, MONDAY, "page")
    assert store.matches.criteria() == []

    again = enter(store, at=MONDAY + HOUR)

    assert again.status is ContactStatus.ACTIVE
    assert only_endpoint(again).active
    assert only_endpoint(again).public_id == only_endpoint(contact).public_id, (
        "links in old mails go on working"
    )
    assert again.consent_at == MONDAY + HOUR, "the consent is a new one"
    assert [watch.created_at for watch in again.watches] == [MONDAY + HOUR]
    assert len(store.matches.criteria()) == 1


def test_undoing_soon_restores_all_that_was_stopped(store: Store) -> None:
    public_id = owed_and_due(store)
    store.subscribers.leave(public_id, MONDAY, "page")

    assert store.subscribers.rejoin(public_id, MONDAY + HOUR)

    contact = store.subscribers.contact("anna@exporter.example")
    assert contact and (contact.status, len(contact.watches)) == (ContactStatus.ACTIVE, 1)
    assert len(store.digests.untold(only_endpoint(contact).id)) == 1
    assert len(store.deliveries.claim(MONDAY + HOUR, 10, "w1")) == 1
    assert not store.subscribers.rejoin(public_id, MONDAY + HOUR)
    assert not store.subscribers.rejoin("forged", MONDAY)


def test_coming_back_later_does_not_bring_old_news(store: Store) -> None:
    public_id = owed_and_due(store)
    store.subscribers.leave(public_id, MONDAY, "page")

    assert store.subscribers.rejoin(public_id, MONDAY + timedelta(days=30))

    contact = store.subscribers.contact("anna@exporter.example")
    assert contact and store.digests.untold(only_endpoint(contact).id) == []
    assert store.deliveries.claim(MONDAY + timedelta(days=31), 10, "w1") == []


def test_a_pause_holds_everything_until_it_ends_and_loses_nothing(store: Store) -> None:
    collect(store)
    contact = enter(store)
    place, monday_week = only_endpoint(contact), MONDAY + 7 * DAY
    store.subscribers.pause(contact.id, monday_week, {place.id: monday_week}, MONDAY)

    collect(store, a_revision("a"), a_revision("b", severity=Severity.CRITICAL))

    assert match_all(store).alerts == 2
    assert store.digests.urgent(10) == []
    assert due(store, monday_week - HOUR, 10) == []
    assert [one.id for one in due(store, monday_week, 10)] == [place.id]
    assert len(store.digests.untold(place.id)) == 2
    assert [line.event for line in store.ledger.tail()] == ["subscribed", "paused"]


def test_a_pause_is_ended_once_and_a_changed_schedule_does_not_end_it(store: Store) -> None:
    contact = enter(store)
    place, until = only_endpoint(contact), MONDAY + 7 * DAY
    store.subscribers.pause(contact.id, until, {place.id: until}, MONDAY)

    changed = enter(store, a_subscription(schedule=Schedule(Rhythm.WEEKLY)), MONDAY + HOUR)

    assert only_endpoint(changed).next_digest_at == until
    assert store.subscribers.resume(contact.id, {place.id: MONDAY + DAY}, MONDAY + 2 * HOUR)
    assert not store.subscribers.resume(contact.id, {place.id: MONDAY + DAY}, MONDAY + 2 * HOUR)
    found = store.subscribers.contact(contact.id)
    assert found and only_endpoint(found).next_digest_at == MONDAY + DAY


def test_quiet_hours_hold_what_is_not_critical_for_a_digest_at_their_end(store: Store) -> None:
    quiet = Schedule(Rhythm.IMMEDIATE, quiet=Quiet(time(10), time(14)))
    collect(store)
    place = only_endpoint(store.subscribers.subscribe(a_subscription(schedule=quiet), MONDAY, None, "h"))

    collect(store, a_revision("a"), a_revision("b", severity=Severity.CRITICAL))
    match_all(store)

    assert [line.stored.item.key for _, line in store.digests.urgent(10)] == ["b"]
    assert due(store, MONDAY + HOUR, 10) == []
    assert [one.id for one in due(store, MONDAY + 2 * HOUR, 10)] == [place.id]


def test_every_change_of_a_watch_raises_the_version(store: Store) -> None:
    versions = [store.matches.watches_version()]
    public_id = only_endpoint(enter(store)).public_id
    versions.append(store.matches.watches_version())
    store.subscribers.leave(public_id, MONDAY, "page")
    versions.append(store.matches.watches_version())
    store.subscribers.rejoin(public_id, MONDAY)
    versions.append(store.matches.watches_version())

    assert versions == [0, 1, 2, 3]


def test_months_that_bring_nothing_are_told_to_whoever_wants_to_hear_of_them(store: Store) -> None:
    month = timedelta(days=30)
    schedule = replace(a_subscription().schedule, quiet_months=False)
    quiet = enter(store, a_subscription("quiet@acme.example", schedule=schedule))
    heard = enter(store, a_subscription("heard@acme.example"))

    def asked() -> list[int]:
        found = store.readers.unheard(MONDAY, MONDAY + month, 0, 10)
        return [one.endpoint.contact_id for one in found]

    assert only_endpoint(quiet).schedule == schedule
    assert asked() == [heard.id]
    assert store.subscribers.tell_quiet_months(heard.id, MONDAY + DAY, on=False)
    assert not store.subscribers.tell_quiet_months(heard.id, MONDAY + DAY, on=False)
    assert asked() == []
    due_before = only_endpoint(quiet).next_digest_at
    back = enter(store, a_subscription("quiet@acme.example"), at=MONDAY + HOUR)
    assert asked() == [quiet.id]
    assert only_endpoint(back).next_digest_at == due_before, "the switch moves no digest"
    assert [line.event for line in store.ledger.tail()].count("quiet-months") == 1
