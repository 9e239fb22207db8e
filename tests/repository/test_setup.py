"""What setup reads from pip's configuration and from the lock file; that it installs is seen by every run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup

MIRROR = "https://packages.example/simple"


@pytest.mark.parametrize(
    ("listed", "environment", "expected"),
    [
        ("", {}, {}),
        (f"global.index-url='{MIRROR}'", {}, {"UV_DEFAULT_INDEX": MIRROR}),
        (f":env:.index-url='{MIRROR}'\nglobal.index-url='x'", {}, {"UV_DEFAULT_INDEX": MIRROR}),
        (f"global.index-url='x'\ninstall.index-url='{MIRROR}'", {}, {"UV_DEFAULT_INDEX": MIRROR}),
        (f"global.index-url='{MIRROR}'", {"UV_DEFAULT_INDEX": "mine"}, {}),
        (f"global.index-url='{MIRROR}'", {"UV_INDEX_URL": "mine"}, {}),
        ("global.trusted-host='packages.example'", {}, {"UV_INSECURE_HOST": "packages.example"}),
        ("global.cert='/etc/ca.pem'", {}, {"SSL_CERT_FILE": "/etc/ca.pem"}),
        ("global.cert='/etc/ca.pem'", {"SSL_CERT_FILE": "/mine.pem"}, {}),
        ("global.timeout='60'\ndownload.index-url='x'\n\nno such line", {}, {}),
    ],
)
def test_pips_index_is_handed_on_to_uv(
    listed: str, environment: dict[str, str], expected: dict[str, str]
) -> None:
    assert setup.as_uv_settings(listed, environment) == expected


def test_pips_own_words_are_understood(tmp_path: Path) -> None:
    """As the pip on this machine prints them."""
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {MIRROR}\n")
    environment = {**os.environ, "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    base = Path(sys.base_prefix) / "bin" / "python3"
    command = [str(base), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert setup.as_uv_settings(listed.stdout, {}).get("UV_DEFAULT_INDEX") == MIRROR


def test_uv_is_fetched_at_the_locked_version_and_hash(repository: Path) -> None:
    requirement = setup.locked_requirement((repository / "uv.lock").read_text("utf-8"), "uv")
    name, *hashes = requirement.split()
    assert name.startswith("uv==0.")
    assert len(hashes) > 5
    assert all(each.startswith("--hash=sha256:") for each in hashes)


def test_a_program_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert setup.version_of(str(tmp_path / "uv")) == (0,)
    assert setup.version_of(sys.executable)[:2] == sys.version_info[:2]


@pytest.mark.parametrize(
    ("node", "npm", "installed"), [("v20.19.0", "10.1", False), ("v18.1.0", "9.2", True)]
)
def test_nodes_wheel_is_for_machines_without_a_recent_node(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, node: str, npm: str, *, installed: bool
) -> None:
    for name, version in {"node": node, "npm": npm}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ("node" in setup.needed(["test", "node"])) is installed
    assert "build" in setup.needed([])
