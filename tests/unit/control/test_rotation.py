from pathlib import Path

import pytest

from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import load_master_keys, new_master_key, store_master_keys
from counterpoint.control.rotation import rotate_master_key
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database


def test_everything_opens_with_the_new_key_and_nothing_with_the_old(
    database: Database, tmp_path: Path
) -> None:
    old = load_master_keys(tmp_path, None)
    made = begin(database, Vault(old))
    assert rotate_master_key(database, tmp_path, None) == 1
    new = load_master_keys(tmp_path, None)
    assert len(new) == 1
    assert new != old
    assert begin(database, Vault(new)).demo_key == made.demo_key
    with pytest.raises(Complaint, match="master key"):
        begin(database, Vault(old))


def test_a_rotation_cut_short_is_ended_by_the_next_start(database: Database, tmp_path: Path) -> None:
    old = load_master_keys(tmp_path, None)
    made = begin(database, Vault(old))
    store_master_keys(tmp_path, (new_master_key(), *old))
    both = load_master_keys(tmp_path, None)
    assert begin(database, Vault(both)).demo_key == made.demo_key
    assert begin(database, Vault(both[:1])).demo_key == made.demo_key


def test_a_key_from_the_environment_is_changed_there(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="COUNTERPOINT_MASTER_KEY"):
        rotate_master_key(database, tmp_path, "given")
    assert list(tmp_path.glob("master.key*")) == []
