"""The catalogue's file: what is packed comes back, and nothing that could do harm is taken."""

import gzip
from typing import Any

import msgspec
import pytest

from counterpoint.catalog.archive import (
    MAX_PACKED,
    SCHEMA,
    Archive,
    ArchiveError,
    Row,
    pack,
    text_of,
    trusted,
    unpack,
)
from counterpoint.catalog.values import Clause, Maker, MatchRule, Model, PriceList, Schedule, Source
from counterpoint.directory.values import PriceTier

GOOD = Archive(
    schema=SCHEMA,
    date="2026-01-01",
    sources=(
        Source(name="test", display="Test", url="https://example.org", licence="MIT", attribution="me"),
    ),
    makers=(Maker(name="acme", display="Acme", country="FR"),),
    models=(Model(name="acme-1", maker="acme", capabilities=frozenset({"chat", "tools"})),),
    prices=(PriceList(schedules=(Schedule(tiers=(PriceTier(input=5),)),), source="test"),),
    listings={"host": (Row(id="acme-1", model="acme-1", prices=0), Row(id="acme-1b", model="acme-1"))},
    rules={"host": (MatchRule(when=Clause(starts_with="acme-1-"), id="acme-1"),)},
)


def changed(**fields: Any) -> bytes:
    return pack(msgspec.structs.replace(GOOD, **fields))


def test_what_is_packed_comes_back() -> None:
    packed = pack(GOOD)
    assert unpack(packed) == trusted(packed) == GOOD
    listing = GOOD.listing("host", GOOD.listings["host"][0])
    assert (listing.host, listing.id, listing.prices) == ("host", "acme-1", GOOD.prices[0])
    assert GOOD.listing("host", GOOD.listings["host"][1]).prices is None


def test_the_same_content_gives_the_same_bytes() -> None:
    again = msgspec.json.decode(text_of(GOOD), type=Archive)
    assert pack(again) == pack(GOOD)
    # gzip's header would tell when it was packed.
    assert pack(GOOD)[4:8] == b"\0\0\0\0"


def test_it_holds_neither_hosts_nor_patterns() -> None:
    """A fetched catalogue must not say where secrets are sent, nor bring expressions that run for ever."""
    fields = {field.name for field in msgspec.structs.fields(Archive)}
    assert not {"hosts", "urls"} & fields
    assert {field.name for field in msgspec.structs.fields(Clause)} == {
        "equals",
        "starts_with",
        "ends_with",
        "contains",
        "digits",
        "any",
        "all",
    }


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "cut off"),
        (b"not gzip", "not a gzip file"),
        (gzip.compress(b"not json", mtime=0), "malformed"),
        (gzip.compress(b"[]", mtime=0), "Expected `object`"),
        (gzip.compress(b'{"schema": 99}', mtime=0), "schema 99"),
        (gzip.compress(b'{"schema": 1}', mtime=0), "missing required field"),
        (pack(GOOD)[:-20], "cut off"),
        (b"\0" * (MAX_PACKED + 1), "larger than"),
        (changed(models=GOOD.models * 2), "two models"),
        (changed(models=()), "unknown model"),
        (changed(makers=()), "unknown maker"),
        (changed(sources=()), "unknown source"),
        (changed(prices=()), "no such price list"),
        (
            changed(listings={"host": (Row(id="x", model="acme-1", prices=-1),)}, rules={}),
            "no such price list",
        ),
        (changed(rules={"host": (MatchRule(when=Clause(equals="x"), id="nothing"),)}), "no listing"),
        (changed(models=(Model(name="acme-1", capabilities=frozenset({"flying"})),)), "capability"),
    ],
)
def test_a_file_that_must_not_be_used_is_refused_with_the_reason(packed: bytes, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        unpack(packed)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(tiers=(PriceTier(input=-1),)),
        Schedule(tiers=(PriceTier(above=5, input=1),)),
        Schedule(tiers=(PriceTier(input=1), PriceTier(above=9, input=1), PriceTier(above=8, input=1))),
        Schedule(request=-1),
        Schedule(web_search=-1),
        Schedule(since="soon"),
        Schedule(hours="25:00-26:00"),
        Schedule(hours="noon"),
        Schedule(hours="10:00-11:00-12:00"),
        Schedule(days="8"),
    ],
)
def test_prices_that_cannot_be_are_refused(schedule: Schedule) -> None:
    with pytest.raises(ArchiveError, match="price list 0"):
        unpack(changed(prices=(PriceList(schedules=(schedule,), source="test"),)))


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoint.catalog.archive.MAX_UNPACKED", 1000)
    with pytest.raises(ArchiveError, match="larger than 1000"):
        unpack(gzip.compress(b" " * 100_000, mtime=0))
