import pytest

from counterpoint.knowledge.sources.paths import LONGEST, sayable, shown, too_long


def test_bytes_count_not_characters() -> None:
    assert not too_long("x" * LONGEST)
    assert too_long("x" * (LONGEST + 1))
    assert too_long("\u5b57" * (LONGEST // 3 + 1))
    assert too_long("\udc80" * LONGEST)


@pytest.mark.parametrize(("path", "so"), [("a/é.txt", True), ("a\0b", False), ("a\udc80", False)])
def test_what_is_no_text(path: str, so: bool) -> None:
    assert sayable(path) is so
    shown(path).encode()
    assert "\0" not in shown(path)


def test_a_long_path_is_shown_by_its_beginning() -> None:
    assert shown("a/b.txt") == "a/b.txt"
    assert shown("x" * 5000) == "x" * 200 + "…"
