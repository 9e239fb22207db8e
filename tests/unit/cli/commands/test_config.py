from pathlib import Path

import pytest

from counterpoint.app.runtime import InstanceLock
from tests.unit.cli.conftest import Run

GOOD = """
[server]
port = 9000

[[keys]]
name = "ci"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
"""
BAD = """
[server]
prot = 9000

[[providers]]
name = 7
"""
UNKNOWN = """
[[providers]]
name = "groqq"
"""


def test_a_good_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "counterpoint.toml"
    path.write_text(GOOD)
    assert run("config", "check").out.strip() == f"{path} is fine."
    assert run("config", "check", str(path), "--json").json == {"file": str(path), "ok": True, "problems": []}


def test_every_problem_is_said_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(BAD)
    ran = run("config", "check", str(path))
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"{path}:3:1: server.prot: ")
    assert "Did you mean 'port'?" in lines[0]
    assert lines[1].startswith(f"{path}:6:")
    problems = run("config", "check", str(path), "--json").json["problems"]
    assert problems[0].keys() == {"file", "line", "column", "path", "message", "hint"}
    path.write_text(UNKNOWN)
    assert "Did you mean 'groq'?" in run("config", "check", str(path)).out
    path.write_text(BAD)
    assert "rien" in run("config", "check", str(path), lang="fr").out.lower()


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    assert run("config", "check").code == 3
    assert run("config", "check", str(tmp_path / "absent.toml")).code == 3


def test_show_says_what_it_comes_to_without_secrets(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counterpoint.toml").write_text(GOOD)
    monkeypatch.setenv("COUNTERPOINT_ADMIN_TOKEN", "a-token-that-stays-hidden")
    monkeypatch.setenv("COUNTERPOINT_DATABASE_URL", "postgresql://me:hidden@db/counterpoint")
    shown = run("config", "show", "--json")
    assert "hidden" not in shown.out
    assert shown.json["settings"]["port"] == 9000
    assert shown.json["settings"]["admin_token"] == "(set)"
    text = run("config", "show").out
    assert "hidden" not in text
    assert "9000" in text
    assert "ci" in text


def test_a_new_master_key(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("keys", "list")
    before = (data / "master.key").read_text()
    ran = run("config", "rotate-master-key")
    assert ran.code == 0
    assert "encrypted again: 1" in ran.err
    assert (data / "master.key").read_text() != before
    assert run("config", "rotate-master-key", "--json").json == {"secrets": 1}
    lock = InstanceLock(data)
    try:
        assert run("config", "rotate-master-key").code == 4
    finally:
        lock.release()
    monkeypatch.setenv("COUNTERPOINT_MASTER_KEY", before.strip())
    assert run("config", "rotate-master-key").code in {4, 5}
