"""Admins on every database: what is good once, what locks, what ends, and the log that nobody changes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from alerts.domain.admins import IDLE, LONGEST, Admin, Keys, Proof, Session, Visit, hashed
from alerts.domain.audit import Act, Actor, AuditQuery, Mark
from alerts.domain.errors import StoreError
from alerts.store import Opening, Store
from tests.builders import DAY, MONDAY

HOME, AWAY = Visit("192.0.2.0/24", "Browser"), Visit("203.0.113.0/24")
HERE = Actor("root")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def li(store: Store) -> Admin:
    assert store.admins.add("Li", Keys("argon", "sealed"), {"c1", "c2"}, HERE, MONDAY)
    return store.admins.all(MONDAY)[0]


def opening(store: Store, step: int | None = None, code: str | None = None, **values: object) -> Opening:
    account = store.admins.account("li")
    assert account is not None
    token = hashed(str(values.pop("token", step or code)))
    return Opening(account, Proof(step, code), values.pop("visit", HOME), token)  # type: ignore[arg-type]


def acts(store: Store) -> list[Act]:
    return [line.act for line in reversed(store.audit.page(AuditQuery(limit=100)).lines)]


def session(store: Store, step: int, at: datetime = MONDAY) -> Session:
    assert store.sessions.open(opening(store, step), at)
    found = store.sessions.find(hashed(str(step)), at)
    assert found is not None
    return found


def test_a_name_is_taken_once_however_it_is_spelt(store: Store, li: Admin) -> None:
    assert not store.admins.add("ＬＩ", Keys("other", "other"), {"c3"}, HERE, MONDAY)
    assert store.admins.account("li").keys == Keys("argon", "sealed")  # type: ignore[union-attr]
    assert (li.active, li.codes, li.sessions, li.last_login_at) == (True, 2, 0, None)
    assert store.admins.account("wang") is None
    assert acts(store) == [Act.ADMIN_ADDED]


def test_a_code_is_good_once_and_none_before_it_is_good_after(store: Store, li: Admin) -> None:
    assert store.sessions.open(opening(store, 100), MONDAY)

    assert not store.sessions.open(opening(store, 100, token="again"), MONDAY)
    assert not store.sessions.open(opening(store, 99, token="before"), MONDAY)
    assert store.sessions.open(opening(store, 101), MONDAY)
    assert acts(store) == [Act.ADMIN_ADDED, Act.LOGGED_IN, Act.LOGGED_IN]


def test_many_at_once_with_one_code_open_one_session(store: Store, li: Admin) -> None:
    tries = [opening(store, 100, token=f"t{number}") for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda one: store.sessions.open(one, MONDAY), tries))

    assert sorted(done) == [False] * 5 + [True]
    assert len(store.sessions.of(li.id, MONDAY)) == 1


def test_a_recovery_code_is_good_once_and_costs_no_step(store: Store, li: Admin) -> None:
    assert store.sessions.open(opening(store, code="c1"), MONDAY)

    assert not store.sessions.open(opening(store, code="c1", token="again"), MONDAY)
    assert not store.sessions.open(opening(store, code="c9"), MONDAY)
    assert store.admins.all(MONDAY)[0].codes == 1
    assert store.sessions.open(opening(store, 1), MONDAY)


@pytest.mark.parametrize("change", ["password", "disabled"])
def test_what_changed_while_a_password_was_checked_lets_nobody_in(
    store: Store, li: Admin, change: str
) -> None:
    begun = opening(store, 100)
    if change == "password":
        store.admins.reset(li, Keys("new", "new"), {"d1"}, HERE, MONDAY)
    else:
        store.admins.set_active(li, HERE, MONDAY, active=False)

    assert not store.sessions.open(begun, MONDAY)


def test_a_hash_of_old_parameters_is_replaced_unless_the_password_is_another_by_now(
    store: Store, li: Admin
) -> None:
    account = store.admins.account("li")
    assert account is not None
    store.admins.rehash(account, "stronger")
    store.admins.rehash(account, "late")

    assert store.admins.account("li").keys.password_hash == "stronger"  # type: ignore[union-attr]


def test_old_sessions_are_forgotten(store: Store, li: Admin) -> None:
    session(store, 100)
    assert store.sessions.forget(MONDAY + 89 * DAY) == 0
    assert store.sessions.forget(MONDAY + 91 * DAY) == 1


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_twelve_hours(
    store: Store, li: Admin
) -> None:
    session(store, 100)
    token, at = hashed("100"), MONDAY

    assert store.sessions.find(token, MONDAY + IDLE - SECOND) is not None  # seen: half an hour more
    assert store.sessions.find(token, MONDAY + 2 * IDLE - 2 * SECOND) is not None
    assert store.sessions.find(token, MONDAY + 3 * IDLE) is None
    session(store, 200)
    while at < MONDAY + LONGEST - MINUTE:
        assert store.sessions.find(hashed("200"), at) is not None
        at += IDLE - MINUTE
    assert store.sessions.find(hashed("200"), MONDAY + LONGEST - SECOND) is not None
    assert store.sessions.find(hashed("200"), MONDAY + LONGEST) is None


def test_sessions_are_listed_left_and_revoked_by_their_owner_only(store: Store, li: Admin) -> None:
    assert store.admins.add("Wang", Keys("argon", "sealed"), {"w1"}, HERE, MONDAY)
    first, second, third = (session(store, step) for step in (100, 101, 102))
    me = Actor("Li", HOME.network, li.id)

    assert store.sessions.revoke(li.id + 1, first.id, me, MONDAY) == 0
    assert store.sessions.revoke(li.id, first.id, me, MONDAY) == 1
    assert store.sessions.revoke(li.id, first.id, me, MONDAY) == 0
    assert store.sessions.revoke(li.id, None, me, MONDAY, but=third.id) == 1
    assert [one.id for one in store.sessions.of(li.id, MONDAY)] == [third.id]
    store.sessions.leave(third, me, MONDAY)
    assert store.sessions.find(hashed("102"), MONDAY) is None
    assert acts(store)[-3:] == [Act.SESSION_REVOKED, Act.SESSION_REVOKED, Act.LOGGED_OUT]
    assert second.id != first.id


def test_new_keys_and_a_closed_door_end_every_session(store: Store, li: Admin) -> None:
    session(store, 100)
    store.admins.reset(li, Keys("new", "new"), {"d1"}, HERE, MONDAY)
    assert store.sessions.of(li.id, MONDAY) == []
    session(store, 50)  # a new authenticator begins anew
    assert store.admins.set_active(li, HERE, MONDAY, active=False)
    assert store.sessions.find(hashed("50"), MONDAY) is None
    assert not store.admins.set_active(li, HERE, MONDAY, active=False)
    assert store.admins.set_active(li, HERE, MONDAY, active=True)
    assert acts(store)[-3:] == [Act.LOGGED_IN, Act.ADMIN_DISABLED, Act.ADMIN_ENABLED]


def test_tries_are_charged_before_they_are_looked_at(store: Store, li: Admin) -> None:
    begun = [store.tries.begin("li", AWAY.network, MONDAY) for _ in range(7)]

    assert begun == [None] * 5 + [MONDAY + 30 * SECOND] * 2
    assert store.tries.begin("li", AWAY.network, MONDAY + 30 * SECOND) is None
    assert store.tries.begin("li", AWAY.network, MONDAY + 31 * SECOND) == MONDAY + 90 * SECOND


def test_a_thousand_at_once_are_not_one(store: Store, li: Admin) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: store.tries.begin("li", AWAY.network, MONDAY), range(24)))

    assert begun.count(None) == 5


def test_a_name_that_does_not_exist_locks_like_one_that_does(store: Store, li: Admin) -> None:
    known, unknown = (
        [store.tries.begin(name, f"{name}-net", MONDAY) for _ in range(7)] for name in ("li", "nobody")
    )

    assert known == unknown


def test_a_stranger_who_guesses_for_a_day_does_not_keep_the_owner_out(store: Store, li: Admin) -> None:
    session(store, 100)
    now = MONDAY
    for number in range(288):
        now += 5 * MINUTE
        store.tries.begin("li", f"203.0.{number % 200}.0/24", now)
    assert store.tries.begin("li", "203.0.250.0/24", now + SECOND) is not None  # other strangers wait

    assert store.tries.begin("li", HOME.network, now + SECOND) is None
    assert store.tries.begin("li", "127.0.0.0/24", now + SECOND) is None
    assert store.tries.begin("li", "203.0.251.0/24", now + timedelta(minutes=16)) is None


def test_who_logs_in_is_forgiven_and_so_is_who_is_enabled_again(store: Store, li: Admin) -> None:
    for _ in range(5):
        store.tries.begin("li", AWAY.network, MONDAY)
    assert store.sessions.open(opening(store, 100, visit=AWAY), MONDAY)
    assert store.tries.begin("li", AWAY.network, MONDAY) is None

    for _ in range(9):
        store.tries.begin("li", "198.51.100.0/24", MONDAY)
    store.admins.set_active(li, HERE, MONDAY, active=True)
    assert store.tries.begin("li", "198.51.100.0/24", MONDAY) is None
    assert store.tries.forget(MONDAY + 2 * DAY) > 0


def test_one_network_cannot_try_names_without_end(store: Store) -> None:
    begun = [store.tries.begin(f"name{number}", AWAY.network, MONDAY) for number in range(25)]

    assert begun[:20] == [None] * 20
    assert begun[20:] == [MONDAY + 30 * SECOND] * 5


def test_the_log_is_read_in_pages_and_narrowed(store: Store) -> None:
    for number in range(5):
        by = Actor("Li" if number % 2 else "Wang", HOME.network, number)
        store.audit.write(Mark(MONDAY, by, Act.FEED_TESTED, f"feed:{number}", {"n": number}))

    first = store.audit.page(AuditQuery(limit=2))
    second = store.audit.page(AuditQuery(limit=2, before=first.next_before))

    assert [line.subject for line in (*first.lines, *second.lines)] == [
        "feed:4",
        "feed:3",
        "feed:2",
        "feed:1",
    ]
    assert store.audit.page(AuditQuery(limit=2, before=second.next_before)).next_before is None
    assert [line.subject for line in store.audit.page(AuditQuery(who=" ｌｉ")).lines] == ["feed:3", "feed:1"]
    assert store.audit.page(AuditQuery(act=Act.LOGGED_IN)).lines == ()
    assert first.lines[0].detail == {"n": 4}


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_log(store: Store, statement: str) -> None:
    store.audit.write(Mark(MONDAY, HERE, Act.LOGGED_OUT))

    with pytest.raises(StoreError, match="never changed"):
        store._db.write(lambda connection: connection.execute(text(statement)))
    assert acts(store) == [Act.LOGGED_OUT]


def test_an_admin_has_sources_looked_at_six_times_a_minute(store: Store, li: Admin) -> None:
    me = Actor("Li", HOME.network, li.id)
    tried = [store.acts.test("us-office", me, MONDAY) for _ in range(8)]

    assert tried == [True] * 6 + [False] * 2
    assert store.acts.test("us-office", me, MONDAY + MINUTE + SECOND)
    assert acts(store).count(Act.FEED_TESTED) == 7
