"""The folder for sockets, and one platform per data directory."""

import os
from pathlib import Path

import pytest

from counterpoint.app.runtime import InstanceLock, is_running, runtime_folder
from counterpoint.i18n.complaint import Complaint


def test_a_data_directory_has_one_private_folder_for_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    folder = runtime_folder(tmp_path)
    try:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder == runtime_folder(tmp_path)
        assert folder != runtime_folder(tmp_path / "other")
    finally:
        folder.rmdir()
        runtime_folder(tmp_path / "other").rmdir()


def test_a_folder_that_others_can_enter_is_not_used(tmp_path: Path) -> None:
    folder = runtime_folder(tmp_path)
    folder.chmod(0o755)
    try:
        with pytest.raises(Complaint, match="open to others"):
            runtime_folder(tmp_path)
    finally:
        folder.rmdir()


def test_a_base_whose_path_is_too_long_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    folder = runtime_folder(tmp_path)
    assert len(str(folder)) < 67
    folder.rmdir()


def test_two_platforms_cannot_run_on_one_data_directory(tmp_path: Path) -> None:
    assert not is_running(tmp_path)
    lock = InstanceLock(tmp_path)
    assert is_running(tmp_path)
    with pytest.raises(Complaint, match=f"process {os.getpid()}"):
        InstanceLock(tmp_path)
    lock.release()
    assert not is_running(tmp_path)
    InstanceLock(tmp_path).release()
