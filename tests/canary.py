"""A word that stands in secrets of tests, and must stand nowhere else: at the end of a whole run, everything that was
written is searched for it (logs, databases and their journals, spools, exports, what telemetry received).

A test that handles a secret puts `CANARY` in it, and leaves what it exports in its `tmp_path`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

CANARY = "canary-9f2d4c71e0"
LARGEST = 64 * 1024 * 1024
"""Larger files are models."""


def leaked(folder: Path, word: str = CANARY) -> list[str]:
    """The files below `folder` that hold `word`."""
    wanted = word.encode()
    return [str(path.relative_to(folder)) for path in _files(folder) if wanted in path.read_bytes()]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
            yield path


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Once, by whoever shares the work out: the folders of all workers lie in its own."""
    base = getattr(getattr(session.config, "_tmp_path_factory", None), "_basetemp", None)
    if base is None or hasattr(session.config, "workerinput"):
        return
    found = leaked(base)
    if found:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_sep("=", f"secrets were written to {len(found)} files below {base}", red=True)
            for name in found:
                reporter.write_line(name)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
