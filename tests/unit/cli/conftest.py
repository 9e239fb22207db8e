"""Runs the command line as a user does, against a data folder of the test's own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from counterpoint.cli.program import root
from counterpoint.i18n import system_language


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def own_environment(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of whoever runs the tests."""
    for variable in (
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "NO_COLOR",
        "COUNTERPOINT_CONFIG",
        "COUNTERPOINT_DEBUG",
    ):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COUNTERPOINT_DATA", str(data))
    monkeypatch.setenv("COUNTERPOINT_LANG", "en")
    monkeypatch.chdir(tmp_path)
    system_language.cache_clear()
    yield
    system_language.cache_clear()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("keys", "list", lang="fr")`."""

    def run_command(*arguments: str, lang: str = "en", stdin: str | None = None) -> Ran:
        monkeypatch.setenv("COUNTERPOINT_LANG", lang)
        system_language.cache_clear()
        result = CliRunner().invoke(root, arguments, input=stdin, prog_name="counterpoint")
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run_command
