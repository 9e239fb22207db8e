"""The chain that audit entries form, as anybody can check it: pure, and without a database.

An entry is a JSON object. Its hash is SHA-256 over that object, without the hash itself, written canonically: keys in
the order of their characters, no white space, UTF-8. It names its number, which goes up by one from 1, and the hash of
the entry before it. So nobody can change, leave out, insert or reorder an entry without changing all that follow; and
who keeps one hash elsewhere (an anchor) would notice that, too, and that the end was cut off.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal

import msgspec

BEGINNING = "0" * 64
"""What the first entry names as the hash before it."""

Fault = Literal["unreadable", "altered", "missing", "unlinked", "anchor", "cut"]
"""`unreadable`: no entry at all; `altered`: its hash is not its own; `missing`: its number does not follow; `unlinked`:
it names another predecessor; `anchor`: another hash was anchored for it; `cut`: the log ends before its last anchor."""


class Anchor(msgspec.Struct, frozen=True):
    """A place in a chain that was written down elsewhere."""

    organisation: str
    sequence: int
    hash: str


class Broken(msgspec.Struct, frozen=True):
    """The first thing that is wrong. `line`: of the export, from 1; `sequence`: of the entry, as far as it says so."""

    fault: Fault
    line: int
    organisation: str = ""
    sequence: int | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What a check found. `entries`: checked; `last`: of each organisation, the place that its chain has reached."""

    entries: int
    last: tuple[Anchor, ...]
    broken: Broken | None = None
    anchors: int = 0


def canonical(entry: Mapping[str, Any]) -> str:
    """As it is hashed."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(body: str) -> str:
    """Of an entry as `canonical` writes it."""
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def verify(lines: Iterable[str | bytes], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Checks an export, one entry a line. It may begin in the middle of a chain, and hold several organisations'."""
    # A place that was anchored twice, with two hashes, has had two entries: the one that is there now replaced another.
    expected: dict[tuple[str, int], set[str]] = {}
    for anchor in anchors:
        expected.setdefault((anchor.organisation, anchor.sequence), set()).add(anchor.hash)
    reached: dict[str, Anchor] = {}
    entries = met = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _checked(line, number, reached)
        if isinstance(found, Broken):
            return Verdict(entries, tuple(reached.values()), found, met)
        wanted = expected.get((found.organisation, found.sequence))
        if wanted is not None:
            met += 1
            if wanted != {found.hash}:
                broken = Broken("anchor", number, found.organisation, found.sequence)
                return Verdict(entries, tuple(reached.values()), broken, met)
        reached[found.organisation] = found
        entries += 1
    return Verdict(entries, tuple(reached.values()), _cut(expected, reached), met)


def _entry(line: str | bytes) -> Any:
    """What is hashed has to be all that a line says, to whoever reads it with whatever: nothing is said twice, or in
    another encoding, or with what JSON has no word for. Raises `ValueError`, `RecursionError`."""
    text = line if isinstance(line, str) else line.decode("utf-8", "surrogatepass")
    return json.loads(text, object_pairs_hook=_once, parse_constant=_unknown)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a key is given twice")
    return told


def _unknown(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _place(organisation: object, sequence: object, told: object) -> Anchor:
    if not isinstance(organisation, str) or type(sequence) is not int or not isinstance(told, str):
        raise TypeError("they are of other kinds")
    return Anchor(organisation, sequence, told)


def _checked(line: str | bytes, number: int, reached: Mapping[str, Anchor]) -> Anchor | Broken:
    try:
        entry = _entry(line)
        told = entry.pop("hash")
        place = _place(entry["organisation"], entry["sequence"], told)
        previous = entry["previous"]
        body = canonical(entry)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Broken("unreadable", number)
    where = (number, place.organisation, place.sequence)
    if hash_of(body) != told:
        return Broken("altered", *where)
    before = reached.get(place.organisation)
    if before is None:
        begins = place.sequence != 1 or previous == BEGINNING
        return place if begins else Broken("unlinked", *where)
    if place.sequence != before.sequence + 1:
        return Broken("missing", number, place.organisation, before.sequence + 1)
    return place if previous == before.hash else Broken("unlinked", *where)


def _cut(expected: Iterable[tuple[str, int]], reached: Mapping[str, Anchor]) -> Broken | None:
    """Whether an anchor lies beyond the end."""
    for organisation, sequence in sorted(expected, reverse=True):
        end = reached.get(organisation)
        if end is None or sequence > end.sequence:
            return Broken("cut", 0, organisation, sequence)
    return None


def anchor_line(anchor: Anchor, at: int) -> str:
    """As it stands in an anchor file."""
    return f"{at} {anchor.organisation} {anchor.sequence} {anchor.hash}\n"


def read_anchors(lines: Iterable[str]) -> Iterator[Anchor]:
    """From an anchor file. Raises `ValueError` for a line that is none."""
    for line in lines:
        if line.strip():
            _, organisation, sequence, told = line.split()
            yield Anchor(organisation, int(sequence), told)
