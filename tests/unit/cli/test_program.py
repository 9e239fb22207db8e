import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from counterpoint.cli.program import SECTIONS
from tests.unit.cli.conftest import Run

HEAVY = ("sqlalchemy", "fastapi", "pydantic", "rich", "cryptography", "numpy", "uvicorn", "asyncio")


def test_help_lists_every_command(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for _, names in SECTIONS:
        for name in names:
            assert f"\n  {name.replace('_', '-')} " in ran.out
    assert "Exit codes:" in ran.out


def test_help_is_in_french_for_a_french_system(run: Run) -> None:
    ran = run("--help", lang="fr")
    assert "Utilisation :" in ran.out
    assert "Codes de sortie :" in ran.out


def test_help_loads_no_heavy_library() -> None:
    """What the help costs is what it imports; its time is measured by `benchmarks`."""
    program = (
        "import sys; from counterpoint.cli.program import root\n"
        "try: root.main(['--help'])\n"
        f"except SystemExit: sys.stderr.write(repr([n for n in {HEAVY!r} if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"


@pytest.mark.parametrize("path", [("keys",), ("keys", "list"), ("models",), ("usage",)], ids=" ".join)
def test_a_commands_help_loads_no_database(path: tuple[str, ...]) -> None:
    program = (
        "import sys; from counterpoint.cli.program import root\n"
        f"try: root.main([*{path!r}, '--help'])\n"
        "except SystemExit: sys.stderr.write(repr([n for n in ('sqlalchemy', 'fastapi') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    ran = run("kyes")
    assert ran.code == 2
    assert "No such command 'kyes'" in ran.err
    assert "keys" in ran.err


def test_the_version_is_said(run: Run) -> None:
    assert run("--version").out.startswith("counterpoint ")


def installed(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The program as it is installed."""
    program = str(Path(sys.executable).with_name("counterpoint"))
    return subprocess.run(
        [program, *arguments],
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_error_is_one_sentence_without_traceback(data: Path) -> None:
    data.write_text("a file where the folder should be")
    done = installed("keys", "list")
    assert done.returncode == 5
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(data) in done.stderr
    assert "Traceback" in installed("keys", "list", COUNTERPOINT_DEBUG="1").stderr


def test_the_systems_language_is_used() -> None:
    done = installed("keys", "rotate", "x", COUNTERPOINT_LANG="", LANG="fr_FR.UTF-8")
    assert done.returncode == 3
    assert done.stderr.startswith("Erreur : ")


def test_a_reader_who_leaves_early_is_no_error(data: Path) -> None:
    program = Path(sys.executable).with_name("counterpoint")
    command = f"'{program}' keys list --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"0", "141"}
    assert done.stderr == ""


def test_no_colour_where_nobody_looks(run: Run) -> None:
    assert "\x1b" not in run("keys", "list").out


def test_a_defect_is_told_as_such(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **settings: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(click.Group, "invoke", fail)
    ran = run("keys", "list")
    assert ran.code == 70
    assert "a wheel came off" in ran.err
    assert "COUNTERPOINT_DEBUG=1" in ran.err
