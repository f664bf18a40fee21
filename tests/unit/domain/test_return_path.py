"""Addresses that mails come back to: found again, and only by whoever has the key."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.return_path import ReturnPath, delivery_of

PATH = ReturnPath("bounces", "service.example", (b"k" * 32,))
NUMBERS = st.integers(1, 2**63 - 1)


@given(NUMBERS, st.text(max_size=60))
def test_a_token_is_found_again_whatever_a_relay_does_to_its_case(number: int, message_id: str) -> None:
    address = PATH.address(number, message_id).swapcase()

    tag = PATH.tag(address)

    assert len(address.partition("@")[0]) <= 64
    assert tag and delivery_of(tag) == number and PATH.proves(tag, message_id)


@given(NUMBERS, NUMBERS)
def test_the_token_of_another_delivery_or_of_another_key_proves_nothing(number: int, other: int) -> None:
    token = PATH.token(number, "<a@x>")
    stranger = ReturnPath("bounces", "service.example", (b"s" * 32,))

    assert not PATH.proves(token, "<b@x>")
    assert not PATH.proves(stranger.token(number, "<a@x>"), "<a@x>")
    swapped = f"{token.partition('-')[0]}-{PATH.token(other, '<a@x>').partition('-')[2]}"
    assert PATH.proves(swapped, "<a@x>") is (number == other)


@given(st.text(max_size=80))
def test_any_other_text_is_no_token(text: str) -> None:
    assert not PATH.proves(text, "<a@x>")
    assert delivery_of(text) is None or "-" in text


def test_both_keys_are_accepted_while_one_replaces_the_other() -> None:
    both = ReturnPath("bounces", "service.example", (b"n" * 32, b"k" * 32))

    assert both.proves(PATH.token(7, "<a@x>"), "<a@x>")
    assert both.token(7, "<a@x>") != PATH.token(7, "<a@x>")


def test_what_is_addressed_to_somebody_else_has_no_tag() -> None:
    assert PATH.tag("bounces@service.example") == ""
    assert PATH.tag("<bounces+x@service.example>") == "x"
    assert PATH.tag("bounces+x@other.example") is None
    assert PATH.tag("anna+x@service.example") is None


def test_without_tags_and_for_mails_that_are_none_of_the_outbox_the_address_is_plain() -> None:
    untagged = ReturnPath("alerts", "service.example", (b"k" * 32,), tagged=False)

    assert untagged.address(7, "<a@x>") == "alerts@service.example"
    assert PATH.address(0, "<a@x>") == "bounces@service.example"
