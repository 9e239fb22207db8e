"""Read what a GGUF file says of itself, without loading it and without trusting it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Every length in the file is checked against
the file's size before it is used, so a damaged or hostile file ends in a clear refusal, not in a crash or in
gigabytes of memory; a file cut short is found by adding up its tensors.
"""

import math
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from counterpoint.i18n.complaint import Complaint

_MAGIC: Final = b"GGUF"
_MOST_ENTRIES: Final = 100_000
_DEEPEST: Final = 4
_STRING: Final = 8
_ARRAY: Final = 9
_SCALARS: Final = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_KEPT_ARRAY: Final = 1024
"""Longer arrays (vocabularies, merges) are passed over, but for the one we look into."""

# Elements and bytes of a block by tensor type (ggml.h, ggml-common.h); types not listed are not measured.
_BLOCKS: Final = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip

# `general.file_type` (enum llama_ftype in llama.h).
_FILE_TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
    26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

_POOLINGS: Final = {0: "none", 1: "mean", 2: "cls", 3: "last", 4: "rank"}

# Tokens that end a turn in the templates in use. llama.cpp ends at any of them; a grammar must allow them.
_ENDS: Final = frozenset(
    b"<|im_end|> <|eot_id|> <|eom_id|> <|end|> <end_of_turn> <turn|> <|endoftext|> <|end_of_text|> <|return|> "
    b"<|call|> </s> <|eot|> <|END_OF_TURN_TOKEN|> <|end_of_turn|>".split()
)


class GgufInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a model file says. `kv_bytes`: memory one token of context takes at 16 bits. `ends`: ids of tokens
    with which a turn ends. `pooling`: how an embedding model makes one vector. `kind`: `model`, `adapter`,
    `mmproj`. `parts`: files that the model is split into."""

    version: int
    architecture: str
    name: str = ""
    licence: str = ""
    kind: str = "model"
    context: int | None = None
    dimensions: int | None = None
    parameters: int = 0
    quantisation: str = ""
    chat_template: str | None = None
    pooling: str | None = None
    kv_bytes: int | None = None
    ends: tuple[int, ...] = ()
    parts: int = 1


def read_gguf(path: Path) -> GgufInfo:
    """The header of the file at `path`. Raises `Complaint` for what is no whole GGUF file, `OSError`."""
    with path.open("rb") as stream:
        if stream.read(4) != _MAGIC:
            raise Complaint("engines.gguf.other", path=path)
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
            try:
                return _info(_Cursor(view))
            except _DamagedError as error:
                raise Complaint("engines.gguf.damaged", path=path, reason=error) from error


class _DamagedError(ValueError):
    """Something in the file cannot be."""


class _Cursor:
    """Reads forward in the file and never past its end."""

    def __init__(self, view: mmap.mmap) -> None:
        self.view = view
        self.size = len(view)
        self.at = 4

    def number(self, form: str) -> Any:
        start = self.at
        self.skip(struct.calcsize(form))
        return struct.unpack_from(form, self.view, start)[0]

    def skip(self, size: int) -> None:
        if size > self.size - self.at:
            raise _DamagedError(f"it ends at byte {self.size}, within its header")
        self.at += size

    def text(self) -> bytes:
        length = self.number("<Q")
        start = self.at
        self.skip(length)
        return self.view[start : start + length]


def _info(cursor: _Cursor) -> GgufInfo:
    version = cursor.number("<I")
    if version not in {2, 3}:
        raise _DamagedError(f"version {version} is not known (2 and 3 are)")
    tensors, entries = cursor.number("<Q"), cursor.number("<Q")
    if tensors > _MOST_ENTRIES or entries > _MOST_ENTRIES:
        raise _DamagedError(f"it claims {tensors} tensors and {entries} entries")
    fields: dict[str, Any] = {}
    ends: set[int] = set()
    for _ in range(entries):
        key = cursor.text().decode("utf-8", "replace")
        kind = cursor.number("<I")
        if key == "tokenizer.ggml.tokens" and kind == _ARRAY:
            ends.update(_end_tokens(cursor))
        else:
            fields[key] = _value(cursor, kind, 0)
    parameters = _measure(cursor, tensors, fields)
    return _described(version, fields, ends, parameters)


def _value(cursor: _Cursor, kind: int, depth: int) -> Any:
    if kind == _STRING:
        return cursor.text().decode("utf-8", "replace")
    if kind in _SCALARS:
        return cursor.number(_SCALARS[kind])
    if kind != _ARRAY or depth > _DEEPEST:
        raise _DamagedError(f"an entry of unknown type {kind}")
    inner, count = cursor.number("<I"), cursor.number("<Q")
    if count > cursor.size:
        raise _DamagedError(f"an array of {count} entries")
    if inner in _SCALARS and count > _KEPT_ARRAY:
        cursor.skip(count * struct.calcsize(_SCALARS[inner]))
        return None
    values = [_value(cursor, inner, depth + 1) for _ in range(min(count, _KEPT_ARRAY))]
    for _ in range(count - len(values)):
        _value(cursor, inner, depth + 1)
    return values


def _end_tokens(cursor: _Cursor) -> Iterator[int]:
    inner, count = cursor.number("<I"), cursor.number("<Q")
    if inner != _STRING or count > cursor.size:
        raise _DamagedError("its vocabulary is not a list of texts")
    for index in range(count):
        if cursor.text() in _ENDS:
            yield index


def _measure(cursor: _Cursor, tensors: int, fields: dict[str, Any]) -> int:
    """Count the parameters, and find out whether all of them are in the file."""
    parameters = end = 0
    for _ in range(tensors):
        cursor.text()
        dimensions = cursor.number("<I")
        if dimensions > 8:
            raise _DamagedError(f"a tensor of {dimensions} dimensions")
        elements = math.prod(cursor.number("<Q") for _ in range(dimensions))
        kind, offset = cursor.number("<I"), cursor.number("<Q")
        per_block, block_bytes = _BLOCKS.get(kind, (1, 0))
        parameters += elements
        end = max(end, offset + elements // per_block * block_bytes)
    alignment = fields.get("general.alignment")
    step = alignment if isinstance(alignment, int) and alignment > 0 else 32
    expected = -(-cursor.at // step) * step + end if tensors else cursor.at
    if expected > cursor.size:
        raise _DamagedError(f"it has {cursor.size} bytes of {expected}; it was cut short")
    return parameters


def _described(version: int, fields: dict[str, Any], ends: set[int], parameters: int) -> GgufInfo:
    architecture = _text(fields, "general.architecture")
    for name in ("eos", "eot", "eom"):
        token = fields.get(f"tokenizer.ggml.{name}_token_id")
        if isinstance(token, int):
            ends.add(token)
    kind = _text(fields, "general.type") or "model"
    return GgufInfo(
        version=version,
        architecture=architecture,
        name=_text(fields, "general.name"),
        licence=_text(fields, "general.license"),
        kind="mmproj" if architecture == "clip" else kind,
        context=_whole(fields, f"{architecture}.context_length"),
        dimensions=_whole(fields, f"{architecture}.embedding_length"),
        parameters=parameters,
        quantisation=_FILE_TYPES.get(_number(fields, "general.file_type"), ""),
        chat_template=_text(fields, "tokenizer.chat_template") or None,
        pooling=_POOLINGS.get(_number(fields, f"{architecture}.pooling_type")),
        kv_bytes=_kv_bytes(architecture, fields),
        ends=tuple(sorted(ends)),
        parts=_whole(fields, "split.count") or 1,
    )


def _kv_bytes(architecture: str, fields: dict[str, Any]) -> int | None:
    blocks = _whole(fields, f"{architecture}.block_count")
    heads = _whole(fields, f"{architecture}.attention.head_count")
    width = _whole(fields, f"{architecture}.embedding_length")
    if not blocks or not heads or not width:
        return None
    grouped = fields.get(f"{architecture}.attention.head_count_kv", heads)
    if isinstance(grouped, int):
        grouped = [grouped] * min(blocks, _KEPT_ARRAY)
    if not isinstance(grouped, list) or not all(isinstance(count, int) for count in grouped):
        return None
    total = sum(grouped)
    key = _whole(fields, f"{architecture}.attention.key_length") or width // heads
    value = _whole(fields, f"{architecture}.attention.value_length") or width // heads
    return total * (key + value) * 2 if total > 0 else None


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _number(fields: dict[str, Any], key: str) -> int:
    value = fields.get(key)
    return value if isinstance(value, int) else -1


def _whole(fields: dict[str, Any], key: str) -> int | None:
    value = fields.get(key)
    return value if isinstance(value, int) and value > 0 else None
