import sqlite3
from pathlib import Path

import pytest

from tests.canary import LARGEST, leaked

pytest_plugins = ["pytester"]
WORD = "not-the-canary-of-this-run"


def test_a_word_is_found_wherever_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log").write_text(f"error: {WORD}!\n")
    (tmp_path / "clean").write_text("nothing")
    with sqlite3.connect(tmp_path / "rows.sqlite3") as database:
        database.execute("CREATE TABLE t (v TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (f"x{WORD}y",))
    database.close()
    with (tmp_path / "model").open("wb") as large:
        large.truncate(LARGEST + 1)
    assert leaked(tmp_path, WORD) == ["a/log", "rows.sqlite3"]


@pytest.mark.parametrize(("written", "fails"), [("other", 0), ("9f2d4c71e0", 1)])
def test_a_run_that_leaves_a_secret_fails(pytester: pytest.Pytester, written: str, fails: int) -> None:
    """In a folder that goes with the test: the word is put together there, and is in no file of this run. (A sum of
    two texts would be: it is done when the test is compiled, and stands in what is kept of that.)"""
    pytester.makepyfile(f"""
        def test_writes(tmp_path):
            (tmp_path / "log").write_text("".join(["canary-", "{written}"]))
    """)
    base = pytester.path / "base"
    outcome = pytester.runpytest_inprocess("-p", "tests.canary", f"--basetemp={base}")
    assert outcome.ret == fails
    (base / "test_writes0" / "log").unlink()
