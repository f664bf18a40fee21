"""Which passwords an admin may not have, and how long log-ins wait."""

from datetime import timedelta

import pytest

from alerts.domain.errors import InputError
from alerts.domain.lockout import ACCOUNT, NETWORK, free_at, is_here, rules
from alerts.domain.passphrases import checked
from tests.clocks import NOON


@pytest.mark.parametrize(
    "password",
    [
        "a long walk by the river",
        "k7#mWq2!xP0z",
        "月亮照在安静的大河上很美",
        "0.8147236863931",
        "trees grow slowly",
    ],
)
def test_what_is_long_and_nobody_tries_first_is_taken(password: str) -> None:
    assert checked(password, "Li Wei") == password


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "12 characters"),
        ("x1" * 150, "200 characters"),
        ("my name is Li Wei!", "holds the name"),
        ("LI_WEI_forever_2026", "holds the name"),
        ("passwordpassword", "tried first"),
        ("Password1234!", "tried first"),
        ("P@ssw0rd2026!!", "tried first"),
        ("admin-welcome-2026", "tried first"),
        ("correct horse battery staple", "tried first"),
        ("123456789012", "tried first"),
        ("qwertyuiopas", "tried first"),
        ("poiuytrewqmn", "tried first"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
        ("abcabcabcabcabc", "tried first"),
        ("woaini123456", "tried first"),
    ],
)
def test_what_is_short_or_guessed_first_is_refused_in_one_sentence(password: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as fault:
        checked(password, "Li Wei")
    assert "\n" not in str(fault.value)


def test_two_keyboards_make_one_password() -> None:
    assert checked("cafe\u0301 au bord de l'eau\n", "Li") == checked("café au bord de l'eau", "Li")


def test_the_wait_doubles_and_has_an_end() -> None:
    waits = [(free_at(ACCOUNT, tries, NOON) - NOON).total_seconds() for tries in range(13)]

    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert free_at(NETWORK, 10**9, NOON) == NOON + timedelta(hours=1)


def test_a_stranger_is_counted_apart_from_places_that_the_account_knows() -> None:
    home, away, here = (
        set(rules("li", network, known=known))
        for network, known in (("192.0.2.0/24", True), ("203.0.113.0/24", False), ("127.0.0.0/24", False))
    )

    assert not home & away
    assert not here & away
    assert not any("li" in key.split(":")[1] for key in away)  # a name that was typed is not kept as it is
    assert is_here("::1/128") and not is_here("unknown")
