"""The golden snapshots and what is made of them say what is so today."""

from counterpoint.dialects.registry import CHAT
from scripts.golden import GOLDEN, files, silent
from scripts.golden_cases import CASES


def test_snapshots_matrix_and_page_are_fresh() -> None:
    wanted = files()
    stale = [
        str(path) for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text
    ]
    left = [str(path) for path in GOLDEN.rglob("*.json") if path not in wanted]
    assert stale + left == [], "run `python -m scripts.golden`"


def test_nothing_changes_in_silence() -> None:
    assert silent() == []


def test_every_feature_is_said_by_some_dialect_and_every_dialect_has_cases() -> None:
    held: dict[str, set[str]] = {name: set() for name in CHAT}
    for path in GOLDEN.rglob("*.json"):
        held[path.parent.name].add(path.stem)
    assert set(held) == set(CHAT)
    assert set().union(*held.values()) == {case.name for case in CASES}
