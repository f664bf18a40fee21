"""Who comes in behind the pages: names are entered on the machine, log-ins need a password and a code that is good once.

Whatever does not fit, the work is the same and so is the answer: nothing tells a name that exists from one that does not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from alerts.deliver import Sealing
from alerts.domain import totp
from alerts.domain.admins import (
    CODE_BYTES,
    CODES,
    Account,
    Admin,
    Keys,
    Proof,
    Session,
    Visit,
    bare_code,
    checked_name,
    hashed,
    name_key,
)
from alerts.domain.audit import Act, Actor, Mark
from alerts.domain.errors import InputError
from alerts.domain.passphrases import LONGEST, checked
from alerts.passwords import Passwords
from alerts.store import Opening, Store

log = structlog.get_logger("alerts.admins")

ISSUER = "IP Risk Alerts"
NOBODY = Account(id=0, name="", active=False, keys=Keys("", ""))
NO_PROOF = Proof(step=0)


@dataclass(frozen=True, slots=True)
class Gate:
    """What log-ins are checked with. ``random`` gives so many random bytes."""

    store: Store
    passwords: Passwords
    sealing: Sealing
    random: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody typed to come in."""

    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    visit: Visit


@dataclass(frozen=True, slots=True)
class Shut:
    """Nobody came in. ``until``: too many tries, none is looked at before."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an admin is given once."""

    name: str
    secret: str = field(repr=False)
    address: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)


def log_in(gate: Gate, tried: Tried, now: datetime) -> str | Shut:
    """Return the token of a new session."""
    key = name_key(tried.name[:200])
    until = gate.store.tries.begin(key, tried.visit.network, now)
    if until is not None:
        return Shut(until)
    found = gate.store.admins.account(key)
    account, token = found or NOBODY, gate.random(16).hex()
    known = gate.passwords.fits(account.keys.password_hash or None, tried.password[: LONGEST + 1])
    proof = _proof(gate, account, tried.code, now)
    # The store is asked in any case: whether it was takes time, and would tell a right password from a wrong one.
    right = account if account.active and known and proof else NOBODY
    if gate.store.sessions.open(Opening(right, proof or NO_PROOF, tried.visit, hashed(token)), now):
        if gate.passwords.is_stale(account.keys.password_hash):
            gate.store.admins.rehash(account, gate.passwords.hash(tried.password))
        return token
    why = "name" if found is None else "disabled" if not account.active else "code" if known else "password"
    # What a stranger typed as a name may be a password: only names that exist are written down.
    by = Actor(account.name, tried.visit.network, account.id or None)
    gate.store.audit.write(Mark(now, by, Act.LOGIN_REFUSED, detail={"why": why}))
    return Shut()


def _proof(gate: Gate, account: Account, typed: str, now: datetime) -> Proof | None:
    """Return what the code proves as far as it can be told here; whether it is good once more is told in the store."""
    code = bare_code(typed[:100])
    opened = gate.sealing.open(account.keys.sealed or gate.sealing.seal(""))
    if opened is None:
        log.error(
            "admin.unreadable", hint=f"ALERTS_SECRET_KEY has changed: `alerts admin reset` {account.name!r}"
        )
    secret = bytes.fromhex(opened) if opened else bytes(totp.SECRET)
    step = totp.fitting_step(secret, code, now)
    if step is not None:
        return Proof(step=step) if opened else None
    return None if totp.CODE.fullmatch(code) else Proof(code_hash=hashed(code))


def visitor(gate: Gate, token: str | None, now: datetime) -> Session | None:
    """Return the open session of a token."""
    return gate.store.sessions.find(hashed(token), now) if token else None


def enrol(gate: Gate, name: str, password: str, by: Actor, now: datetime) -> Enrolled:
    """Return what a new admin is given.

    Raises:
        InputError: name or password cannot be used, or the name is taken.
    """
    name = checked_name(name)
    keys, enrolled = _new_keys(gate, name, password)
    if not gate.store.admins.add(name, keys, _hashes(enrolled), by, now):
        raise InputError(f"there is an admin {name!r} already; `alerts admin reset` gives new keys.")
    return enrolled


def reset(gate: Gate, one: Admin, password: str, by: Actor, now: datetime) -> Enrolled:
    """Return the new keys of an admin; the old ones open nothing any more.

    Raises:
        InputError: the password cannot be used.
    """
    keys, enrolled = _new_keys(gate, one.name, password)
    gate.store.admins.reset(one, keys, _hashes(enrolled), by, now)
    return enrolled


def _new_keys(gate: Gate, name: str, password: str) -> tuple[Keys, Enrolled]:
    kept = gate.passwords.hash(checked(password, name))
    secret = gate.random(totp.SECRET)
    codes = tuple(gate.random(CODE_BYTES).hex().upper() for _ in range(CODES))
    enrolled = Enrolled(name, totp.shown(secret), totp.address(secret, name, ISSUER), codes)
    return Keys(kept, gate.sealing.seal(secret.hex())), enrolled


def _hashes(enrolled: Enrolled) -> set[str]:
    return {hashed(code) for code in enrolled.codes}


def named(store: Store, name: str, now: datetime) -> Admin:
    """Return the admin of a name.

    Raises:
        InputError: there is none.
    """
    for one in store.admins.all(now):
        if name_key(one.name) == name_key(name):
            return one
    raise InputError(f"there is no admin {name!r}; `alerts admin list` names them.")
