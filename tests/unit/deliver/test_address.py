"""An address is one plain mailbox or it is refused; nothing is ever sent to a part of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.deliver.address import ascii_domain, original_recipient, read_address
from alerts.domain.errors import InputError


@pytest.mark.parametrize(
    ("text", "expected", "needs_utf8"),
    [
        ("a@b.example", "a@b.example", False),
        ("first.last+tag@Sub.Example.org", "first.last+tag@sub.example.org", False),
        ("post@bücher.example", "post@xn--bcher-kva.example", False),
        ("联系@公司.example", "联系@xn--55qx5d.example", True),
        ("a@localhost", "a@localhost", False),
    ],
)
def test_plain_addresses_are_taken_with_an_ascii_domain(text: str, expected: str, needs_utf8: bool) -> None:
    mailbox = read_address(text)

    assert str(mailbox) == expected
    assert mailbox.needs_utf8 is needs_utf8


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "@b.example", "a@", "a@b@c.example", "a b@c.example", "a@b.example\r\nRCPT TO:<x@y.example>",
        "a@b.example\n", "a,b@c.example", '"a"@b.example', "a@b.example,c@d.example", "<a@b.example>", "a..b@c.example",
        ".a@b.example", "a@b..example", "a@-b.example", "a@b_c.example", "a@[127.0.0.1]", "a\x00@b.example",
        "a@b.example\u2028", f"{'a' * 65}@b.example", f"a@{'b' * 64}.example", f"a@{'b.' * 130}example",
    ],
)  # fmt: skip
def test_anything_that_could_be_read_as_something_else_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_address(text)


@given(st.text(max_size=40))
def test_whatever_is_taken_is_one_address_without_blanks_or_controls(text: str) -> None:
    try:
        mailbox = str(read_address(text))
    except InputError:
        return
    assert mailbox.count("@") == 1
    assert not any(character.isspace() or character in '\x00,;<>"' for character in mailbox)
    assert mailbox.rpartition("@")[2].isascii()


def test_a_domain_that_is_no_host_name_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="is not a domain name"):
        ascii_domain("a b.example")


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("anna@acme.example", "rfc822;anna@acme.example"),
        ("anna+ip=1@acme.example", "rfc822;anna+2Bip+3D1@acme.example"),
        ("用户@acme.example", r"utf-8;\x{7528}\x{6237}@acme.example"),
    ],
)
def test_the_original_recipient_is_written_as_reports_want_it(address: str, value: str) -> None:
    assert original_recipient(read_address(address)) == value
