"""Where the master key is: in the environment, or in a file of the data directory that only its owner reads.

There may be several, the first is used to encrypt: so a rotation can be cut short at any point and still
every secret can be read. The environment separates them by commas, the file by lines.
"""

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path

import msgspec

from counterpoint.i18n.complaint import Complaint

FILE_NAME = "master.key"
VARIABLE = "COUNTERPOINT_MASTER_KEY"
_BYTES = 32


class MasterKey(msgspec.Struct, frozen=True):
    """An AES-256 key. `id` tells which key a secret was encrypted with, and nothing about the key."""

    id: str
    key: bytes

    def __repr__(self) -> str:
        return f"MasterKey({self.id!r})"


def master_key(key: bytes) -> MasterKey:
    """With its id."""
    return MasterKey(hashlib.sha256(b"counterpoint master key id\0" + key).hexdigest()[:16], key)


def new_master_key() -> MasterKey:
    """From the system's entropy."""
    return master_key(secrets.token_bytes(_BYTES))


def load_master_keys(data: Path, given: str | None) -> tuple[MasterKey, ...]:
    """Those that the environment gives, else those of the file, which is made when absent.

    Raises `Complaint`.
    """
    if given:
        return _parse(given.split(","), VARIABLE)
    path = data / FILE_NAME
    try:
        return _parse(path.read_text("ascii", errors="replace").split(), str(path))
    except FileNotFoundError:
        return _create(path)


def read_master_keys(text: str, where: str) -> tuple[MasterKey, ...]:
    """Those that stand in a file's text. Raises `Complaint`."""
    return _parse(text.split(), where)


def written_master_keys(keys: tuple[MasterKey, ...]) -> str:
    """As a file has them."""
    return "".join(base64.b64encode(key.key).decode("ascii") + "\n" for key in keys)


def store_master_keys(data: Path, keys: tuple[MasterKey, ...]) -> None:
    """Replaces the file, whole or not at all."""
    path = data / FILE_NAME
    fresh = path.with_name(f"{FILE_NAME}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    _write(fresh, keys)
    fresh.replace(path)
    _sync_folder(path.parent)


def _create(path: Path) -> tuple[MasterKey, ...]:
    keys = (new_master_key(),)
    fresh = path.with_name(f"{FILE_NAME}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    _write(fresh, keys)
    try:
        # A link, unlike a rename, fails when another process was first: then its key counts.
        os.link(fresh, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return load_master_keys(path.parent, None)
    finally:
        fresh.unlink()
    return keys


def _write(path: Path, keys: tuple[MasterKey, ...]) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(written_master_keys(keys))
        file.flush()
        os.fsync(fd)


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _parse(texts: list[str], where: str) -> tuple[MasterKey, ...]:
    keys = []
    for text in texts:
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise Complaint("control.vault.key_unreadable", where=where) from None
        if len(key) != _BYTES:
            raise Complaint("control.vault.key_length", where=where, bytes=len(key))
        keys.append(master_key(key))
    if not keys:
        raise Complaint("control.vault.key_length", where=where, bytes=0)
    return tuple(keys)
