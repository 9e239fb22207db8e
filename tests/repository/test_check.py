"""`make check` reports every step, and fails when one of them finds something."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import check


def run(repository: Path, *steps: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scripts.check", *steps]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def test_only_the_steps_asked_for_are_run(repository: Path) -> None:
    result = run(repository, "changelog", "imports")
    assert result.returncode == 0, result.stdout
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["ok", "imports"],
        ["ok", "changelog"],
    ]


def test_a_step_that_does_not_exist_is_refused_by_name(repository: Path) -> None:
    result = run(repository, "spelling")
    assert result.returncode != 0
    assert "no step spelling" in result.stderr
    assert "format" in result.stderr


@pytest.mark.parametrize(
    "run",
    [("python", "-c", "print('no good'); raise SystemExit(3)"), lambda root: ["no good"]],
    ids=["command", "function"],
)
def test_what_a_step_finds_is_printed(capsys: pytest.CaptureFixture[str], run: check.Run) -> None:
    assert not check.passed(check.Step("bad", run))
    printed = capsys.readouterr().out
    assert printed.startswith("FAILED bad")
    assert "no good" in printed


def test_a_command_does_not_see_what_it_must_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://packages.example/simple")
    look = ("python", "-c", "import os; raise SystemExit('UV_DEFAULT_INDEX' in os.environ)")
    assert check.findings(check.Step("look", look, without=("UV_DEFAULT_INDEX",))) == []
    assert check.findings(check.Step("look", look)) == ["exit code 1"]
