"""Passwords: argon2id, and as much work for a login that does not exist as for one that does."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from counterpoint.i18n.complaint import Complaint

SHORTEST = 12
LONGEST = 200
_hasher = PasswordHasher()
_at_work = threading.BoundedSemaphore(2)
"""Each check takes 64 MiB (RFC 9106): a flood of them must not take all memory."""


def check_password(password: str) -> str:
    """A new one. Length is what counts, composition rules are not (NIST SP 800-63B). Raises `Complaint`."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise Complaint("control.accounts.weak_password", shortest=SHORTEST, longest=LONGEST)
    return password


def hash_password(password: str) -> str:
    """What is stored of it."""
    with _at_work:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def is_password(stored: str | None, password: str) -> bool:
    """Whether it is that one. `stored`: `None` where there is no such account, which takes as long to find out."""
    given = password[: LONGEST + 1].encode("utf-8", "surrogatepass")
    known = stored or _nobodys()
    with _at_work:
        try:
            _hasher.verify(known, given)
        except (InvalidHashError, VerificationError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with less work than is usual today."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return hash_password("nobody's password")
