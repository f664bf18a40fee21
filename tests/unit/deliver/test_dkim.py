"""Signatures: another implementation finds them good, and nothing that a reader sees can be changed behind them."""

import re
from dataclasses import replace
from functools import cache

import dkim
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.deliver import encode, sender_of
from alerts.deliver.dkim import SIGNED, Signer, SigningKey
from alerts.deliver.dkim_keys import make_key, read_key
from alerts.domain.digests import DeliveryClaim
from alerts.domain.errors import InputError
from alerts.domain.places import mark
from tests.digests import NOW, a_claim, a_message

BOTH = ["rsa-sha256", "ed25519-sha256"]
TEXTS = st.text(max_size=300) | st.sampled_from(
    ["a  b \t c \n\n\n", "  ", "\t", ".\r\n.\r\n", "通知  通知 ", "=3D  =\n"]
)


@cache
def keys() -> tuple[SigningKey, SigningKey]:
    return tuple(read_key(name, "alerts.example", make_key(ed25519=name == "e1")) for name in ("e1", "r1"))  # type: ignore[return-value]


def signed(claim: DeliveryClaim | None = None, *chosen: SigningKey) -> bytes:
    sender = replace(sender_of("alerts@alerts.example"), signer=Signer(chosen or keys()))
    return encode(claim or a_claim(), sender)


def good(raw: bytes) -> list[bool]:
    """Return of each signature whether it holds, by dkimpy with the published records."""
    records = {f"{key.name}.".encode(): key.record.encode() for key in keys()}
    number = len(re.findall(rb"(?im)^DKIM-Signature:", raw.partition(b"\r\n\r\n")[0]))

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        return records.get(name)

    checked = []
    for one in range(number):
        try:
            checked.append(dkim.DKIM(raw).verify(idx=one, dnsfunc=ask))
        except dkim.DKIMException:
            checked.append(False)
    return checked


@example("s", "a  b", "  c", ["\t", " "])
@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, min_size=2, max_size=2))
def test_another_implementation_finds_both_signatures_good(
    subject: str, text: str, html: str, words: list[str]
) -> None:
    message = a_message(subject, f"{text}{mark('company')}{html}", f"{html}{mark('reason')}{text}")
    own = replace(message, words=(("company", words[0]), ("reason", words[1])))

    assert good(signed(a_claim(own))) == [True, True]


@given(TEXTS, TEXTS, TEXTS)
def test_a_body_is_its_own_canonical_form(text: str, html: str, word: str) -> None:
    message = replace(a_message("s", f"{text}{mark('a')}{html}", f"{html}{mark('a')}"), words=(("a", word),))
    body = encode(a_claim(message), sender_of("alerts@alerts.example")).partition(b"\r\n\r\n")[2]

    for form in (dkim.canonicalization.Relaxed, dkim.canonicalization.Simple):
        assert form.canonicalize_body(body) == body


def test_both_are_there_and_the_one_that_everybody_can_check_comes_first() -> None:
    raw = signed()

    assert re.findall(rb"\ba=([a-z0-9-]+);", raw) == [name.encode() for name in BOTH]
    assert raw.startswith(
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=alerts.example;\r\n s=r1; t="
    )
    assert re.findall(rb"\bt=(\d+);", raw) == [str(int(NOW.timestamp())).encode()] * 2
    assert not re.search(rb"\bl=", raw.partition(b"From:")[0])


def test_a_key_alone_signs_alone() -> None:
    for key in keys():
        raw = signed(None, key)
        assert re.findall(rb"\ba=([a-z0-9-]+);", raw) == [key.algorithm.encode()]
        assert good(raw) == [True]


def test_copies_of_a_mail_have_the_same_bytes_signatures_and_all() -> None:
    later = a_claim(attempt=7, failures=6, first_attempt_at=NOW)

    assert signed() == signed(later)


def covered(raw: bytes) -> list[list[str]]:
    listed = re.findall(rb"\bh=([^;]+);", raw)
    return ["".join(each.decode().split()).split(":") for each in listed]


def test_every_signature_lists_what_matters_once_more_than_it_is_there() -> None:
    threaded = a_message()
    threaded = replace(
        threaded,
        headers=(*threaded.headers, ("References", "<a@b.example>"), ("In-Reply-To", "<a@b.example>")),
    )
    for listed in covered(signed(a_claim(threaded))):
        for name in ("from", "to", "subject", "date", "message-id", "list-id", "list-unsubscribe",
                     "list-unsubscribe-post", "references", "in-reply-to", "feedback-id", "content-type"):  # fmt: skip
            assert listed.count(name) == 2, name
        for name in ("cc", "reply-to"):
            assert listed.count(name) == 1, name


@pytest.mark.parametrize("name", SIGNED)
def test_a_header_that_is_changed_taken_away_or_added_breaks_every_signature(name: str) -> None:
    raw = signed()
    added = raw.replace(b"\r\nFrom:", f"\r\n{name}: x@other.example\r\nFrom:".encode(), 1)
    assert good(added) == [False, False]

    present = re.compile(rb"\r\n" + name.encode() + rb": ([^\r]|\r\n[ \t])*(?=\r\n[^ \t])", re.IGNORECASE)
    if present.search(raw):
        assert good(present.sub(b"", raw, count=1)) == [False, False]
        changed = present.sub(f"\r\n{name}: <https://elsewhere.example/>".encode(), raw, count=1)
        assert good(changed) == [False, False]


def test_a_word_added_to_the_body_breaks_every_signature_and_tidied_blanks_none() -> None:
    raw = signed()

    assert good(raw + b"more\r\n") == [False, False]
    assert good(raw.replace(b"Text.", b"Test.", 1)) == [False, False]
    assert good(raw.replace(b"Subject: 6 IP", b"SUBJECT:  6   IP", 1) + b"\r\n\r\n") == [True, True]


@pytest.mark.parametrize("headers", [(), a_message().headers], ids=["no-list", "list"])
def test_the_header_stays_in_its_columns(headers: tuple[tuple[str, str], ...]) -> None:
    head = signed(a_claim(replace(a_message(), headers=headers))).partition(b"\r\n\r\n")[0]

    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_the_record_names_the_key() -> None:
    ed25519, rsa = keys()

    assert (rsa.name, rsa.bits) == ("r1._domainkey.alerts.example", 2048)
    assert rsa.record.startswith("v=DKIM1; k=rsa; p=MIIBIjAN")
    assert re.fullmatch(r"v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=", ed25519.record)


@pytest.mark.parametrize(
    "pem", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused_in_a_sentence(pem: bytes) -> None:
    with pytest.raises(InputError, match="no private key in PEM form"):
        read_key("s", "alerts.example", pem)


@pytest.mark.parametrize("selector", ["", "a b", "-a", "a;b", "a" * 64, "a..b"])
def test_a_selector_that_the_dns_cannot_hold_is_refused(selector: str) -> None:
    with pytest.raises(InputError, match="selector"):
        read_key(selector, "alerts.example", make_key(ed25519=True))


def test_a_key_of_another_kind_or_length_is_refused() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(*form)
    long = rsa.generate_private_key(65537, 1024).private_bytes(*form)
    with pytest.raises(InputError, match="only RSA and Ed25519"):
        read_key("s", "alerts.example", curve)
    assert read_key("s", "alerts.example", long).bits == 1024
