"""Key pairs: what a client signs with that can only sign (AWS Signature Version 4), beside the key that others show.

To verify a signature one needs the secret itself, so it cannot be kept as a digest: the vault seals it, and the
gateway's workers have it in memory alone. Neither half tells anything of the key (decision 11).
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import make_pair
from counterpoint.storage.clock import now_micros

PAIRS = "pairs"
"""The name under which a key's pairs are kept."""


class Pair(msgspec.Struct, frozen=True):
    """`access_key`: the public half. `ends`: microseconds since the epoch, of one that was replaced."""

    access_key: str
    secret: str
    ends: int | None = None

    def __repr__(self) -> str:
        return f"Pair({self.access_key!r})"


_decode = msgspec.json.Decoder(tuple[Pair, ...]).decode


def has_pair(connection: Connection, vault: Vault, key_id: str) -> bool:
    """Whether that key has one."""
    return bool(_kept(connection, vault, key_id))


def renew_pair(connection: Connection, vault: Vault, key_id: str, grace: timedelta) -> Pair:
    """A new pair for that key; the ones before stay good for `grace`."""
    now = now_micros()
    until = now + max(0, grace // timedelta(microseconds=1))
    kept = [
        msgspec.structs.replace(pair, ends=until if pair.ends is None else min(pair.ends, until))
        for pair in _kept(connection, vault, key_id)
    ]
    made = Pair(*make_pair())
    text = msgspec.json.encode([made, *(pair for pair in kept if pair.ends is not None and pair.ends > now)])
    vault.put(connection, "key", key_id, PAIRS, text.decode())
    return made


def every_pair(connection: Connection, vault: Vault, now: int) -> Mapping[str, tuple[Pair, ...]]:
    """The pairs that are good at `now`, by key."""
    return {
        key_id: tuple(pair for pair in _decode(text) if pair.ends is None or pair.ends > now)
        for (key_id, name), text in vault.all(connection, "key").items()
        if name == PAIRS
    }


def _kept(connection: Connection, vault: Vault, key_id: str) -> tuple[Pair, ...]:
    text = vault.get(connection, "key", key_id, PAIRS)
    return _decode(text) if text is not None else ()
