"""Changes the master key, so that a copy of the old one opens nothing that is stored from then on.

Killed at any point, it leaves a file whose keys open every secret: the new key is added before the first
secret is encrypted with it, and the old one goes after the last. The platform must not run meanwhile.
"""

from pathlib import Path

from counterpoint.control.masterkey import load_master_keys, new_master_key, store_master_keys
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database


def rotate_master_key(database: Database, data: Path, given: str | None) -> int:
    """Makes a new master key and encrypts every secret with it; how many. `given`: what the environment says;
    a key that stands there can be changed only there. Raises `Complaint`."""
    if given:
        raise Complaint("control.vault.rotate_in_environment", kind="conflict")
    old = load_master_keys(data, None)
    new = new_master_key()
    store_master_keys(data, (new, *old))
    vault = Vault((new, *old))
    with database.write() as connection:
        vault.check(connection)
        count = vault.renew(connection)
    store_master_keys(data, (new,))
    return count
