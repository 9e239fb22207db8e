import pytest

from counterpoint.knowledge.parsing.outcome import DAMAGED, SWELLS, UnreadableError
from counterpoint.knowledge.parsing.packages import RATIO_COUNTS_FROM, check_package, part
from tests.office.making import archive, word


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        check_package(data)
    return caught.value.outcome.reason


def test_what_swells_is_refused_before_it_is_unpacked() -> None:
    check_package(word(""))
    assert refusal(archive({"xl/sheet.xml": bytes(RATIO_COUNTS_FROM + 1)})) == SWELLS
    assert refusal(archive({f"{number}": "" for number in range(20_001)})) == SWELLS
    assert refusal(b"PK\x03\x04") == DAMAGED


def test_a_part_is_read_if_it_is_small_enough() -> None:
    data = archive({"a": "content"})
    assert part(data, "a") == b"content"
    assert part(data, "a", most=6) == b""
    assert part(data, "b") == b""
    assert part(b"no zip", "a") == b""
