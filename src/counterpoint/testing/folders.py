"""What a folder of recordings holds, file by file: as its indexes say, or, where it has none, as its files look.

Every line of an index becomes one exchange to prove, whatever state its file is in, so that the counts add up.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from counterpoint.testing import deducing
from counterpoint.testing.recordings import (
    Exchanges,
    Recording,
    Row,
    answer,
    exchange,
    read_file,
)

INDEX = "index.jsonl"
LONE_INDEX = "index-responses-only.jsonl"
_KINDS = {".yaml", ".yml", ".json", ".sse", ".txt"}
"""Ends of files that may hold recordings."""
_STREAMED = ("text/event-stream", "application/vnd.amazon.eventstream", "application/x-ndjson")


class Batch(msgspec.Struct, frozen=True):
    """What is to be proven of one file. `rows`: as an index says; empty: whatever is in it. `lone`: answers without
    requests."""

    file: str
    rows: tuple[Row, ...] = ()
    lone: bool = False


class Damaged(msgspec.Struct, frozen=True):
    """An exchange that cannot be read, and why."""

    row: Row
    reason: str


def batches(folder: Path) -> tuple[list[Batch], list[Damaged]]:
    """All there is to prove, and the lines of the indexes that cannot be read."""
    damaged: list[Damaged] = []
    found: list[Batch] = []
    for name in (INDEX, LONE_INDEX):
        if (folder / name).is_file():
            of_file: dict[str, list[Row]] = {}
            for row in _lines(folder, name, damaged):
                of_file.setdefault(row.file, []).append(row)
            lone = name == LONE_INDEX
            found += [Batch(file, tuple(rows), lone) for file, rows in of_file.items()]
    if not found and not damaged:
        found = [Batch(str(path.relative_to(folder))) for path in _files(folder)]
    return found, damaged


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _KINDS and path.is_file())


def _lines(folder: Path, name: str, damaged: list[Damaged]) -> Iterator[Row]:
    decode = msgspec.json.Decoder(Row).decode
    for number, line in enumerate((folder / name).read_bytes().splitlines()):
        if not line.strip():
            continue
        try:
            yield decode(line)
        except (msgspec.DecodeError, ValueError) as error:
            row = Row(name, deducing.UNKNOWN, "", interaction=number)
            damaged.append(Damaged(row, f"the index's line cannot be read: {error}"))


def exchanges(folder: Path, batch: Batch) -> Iterator[Recording | Damaged]:
    """Everything in one file; nothing of one without recordings that no index names."""
    if not (folder / batch.file).resolve().is_relative_to(folder.resolve()):
        yield from (Damaged(row, "it lies outside the folder") for row in batch.rows)
    elif not batch.rows:
        yield from _looked_at(folder, batch.file)
    elif batch.lone:
        for row in batch.rows:
            try:
                yield answer(folder, row)
            except OSError as error:
                yield Damaged(row, _unreadable(error))
    else:
        yield from _indexed(folder, batch)


def _indexed(folder: Path, batch: Batch) -> Iterator[Recording | Damaged]:
    try:
        held = read_file(folder / batch.file)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes a parser raise
        yield from (Damaged(row, _unreadable(error)) for row in batch.rows)
        return
    for row in batch.rows:
        yield _read(row, held)


def _read(row: Row, held: Exchanges) -> Recording | Damaged:
    try:
        return exchange(row, held)
    except Exception as error:  # noqa: BLE001 - as above
        return Damaged(row, _unreadable(error))


def _unreadable(error: Exception) -> str:
    told = " ".join(str(error).split())[:160]
    return f"it cannot be read: {type(error).__name__}{': ' + told if told else ''}"


# Without an index


def _looked_at(folder: Path, file: str) -> Iterator[Recording | Damaged]:
    try:
        held: Exchanges | None = read_file(folder / file)
    except (AttributeError, KeyError, TypeError):
        held = None  # it is well-formed, but holds no exchanges
    except Exception as error:  # noqa: BLE001 - as above
        if Path(file).suffix.lower() not in {".yaml", ".yml", ".json"}:
            held = None
        else:
            yield Damaged(Row(file, deducing.UNKNOWN, ""), _unreadable(error))
            return
    if held is None:
        yield from _lone(folder, file)
        return
    for index in range(len(held)):
        row = Row(file, deducing.UNKNOWN, "", interaction=index)
        try:
            yield exchange(_deduced(row, held), held)
        except Exception as error:  # noqa: BLE001 - as above
            yield Damaged(row, _unreadable(error))


def _deduced(row: Row, held: Exchanges) -> Row:
    _, address, status = held.call(row.interaction)
    _, headers, body = held[row.interaction]
    parts = urlsplit(address)
    name = deducing.by_address(address) or (deducing.by_answer(body) if not address else None)
    streamed = headers.get("content-type", "").startswith(_STREAMED) or (name or "").endswith("-stream")
    return msgspec.structs.replace(
        row,
        dialect=name or deducing.UNKNOWN,
        host=parts.netloc,
        endpoint=parts.path,
        stream=streamed and status < 400,
        status=status,
        model=_model(parts.path),
    )


def _model(path: str) -> str | None:
    """The model, in dialects whose addresses name it."""
    pieces = path.split("/")
    for word in ("models", "model"):
        if word in pieces[:-1]:
            return pieces[pieces.index(word) + 1].partition(":")[0]
    return None


def _lone(folder: Path, file: str) -> Iterator[Recording]:
    """An answer without a request, if the file is one."""
    try:
        recording = answer(folder, Row(file, deducing.UNKNOWN, ""))
    except OSError:
        return
    name = deducing.by_answer(recording.response_body)
    if name is not None:
        yield msgspec.structs.replace(recording, dialect=name)
