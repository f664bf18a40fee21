import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.tokens import Tokens

KEY, OLD, OTHER = b"k" * 32, b"o" * 32, b"x" * 32
ids = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=64)


@given(ids)
def test_a_token_names_the_endpoint_it_was_made_for(public_id: str) -> None:
    tokens = Tokens((KEY,))

    assert tokens.read_unsubscribe(tokens.unsubscribe(public_id)) == public_id


@given(st.text(max_size=100))
def test_a_text_that_was_not_made_here_names_nobody(text: str) -> None:
    assert Tokens((KEY,)).read_unsubscribe(text) is None


@given(ids, st.data())
def test_a_token_with_one_character_changed_names_nobody(public_id: str, data: st.DataObject) -> None:
    token = Tokens((KEY,)).unsubscribe(public_id)
    place = data.draw(st.integers(0, len(token) - 2))  # the last character holds four unused bits
    changed = data.draw(st.characters().filter(lambda char: char != token[place]))

    assert Tokens((KEY,)).read_unsubscribe(token[:place] + changed + token[place + 1 :]) is None


def test_unused_bits_of_the_last_character_do_not_make_a_second_token() -> None:
    token = Tokens((KEY,)).unsubscribe("abc")
    twins = [token[:-1] + char for char in string.ascii_letters + string.digits + "-_" if char != token[-1]]

    assert {Tokens((KEY,)).read_unsubscribe(twin) for twin in twins} == {None}


def test_a_token_keeps_its_form_so_that_mails_sent_long_ago_stay_good() -> None:
    assert Tokens((b"0" * 32,)).unsubscribe("abc123") == "abc123.C3rPi0ky-nVRp5KR1GhDAw"


def test_while_two_keys_are_active_the_new_one_signs_and_both_are_read() -> None:
    both = Tokens((KEY, OLD))

    assert both.unsubscribe("abc") == Tokens((KEY,)).unsubscribe("abc")
    assert both.read_unsubscribe(Tokens((OLD,)).unsubscribe("abc")) == "abc"
    assert both.read_unsubscribe(Tokens((OTHER,)).unsubscribe("abc")) is None


def test_a_token_cannot_be_moved_to_a_longer_name() -> None:
    tokens = Tokens((KEY,))
    mac = tokens.unsubscribe("abc").partition(".")[2]

    assert tokens.read_unsubscribe(f"abcd.{mac}") is None


@pytest.mark.parametrize("keys", [(), (b"short",), (KEY, b"")])
def test_weak_keys_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Tokens(keys)


@pytest.mark.parametrize("public_id", ["", "a.b", "ä", "a" * 65, "a/b"])
def test_a_name_that_would_not_fit_a_link_is_refused(public_id: str) -> None:
    with pytest.raises(ValueError, match="public id"):
        Tokens((KEY,)).unsubscribe(public_id)


def test_keys_do_not_show_in_the_text_of_the_value() -> None:
    assert "kkkk" not in repr(Tokens((KEY,)))
