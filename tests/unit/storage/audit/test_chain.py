import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.storage.audit.chain import (
    BEGINNING,
    Anchor,
    anchor_line,
    canonical,
    hash_of,
    read_anchors,
    verify,
)


def made(count: int, organisation: str = "o") -> list[str]:
    lines, previous = [], BEGINNING
    for sequence in range(1, count + 1):
        entry = {
            "organisation": organisation,
            "sequence": sequence,
            "action": f"é {sequence}",
            "previous": previous,
        }
        previous = hash_of(canonical(entry))
        lines.append(json.dumps({**entry, "hash": previous}))
    return lines


def fault(lines: Sequence[str], anchors: Sequence[Anchor] = ()) -> tuple[str, int | None] | None:
    broken = verify(lines, anchors).broken
    return None if broken is None else (broken.fault, broken.sequence)


def anchors(lines: Sequence[str]) -> list[Anchor]:
    return [Anchor(**{name: json.loads(line)[name] for name in Anchor.__struct_fields__}) for line in lines]


def rehashed(line: str, **changes: object) -> str:
    entry = {**json.loads(line), **changes}
    del entry["hash"]
    return json.dumps({**entry, "hash": hash_of(canonical(entry))})


def test_a_whole_chain_and_a_part_of_one_hold() -> None:
    lines = made(9)
    assert verify([*lines, ""]).entries == 9
    assert verify(lines[3:7]).last == (anchors(lines)[6],)
    assert verify([]).entries == 0
    mixed = [line for pair in zip(made(3, "a"), made(3, "b"), strict=True) for line in pair]
    assert len(verify(mixed).last) == 2


def test_the_first_broken_entry_is_named() -> None:
    lines = made(6)
    assert fault([*lines[:2], lines[2].replace("\\u00e9", "e"), *lines[3:]]) == ("altered", 3)
    assert fault([*lines[:2], *lines[3:]]) == ("missing", 3)
    assert fault([*lines[:2], rehashed(lines[2], action="x"), *lines[3:]]) == ("unlinked", 4)
    assert fault([*lines[:2], lines[3], lines[2], *lines[4:]]) == ("missing", 3)
    assert fault([*lines[:3], lines[2], *lines[3:]]) == ("missing", 4)
    assert fault(["{}"]) == fault(["[1]"]) == fault(["no"]) == ("unreadable", None)
    assert fault([rehashed(lines[0], previous="1" * 64), *lines[1:]]) == ("unlinked", 1)


@pytest.mark.parametrize(
    "forge",
    [
        lambda line: line.replace("{", '{"action":"key.delete",', 1),
        lambda line: line.replace("{", r'{"\u0061ction":"key.delete",', 1),
        lambda line: line.replace('"by": {', '"by": {"name": "bob", '),
        lambda line: line.replace('"weight": 1.0', '"weight": NaN'),
        lambda line: line.replace('"weight": 1.0', '"weight": 1e999'),
        lambda line: f"{line} {line}",
        lambda line: f"{line}\0",
        lambda line: f"\ufeff{line}",
        lambda line: line.replace('"sequence": 1', '"sequence": 1.0'),
        lambda line: line.replace('"sequence": 1', '"sequence": true'),
        lambda line: line.replace('"sequence": 1', '"sequence": "1"'),
        lambda line: rehashed(line, sequence="1"),
        lambda line: rehashed(line, sequence=1.5),
        lambda line: rehashed(line, organisation=["o"]),
        lambda line: "[" * 100_000,
    ],
)
def test_a_line_that_says_other_things_to_its_reader_is_no_entry(forge: Callable[[str], str]) -> None:
    (line,) = made(1)
    line = rehashed(line, by={"kind": "account", "name": "eve"}, weight=1.0)
    assert fault([line]) is None
    forged = forge(line)
    assert forged != line
    for told in (forged, forged.encode()):
        broken = verify([told]).broken
        assert broken is not None
        assert broken.fault in {"unreadable", "altered"}


def test_an_anchor_shows_a_new_history_and_a_lost_end() -> None:
    lines = made(6)
    kept = anchors(lines)[3:5]
    assert verify(lines, kept).anchors == 2
    assert fault(lines[:4], kept) == ("cut", 5)
    forged: list[str] = []
    for line in lines:
        previous = json.loads(forged[-1])["hash"] if forged else BEGINNING
        forged.append(rehashed(line, action="forged", previous=previous))
    assert fault(forged) is None
    assert fault(forged, kept) == ("anchor", 4)


def test_an_end_that_was_cut_off_shows_when_other_acts_have_taken_its_place() -> None:
    """They are anchored, too, under the numbers of what was there."""
    lines = made(6)
    other = [*lines[:4], rehashed(lines[4], action="another")]
    assert fault(other) is None
    kept = [*anchors(lines), *anchors(other)[4:]]
    assert fault(other, kept) == ("anchor", 5)
    other.append(rehashed(lines[5], previous=json.loads(other[-1])["hash"]))
    assert fault(other, [*kept, *anchors(other)[5:]]) == ("anchor", 5)
    assert fault(lines, [*anchors(lines), *anchors(lines)]) is None


def test_anchors_are_read_as_they_are_written() -> None:
    kept = anchors(made(3))
    assert list(read_anchors([anchor_line(anchor, 7) for anchor in kept] + ["\n"])) == kept


@given(st.data())
def test_no_change_of_a_character_goes_unnoticed(data: st.DataObject) -> None:
    lines = made(4)
    number = data.draw(st.integers(0, 2))  # after the last one nothing follows that names it
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    letter = data.draw(st.sampled_from('a0é" '))
    line = lines[number][:place] + letter + lines[number][place + 1 :]
    try:
        same = json.loads(line) == json.loads(lines[number])
    except ValueError:
        same = False
    assert (fault([*lines[:number], line, *lines[number + 1 :]]) is None) is same
