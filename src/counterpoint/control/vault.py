"""Secrets at rest: AES-256-GCM, each bound to its owner, so that a ciphertext moved to another row opens nothing.

NIST SP 800-38D: a fresh 96-bit nonce from the system's entropy for each encryption; one installation stays
far below the 2^32 encryptions for which such nonces are safe.
"""

import secrets as entropy
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from counterpoint.control.masterkey import MasterKey
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import secrets as store
from counterpoint.storage import settings
from counterpoint.storage.secrets import SecretRow

_CURRENT = "master_key"
"""The setting that has the id of the key in use."""


def masked(text: str) -> str:
    """The end of a secret: enough to recognise it by. Short ones are not shown at all."""
    return f"…{text[-4:]}" if len(text) >= 16 else "…"


class Vault:
    """Encrypts with the first of its keys, decrypts with any."""

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        self._current = keys[0]
        self._ciphers = {key.id: AESGCM(key.key) for key in keys}

    def put(
        self, connection: Connection, owner_kind: str, owner_id: str, name: str, text: str, *, hint: str = ""
    ) -> None:
        """Stores a secret, in place of an earlier one. `hint`: what it is recognised by, if not by its end."""
        store.put(connection, self._seal(owner_kind, owner_id, name, text, hint or masked(text)))

    def get(self, connection: Connection, owner_kind: str, owner_id: str, name: str) -> str | None:
        """The secret, `None` when there is none. Raises `Complaint` when it cannot be decrypted."""
        row = store.find(connection, owner_kind, owner_id, name)
        return self._open(row) if row is not None else None

    def all(self, connection: Connection, owner_kind: str) -> dict[tuple[str, str], str]:
        """Every secret of one kind of owner, by owner and name. Raises `Complaint`."""
        return {(row.owner_id, row.name): self._open(row) for row in store.listed(connection, owner_kind)}

    def check(self, connection: Connection) -> None:
        """Raises `Complaint` when some secret was encrypted with a key that is not here, or another process of this
        installation works with another key."""
        known = settings.get(connection, _CURRENT)
        if known is not None and known not in self._ciphers:
            raise Complaint("control.vault.other_key", kind="unavailable", id=known)
        for row in store.listed(connection):
            if row.master_key_id not in self._ciphers:
                raise Complaint("control.vault.other_key", kind="unavailable", id=row.master_key_id)

    def renew(self, connection: Connection) -> int:
        """Encrypts again, with the current key, what older keys encrypted. The number of secrets changed."""
        old = [row for row in store.listed(connection) if row.master_key_id != self._current.id]
        for row in old:
            store.put(
                connection, self._seal(row.owner_kind, row.owner_id, row.name, self._open(row), row.hint)
            )
        if settings.get(connection, _CURRENT) != self._current.id:
            settings.put(connection, _CURRENT, self._current.id)
        return len(old)

    def _seal(self, owner_kind: str, owner_id: str, name: str, text: str, hint: str) -> SecretRow:
        nonce = entropy.token_bytes(12)
        bound = _bound_to(owner_kind, owner_id, name)
        ciphertext = self._ciphers[self._current.id].encrypt(nonce, text.encode(), bound)
        return SecretRow(owner_kind, owner_id, name, ciphertext, nonce, self._current.id, hint)

    def _open(self, row: SecretRow) -> str:
        cipher = self._ciphers.get(row.master_key_id)
        if cipher is None:
            raise Complaint("control.vault.other_key", kind="unavailable", id=row.master_key_id)
        bound = _bound_to(row.owner_kind, row.owner_id, row.name)
        try:
            return cipher.decrypt(bytes(row.nonce), bytes(row.ciphertext), bound).decode()
        except InvalidTag:
            raise Complaint(
                "control.vault.damaged", kind="unavailable", owner=f"{row.owner_kind} {row.owner_id}"
            ) from None


def _bound_to(owner_kind: str, owner_id: str, name: str) -> bytes:
    return f"{owner_kind}\0{owner_id}\0{name}".encode()
