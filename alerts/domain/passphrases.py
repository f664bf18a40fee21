"""Which passwords an admin may not have. No rule on kinds of characters: length, and nothing that is guessed first.

Source: NIST SP 800-63B section 3.1.1.2 and ASVS 5.0 6.2.1, 6.2.4, 6.2.11.
"""

import re
import unicodedata

from alerts.domain.errors import InputError

SHORTEST, LONGEST = 12, 200
FEWEST = 5  # different characters
_LEET = str.maketrans("013457$@!", "oieastsai")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
)
_WORDS = frozenset(
    [
        "password",
        "passwort",
        "passw",
        "pass",
        "secret",
        "admin",
        "administrator",
        "root",
        "login",
        "welcome",
        "letmein",
        "changeme",
        "default",
        "test",
        "testing",
        "qwerty",
        "qwertyuiop",
        "qwertz",
        "azerty",
        "iloveyou",
        "monkey",
        "dragon",
        "master",
        "shadow",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "trustno",
        "starwars",
        "whatever",
        "computer",
        "internet",
        "summer",
        "winter",
        "spring",
        "autumn",
        "hello",
        "ninja",
        "alerts",
        "alert",
        "iprisk",
        "iprisky",
        "ipriskalerts",
        "iprisksalerts",
        "correcthorsebatterystaple",
        "woaini",
        "woainima",
        "mima",
        "mimamima",
        "nihao",
        "company",
    ]
)


def checked(password: str, name: str) -> str:
    """Return the password in the one form in which it is hashed.

    Raises:
        InputError: it is too short, too long, or easily guessed; one sentence.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise InputError(f"the password needs {SHORTEST} characters or more; a few words in a row do well.")
    if len(text) > LONGEST:
        raise InputError(f"the password may have {LONGEST} characters at most.")
    plain, bare = text.casefold(), _bare(text)
    if (key := _bare(name)) and len(key) > 2 and key in bare:
        raise InputError("the password holds the name; take another.")
    if len(set(plain)) < FEWEST or _is_run(plain) or _is_word(bare):
        raise InputError("the password is one of those that are tried first; take another.")
    return text


def normal(password: str) -> str:
    """Return what two keyboards agree on: NFC, without the end of a line."""
    return unicodedata.normalize("NFC", password.rstrip("\r\n"))


def _bare(text: str) -> str:
    """Return the letters alone, with digits and signs that stand for letters put back."""
    return re.sub(r"[^\w]|[\d_]", "", text.casefold().strip("0123456789!?.*#-_ ").translate(_LEET))


def _is_run(plain: str) -> bool:
    """Return whether it is a stretch of a row of keys, there or back, or one short piece over and over."""
    doubled = {row + row for row in _ROWS}
    if any(plain in row or plain[::-1] in row for row in doubled):
        return True
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))


def _is_word(bare: str) -> bool:
    """Return whether nothing but words that everybody tries is in it."""
    reached = {0}
    for end in range(1, len(bare) + 1):
        if any(bare[start:end] in _WORDS for start in reached):
            reached.add(end)
    return bool(bare) and len(bare) in reached
