"""Slows down whoever guesses passwords, by account and by address, across restarts and machines.

Every attempt is counted before it is looked at, so many at once get no further than one after another; a good
one takes its count back. An account that does not exist is counted like one that does.
"""

import hashlib
import ipaddress
from datetime import timedelta

from counterpoint.storage import attempts as store
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

WINDOW = timedelta(minutes=15)
MOST_TOGETHER = 10
"""Of one address for one login."""
MOST_OF_ADDRESS = 50
MOST_FOR_LOGIN = 100
"""From all addresses together: far more than a person needs, so that nobody is easily locked out."""


class Throttle:
    """Of sign-ins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, login: str, address: str) -> int:
        """Counts an attempt. Seconds to wait; 0 if it may go on."""
        now, window = now_micros(), WINDOW // timedelta(microseconds=1)
        wait = 0
        with self._database.write() as connection:
            for subject, most in _subjects(login, address):
                found = store.take(connection, subject, now, window)
                if found.count > most:
                    wait = max(wait, (found.since + window - now) // 1_000_000 + 1)
        return wait

    def forget(self, login: str, address: str) -> None:
        """The attempt was good. What the address did with other logins stays counted, and so do other attempts at the
        login: whoever has an account of his own gains nothing by it."""
        (together, _), *others = _subjects(login, address)
        with self._database.write() as connection:
            store.forget(connection, together)
            for subject, _ in others:
                store.give_back(connection, subject)


def network_of(address: str) -> str:
    """An IPv6 caller has 2^64 addresses to choose from, and is counted by what they have in common (RFC 4291)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped is not None:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))


def _subjects(login: str, address: str) -> list[tuple[bytes, int]]:
    address = network_of(address)
    together = f"together\0{login}\0{address}", MOST_TOGETHER
    named = [together, (f"address\0{address}", MOST_OF_ADDRESS), (f"login\0{login}", MOST_FOR_LOGIN)]
    if not login:
        named = named[:2]
    return [(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest(), most) for name, most in named]
