"""Passwords of admins: kept as argon2id hashes that hold their own parameters, made anew when ours have changed.

Parameters: RFC 9106 section 4, second recommendation (64 MiB, 3 passes, 4 lanes), the library's own choice.
"""

from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from alerts.domain.passphrases import normal

if TYPE_CHECKING:  # heavy: most commands do without
    from argon2 import PasswordHasher

AT_ONCE = 2  # each takes 64 MiB


class Passwords:
    """Makes and checks hashes. ``cost`` replaces passes and KiB; tests make them small."""

    def __init__(self, cost: tuple[int, int] | None = None) -> None:
        self._cost = cost
        self._turn = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._turn:
            return self._hasher.hash(normal(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Return whether the password is the kept one. Where nothing is kept, the work is the same and the answer no."""
        from argon2.exceptions import InvalidHashError, VerificationError

        nobody = self._nobody
        with self._turn:
            try:
                return self._hasher.verify(kept or nobody, normal(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_stale(self, kept: str) -> bool:
        """Return whether the parameters of a hash are not ours any more."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher
        from argon2.profiles import RFC_9106_LOW_MEMORY as chosen

        passes, kib = self._cost or (chosen.time_cost, chosen.memory_cost)
        return PasswordHasher(passes, kib, chosen.parallelism)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("the password of nobody")
