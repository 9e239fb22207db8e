import base64
from pathlib import Path

import pytest

from counterpoint.control.masterkey import load_master_keys, new_master_key, store_master_keys
from counterpoint.i18n.complaint import Complaint


def test_the_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = load_master_keys(tmp_path, None)
    assert load_master_keys(tmp_path, None) == first
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_the_environment_comes_first_and_makes_no_file(tmp_path: Path) -> None:
    given = base64.b64encode(bytes(range(32))).decode()
    (key,) = load_master_keys(tmp_path, given)
    assert key.key == bytes(range(32))
    assert list(tmp_path.iterdir()) == []


def test_several_keys_keep_their_order(tmp_path: Path) -> None:
    keys = (new_master_key(), new_master_key())
    store_master_keys(tmp_path, keys)
    assert load_master_keys(tmp_path, None) == keys
    given = ",".join(base64.b64encode(key.key).decode() for key in keys)
    assert load_master_keys(tmp_path, given) == keys


def test_a_key_is_not_printed() -> None:
    key = new_master_key()
    assert repr(key.key) not in repr(key)


@pytest.mark.parametrize(
    ("given", "words"), [("not base64!", "cannot be read"), ("YWJj", "3 bytes instead of 32")]
)
def test_an_unusable_key_is_explained(tmp_path: Path, given: str, words: str) -> None:
    with pytest.raises(Complaint, match=words):
        load_master_keys(tmp_path, given)
    (tmp_path / "master.key").write_text(given)
    with pytest.raises(Complaint, match=r"master\.key"):
        load_master_keys(tmp_path, None)


def test_an_empty_file_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("\n")
    with pytest.raises(Complaint, match="0 bytes"):
        load_master_keys(tmp_path, None)
