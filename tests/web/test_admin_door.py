"""Who gets in behind /admin, and who does not: each row of the attack table on log-ins, sessions and forged forms."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from alerts.domain.admins import IDLE, LONGEST
from alerts.domain.audit import Act, Actor
from alerts.domain.lockout import ACCOUNT
from alerts.web import Office
from tests.web.office import FORM, PASSWORD, Furnished, Visitor
from tests.web.world import Browser, World, a_world, browsing

ROOMS = ("", "/feeds", "/feeds/us-office", "/feeds/none", "/review", "/review/1", "/review/999", "/deliveries", "/deliveries/1",
    "/deliveries/999", "/suppressions", "/suppressions/1", "/suppressions/999", "/audit", "/sessions")  # fmt: skip
POSTS = ("/logout", "/feeds/us-office", "/feeds/none", "/review/1", "/review/999", "/deliveries", "/deliveries/1", "/deliveries/999",
    "/suppressions/1", "/suppressions/999", "/sessions")  # fmt: skip
MINUTE = timedelta(minutes=1)


def test_right_name_password_and_code_open_a_session_and_leave_one_line(visitor: Visitor) -> None:
    answer = visitor.log_in()

    assert (answer.status, answer.headers["location"]) == (303, "/admin")
    assert visitor.get("/admin").status == 200
    (line,) = [one for one in visitor.lines() if one.act is Act.LOGGED_IN]
    assert (line.who, line.network, line.detail) == ("Li", "127.0.0.0/24", {"by": "authenticator"})


def test_the_cookie_is_for_this_site_alone(visitor: Visitor) -> None:
    given = visitor.log_in().headers["set-cookie"]

    assert re.fullmatch(r"alerts-admin=[0-9a-f]{32}; HttpOnly; Path=/; SameSite=strict", given)


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    path.write_bytes(database.read_bytes())
    with a_world(path, "https://alerts.example") as world, browsing(world.site) as browser:
        visitor = Visitor(world, browser)
        visitor.log_in()
        answer = visitor.log_in(code=visitor.code(world.clock.move(MINUTE)))
        given = answer.headers["set-cookie"]

        assert re.fullmatch(
            r"__Host-alerts-admin=[0-9a-f]{32}; HttpOnly; Path=/; SameSite=strict; Secure", given
        )
        assert answer.headers["strict-transport-security"]
        assert visitor.get("/admin").status == 200


def test_no_password_is_taken_over_a_plain_connection(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    path.write_bytes(database.read_bytes())
    with a_world(path, "http://alerts.example") as world, browsing(world.site) as browser:
        visitor, there = Visitor(world, browser), {**FORM, "Host": "alerts.example"}
        form = {"name": "Li", "password": PASSWORD, "code": visitor.code()}

        assert visitor.get("/admin/login", Host="alerts.example").status == 403
        assert visitor.send("/admin/login", form, there).status == 403
        assert visitor.send("/admin/login", form).status == 303  # on the machine itself


WRONG = {
    "name": {"name": "Nobody"}, "nothing": {"name": "", "password": "", "code": ""}, "password": {"password": "another long walk home"}, "code": {"code": "000000"},
    "letters": {"code": "abcdef"}, "recovery": {"code": "0000-0000-0000-0000-0000"}, "long": {"password": "x" * 5000}, "odd": {"name": "\x00\ud7ff'; --", "code": "１２３４５６"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_whatever_does_not_fit_the_answer_is_the_same(visitor: Visitor, language: str) -> None:
    answers = []
    for wrong in WRONG.values():
        visitor.world.clock.move(timedelta(hours=1))
        form = {"name": "Li", "password": PASSWORD, "code": visitor.code()} | wrong
        answers.append(visitor.send(f"/admin/login?lang={language}", form))
    disabled(visitor)
    visitor.world.clock.move(timedelta(hours=1))
    answers.append(
        visitor.send(
            f"/admin/login?lang={language}", {"name": "Li", "password": PASSWORD, "code": visitor.code()}
        )
    )

    assert {answer.status for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    plain = [{key: value for key, value in one.headers.items() if key != "date"} for one in answers]
    assert all(one == plain[0] for one in plain)
    refused = [line for line in visitor.lines() if line.act is Act.LOGIN_REFUSED]
    assert len(refused) == len(answers)
    assert {line.who for line in refused} == {"Li", ""}  # what a stranger typed is not kept


def disabled(visitor: Visitor) -> None:
    store, now = visitor.world.site.store, visitor.world.clock.now()
    store.admins.set_active(store.admins.all(now)[0], Actor("root"), now, active=False)


def test_whatever_does_not_fit_the_work_is_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from alerts.flow import admins

    office = world.site.office
    assert office is not None
    done: list[str] = []
    fits, step = type(office.gate.passwords).fits, admins.totp.fitting_step
    monkeypatch.setattr(
        type(office.gate.passwords), "fits", lambda *args: (done.append("password"), fits(*args))[1]
    )
    monkeypatch.setattr(admins.totp, "fitting_step", lambda *args: (done.append("code"), step(*args))[1])
    work = []
    with browsing(world.site) as browser:
        visitor = Visitor(world, browser)
        for wrong in ({"name": "Nobody"}, {"password": "wrong"}, {"code": "000000"}, {}):
            visitor.world.clock.move(timedelta(hours=1))
            done.clear()
            visitor.log_in(**wrong)
            work.append(list(done))
    assert work == [["password", "code"]] * 4


def test_a_planted_session_is_not_the_one_that_is_opened(visitor: Visitor) -> None:
    visitor.cookies["alerts-admin"] = "f" * 32
    assert visitor.get("/admin").status == 303
    visitor.cookies["alerts-admin"] = "f" * 32
    visitor.log_in()

    assert visitor.cookies["alerts-admin"] != "f" * 32
    planted = Visitor(visitor.world, visitor.browser, cookies={"alerts-admin": "f" * 32})
    assert planted.get("/admin").status == 303


def test_each_log_in_has_a_session_of_its_own(visitor: Visitor) -> None:
    visitor.log_in()
    first = dict(visitor.cookies)
    visitor.world.clock.move(MINUTE)
    visitor.log_in()

    assert first != visitor.cookies
    assert visitor.get("/admin/sessions").text.count("127.0.0.0/24") == 2


def test_a_code_that_was_used_opens_nothing_more(visitor: Visitor) -> None:
    code = visitor.code()
    assert visitor.log_in(code=code).status == 303
    assert visitor.log_in(code=code).status == 401
    visitor.world.clock.move(timedelta(seconds=30))
    assert visitor.log_in(code=code).status == 401  # still within the window
    assert visitor.log_in().status == 303


def test_a_recovery_code_opens_once_however_it_is_typed(visitor: Visitor) -> None:
    code = visitor.given.codes[0]
    assert visitor.log_in(code=f" {code[:4].lower()} {code[4:10]}-{code[10:]}").status == 303
    assert visitor.log_in(code=code).status == 401
    assert visitor.log_in(code=visitor.given.codes[1]).status == 303
    assert [line.detail for line in visitor.lines() if line.act is Act.LOGGED_IN] == [
        {"by": "recovery code"}
    ] * 2


def test_two_processes_with_one_code_open_one_session(visitor: Visitor) -> None:
    with a_world(visitor.world.path) as other, browsing(other.site) as browser:
        other.site.office.gate.sealing.seal("")  # type: ignore[union-attr]
        second = Visitor(other, browser)
        other.keys.update(visitor.world.keys)
        tries = [visitor, second] * 2
        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(answer.status for answer in pool.map(lambda one: one.log_in(), tries))

    assert statuses == [303, 401, 401, 401]
    assert visitor.acts().count(Act.LOGGED_IN) == 1


def test_after_some_tries_one_must_wait_whoever_the_name_belongs_to(visitor: Visitor) -> None:
    tries = [
        [visitor.log_in(name=name, password="wrong").status for _ in range(7)] for name in ("Li", "Nobody")
    ]

    assert tries == [[401] * ACCOUNT.free + [429] * 2] * 2
    answer = visitor.log_in()  # right, but too soon
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) <= 31
    assert visitor.acts().count(Act.LOGIN_REFUSED) == 2 * ACCOUNT.free
    visitor.world.clock.move(timedelta(seconds=31))
    assert visitor.log_in().status == 303


def test_a_session_ends_when_it_is_not_used(visitor: Visitor) -> None:
    visitor.log_in()
    visitor.world.clock.move(IDLE - MINUTE)
    assert visitor.get("/admin").status == 200
    visitor.world.clock.move(IDLE - MINUTE)
    assert visitor.get("/admin").status == 200
    visitor.world.clock.move(IDLE)
    assert visitor.get("/admin").status == 303


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(visitor: Visitor) -> None:
    visitor.log_in()
    for _ in range(60):
        visitor.world.clock.move(IDLE - 5 * MINUTE)
        if visitor.get("/admin").status != 200:
            break
    since = visitor.world.clock.now() - visitor.lines()[-1].at

    assert LONGEST <= since < LONGEST + IDLE


def test_who_logs_out_is_out(admin: Visitor) -> None:
    kept = dict(admin.cookies)
    answer = admin.post("/admin/logout")

    assert (answer.status, admin.cookies) == (303, {})
    admin.cookies.update(kept)
    assert admin.get("/admin").status == 303
    assert admin.acts()[-1] is Act.LOGGED_OUT


def test_sessions_are_ended_by_their_owner_only(admin: Visitor) -> None:
    wang = Visitor(admin.world, admin.browser, "Wang")
    assert wang.given and wang.log_in().status == 303
    admin.world.clock.move(MINUTE)
    phone = Visitor(admin.world, admin.browser)
    assert phone.log_in().status == 303
    store, now = admin.world.site.store, admin.world.clock.now()
    (theirs,) = store.sessions.of(next(one.id for one in store.admins.all(now) if one.name == "Wang"), now)

    missing, other = (admin.post("/admin/sessions", session=str(number)) for number in (999, theirs.id))
    assert (missing.status, other.status, missing.text) == (404, 404, other.text)
    assert wang.get("/admin").status == 200
    assert admin.post("/admin/sessions", session="others").status == 303
    assert (admin.get("/admin").status, phone.get("/admin").status) == (200, 303)
    assert admin.acts()[-1] is Act.SESSION_REVOKED


@pytest.mark.parametrize("language", ["", "?lang=zh-Hans"])
def test_whoever_is_not_logged_in_is_led_to_the_door_from_everywhere_alike(
    world: World, browser: Browser, furnished: Furnished, language: str
) -> None:
    before = world.fingerprint()
    looks = [browser.get(f"/admin{room}{language}") for room in ROOMS]
    posts = [browser.ask("POST", f"/admin{room}{language}", b"csrf=x", FORM) for room in POSTS]

    assert {(one.status, one.headers["location"], one.text) for one in looks + posts} == {
        (303, f"/admin/login{language}", "")
    }
    assert {one.headers["cache-control"] for one in looks + posts} == {"no-store"}
    assert world.fingerprint() == before


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {}, {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Referer": "http://localhost/admin"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_that_may_come_from_elsewhere_does_nothing(
    admin: Visitor, furnished: Furnished, headers: dict[str, str]
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    fields = {
        "csrf": admin.word(), "action": "release", "revision": "1", "sure": "yes", "why": "x", "session": "others",
        "name": "Li", "password": PASSWORD, "code": admin.code(),
    }  # fmt: skip
    before = admin.world.fingerprint()

    for room in (*POSTS, "/login", f"/review/{furnished.item}", f"/deliveries/{furnished.delivery}"):
        assert admin.send(f"/admin{room}", fields, form).status == 403, room
    assert admin.world.fingerprint() == before


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}],
    ids=str,
)  # fmt: skip
def test_a_form_that_a_browser_says_is_ours_is_taken(admin: Visitor, headers: dict[str, str]) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}

    assert admin.send("/admin/feeds/us-office", {"csrf": admin.word()}, form).status == 200


@pytest.mark.parametrize("word", ["", "0" * 32, "é", "another"])
def test_a_form_without_the_word_of_its_session_does_nothing(
    admin: Visitor, furnished: Furnished, word: str
) -> None:
    other = Visitor(admin.world, admin.browser, "Wang")
    other.log_in()
    given = other.word() if word == "another" else word
    before = admin.world.fingerprint()
    fields = {
        "csrf": given,
        "action": "release",
        "revision": "1",
        "sure": "yes",
        "why": "x",
        "session": "others",
    }

    for room in (*POSTS, f"/review/{furnished.item}", f"/deliveries/{furnished.delivery}"):
        assert admin.send(f"/admin{room}", fields).status == 403, room
    assert admin.world.fingerprint() == before


def test_every_answer_forbids_to_be_kept_framed_or_scripted(admin: Visitor, furnished: Furnished) -> None:
    for room in ("/login", *ROOMS, f"/review/{furnished.item}", f"/deliveries/{furnished.delivery}"):
        answer = admin.get(f"/admin{room}")
        policy = answer.headers["content-security-policy"]
        assert (
            "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        )
        assert "no-store" in answer.headers["cache-control"], room
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text and " on" + "click" not in answer.text


@pytest.fixture
def spoken() -> None:
    """Lets the service speak to standard output while a test runs."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory())


@pytest.mark.usefixtures("spoken")
def test_what_was_typed_and_given_is_in_no_log_and_no_row(
    visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = "Sup3rSecretTyped99"
    visitor.log_in(name=planted, password=planted + "p", code=planted + "c")
    visitor.log_in(password=planted + "q")
    visitor.log_in()
    token = visitor.cookies["alerts-admin"]
    visitor.get("/admin")
    visitor.post("/admin/feeds/th-office")
    said = capsys.readouterr()
    kept = visitor.world.path.read_bytes() + Path(f"{visitor.world.path}-wal").read_bytes()

    for secret in (planted, PASSWORD, token, visitor.given.secret, *visitor.given.codes):
        assert secret not in said.out + said.err
        assert secret.encode() not in kept


@pytest.mark.usefixtures("spoken")
def test_a_new_key_of_the_service_shuts_admins_out_and_says_how_to_mend_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from alerts.deliver import Sealing

    office = world.site.office
    assert office is not None
    with browsing(world.site) as browser:
        before = Visitor(world, browser)
        assert before.given
    changed = Office(replace(office.gate, sealing=Sealing(b"n" * 32, b"test")), office.look)
    with browsing(replace(world.site, office=changed)) as browser:
        assert Visitor(world, browser).log_in().status == 401
    assert "alerts admin reset" in capsys.readouterr().out


def test_without_admins_there_is_a_door_and_nobody_behind_it(world: World, browser: Browser) -> None:
    form = b"name=admin&password=admin&code=000000"
    assert browser.get("/admin/login").status == 200
    assert browser.ask("POST", "/admin/login", form, FORM).status == 401
    assert world.site.store.admins.all(world.clock.now()) == []


def test_a_password_is_kept_under_the_parameters_of_today(world: World) -> None:
    from alerts.passwords import Passwords

    office = world.site.office
    assert office is not None
    with browsing(world.site) as browser:
        visitor = Visitor(world, browser)
        assert visitor.log_in().status == 303
        first = world.site.store.admins.account("li")
    later = Office(replace(office.gate, passwords=Passwords((2, 64))), office.look)
    with browsing(replace(world.site, office=later)) as browser:
        world.clock.move(MINUTE)
        assert Visitor(world, browser).log_in(password="wrong").status == 401
        assert world.site.store.admins.account("li") == first
        assert Visitor(world, browser).log_in().status == 303
        second = world.site.store.admins.account("li")
        world.clock.move(MINUTE)
        assert Visitor(world, browser).log_in().status == 303
        assert world.site.store.admins.account("li") == second

    assert first and second and first.keys.password_hash != second.keys.password_hash
    assert "$m=64,t=2,p=4$" in second.keys.password_hash


def test_shipped_parameters_are_those_of_rfc_9106() -> None:
    from alerts.passwords import Passwords

    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(kept, PASSWORD) and not passwords.fits(kept, PASSWORD + "x")
    assert not passwords.fits(None, PASSWORD) and not passwords.fits("nonsense", PASSWORD)
