"""The catalogue's file: one gzipped JSON document, built by `scripts/build_catalog.py`, shipped or fetched.

It is data for people too (`zcat models.json.gz | jq .models`), decoded against a schema and checked for what a
schema cannot say, because a fetched one must not be able to do harm: it holds no address to which a secret could
be sent (hosts are not part of it), no regular expressions, and its size is limited before and after unpacking.
"""

import gzip
import io
import zlib
from collections.abc import Mapping

import msgspec

from counterpoint.catalog.values import (
    CAPABILITIES,
    Listing,
    Maker,
    MatchRule,
    Model,
    PriceList,
    Schedule,
    Source,
)

SCHEMA = 1
MAX_PACKED = 32 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """A listing as stored: its host is the key it stands under, its prices are positions in the archive's table."""

    id: str
    model: str
    region: str = ""
    quantisation: str = ""
    capabilities: frozenset[str] | None = None
    context: int | None = None
    max_output: int | None = None
    prices: int | None = None
    others: tuple[int, ...] = ()
    deprecated: bool = False
    retires: str | None = None


class Archive(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything in the file. `date`: of the newest source; `rules`: by host, in the order in which they count."""

    schema: int
    date: str
    sources: tuple[Source, ...]
    makers: tuple[Maker, ...]
    models: tuple[Model, ...]
    prices: tuple[PriceList, ...]
    listings: Mapping[str, tuple[Row, ...]]
    rules: Mapping[str, tuple[MatchRule, ...]] = {}

    def listing(self, host: str, row: Row) -> Listing:
        """The stored row as a value that stands alone."""
        return Listing(
            host=host,
            id=row.id,
            model=row.model,
            region=row.region,
            quantisation=row.quantisation,
            capabilities=row.capabilities,
            context=row.context,
            max_output=row.max_output,
            prices=None if row.prices is None else self.prices[row.prices],
            others=tuple(self.prices[position] for position in row.others),
            deprecated=row.deprecated,
            retires=row.retires,
        )


class ArchiveError(ValueError):
    """A catalogue file that must not be used, with the reason."""


def pack(archive: Archive) -> bytes:
    """The file's bytes; the same for the same content, whenever and wherever it is packed."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text_of(archive))
    return buffer.getvalue()


def text_of(archive: Archive) -> bytes:
    """The document inside."""
    return msgspec.json.encode(archive, order="sorted")


def unpack(data: bytes) -> Archive:
    """The archive in `data`; raises `ArchiveError` if it is none, or one that must not be used."""
    archive = _decode(_inflate(data))
    _check(archive)
    return archive


def trusted(data: bytes) -> Archive:
    """As `unpack`, without checking again what was checked when the file was built or fetched."""
    return _decode(gzip.decompress(data))


def _inflate(data: bytes) -> bytes:
    if len(data) > MAX_PACKED:
        raise ArchiveError(f"the file is larger than {MAX_PACKED} bytes")
    try:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        text = unpacker.decompress(data, MAX_UNPACKED)
    except zlib.error as error:
        raise ArchiveError(f"not a gzip file: {error}") from error
    if unpacker.unconsumed_tail:
        raise ArchiveError(f"the document is larger than {MAX_UNPACKED} bytes")
    if not unpacker.eof:
        raise ArchiveError("the file is cut off")
    return text


def _decode(text: bytes) -> Archive:
    try:
        head = msgspec.json.decode(text, type=_Head)
        if head.schema != SCHEMA:
            raise ArchiveError(f"schema {head.schema} is not {SCHEMA}, which this version reads")
        return msgspec.json.decode(text, type=Archive)
    except msgspec.DecodeError as error:
        raise ArchiveError(str(error)) from error


class _Head(msgspec.Struct):
    schema: int


def _check(archive: Archive) -> None:
    models = {model.name for model in archive.models}
    _require(len(models) == len(archive.models), "two models have the same name")
    makers = {maker.name for maker in archive.makers}
    sources = {source.name for source in archive.sources}
    for model in archive.models:
        _require(not model.maker or model.maker in makers, f"model {model.name}: unknown maker {model.maker}")
        _require(model.capabilities <= _KNOWN, f"model {model.name}: unknown capability")
    for position, prices in enumerate(archive.prices):
        _require(prices.source in sources, f"price list {position}: unknown source {prices.source}")
        for schedule in prices.schedules:
            _require(_is_sane(schedule), f"price list {position}: a price, date or tier that cannot be")
    for host, rows in archive.listings.items():
        for row in rows:
            _require(row.model in models, f"{host}/{row.id}: unknown model {row.model}")
            used = (*row.others, *(() if row.prices is None else (row.prices,)))
            _require(
                all(0 <= at < len(archive.prices) for at in used), f"{host}/{row.id}: no such price list"
            )
            _require((row.capabilities or _KNOWN) <= _KNOWN, f"{host}/{row.id}: unknown capability")
    for host, rules in archive.rules.items():
        ids = {row.id for row in archive.listings.get(host, ())}
        for rule in rules:
            _require(rule.id in ids, f"rule of {host}: no listing {rule.id}")


_KNOWN = frozenset(CAPABILITIES)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise ArchiveError(reason)


def _is_sane(schedule: Schedule) -> bool:
    thresholds = [tier.above for tier in schedule.tiers]
    rates = [
        rate
        for tier in schedule.tiers
        for name, rate in msgspec.structs.asdict(tier).items()
        if name != "above" and rate is not None
    ]
    dated = not schedule.since or (
        len(schedule.since) == 10 and schedule.since[4] == schedule.since[7] == "-"
    )
    return (
        dated
        and thresholds == sorted(set(thresholds))
        and (not thresholds or thresholds[0] == 0)
        and all(rate >= 0 for rate in rates)
        and schedule.request >= 0
        and (schedule.web_search or 0) >= 0
        and (schedule.audio_hour or 0) >= 0
        and (schedule.characters or 0) >= 0
        and all(rate >= 0 for rate in schedule.images.values())
        and _hours_are_sane(schedule)
    )


def _hours_are_sane(schedule: Schedule) -> bool:
    for span in filter(None, schedule.hours.split(",")):
        for clock in span.split("-"):
            hour, _, minute = clock.partition(":")
            if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
                return False
        if span.count("-") != 1:
            return False
    return set(schedule.days) <= set("1234567")


__all__ = ["Archive", "ArchiveError", "Row", "pack", "text_of", "trusted", "unpack"]
