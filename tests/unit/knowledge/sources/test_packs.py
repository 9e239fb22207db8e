import io
import struct
import zlib
from hashlib import sha1

import pytest
from dulwich.errors import GitProtocolError
from dulwich.pack import OFS_DELTA, REF_DELTA, create_delta

from counterpoint.knowledge.sources.packs import Most, check_pack, result_of
from counterpoint.knowledge.sources.port import SourceError

BLOB = 3


def head(kind: int, size: int) -> bytes:
    told = [kind << 4 | size & 0x0F]
    size >>= 4
    while size:
        told[-1] |= 0x80
        told.append(size & 0x7F)
        size >>= 7
    return bytes(told)


def entry(kind: int, data: bytes, base: bytes = b"", size: int | None = None) -> bytes:
    return head(kind, len(data) if size is None else size) + base + zlib.compress(data)


def pack(*entries: bytes) -> io.BytesIO:
    body = b"PACK" + struct.pack(">II", 2, len(entries)) + b"".join(entries)
    return io.BytesIO(body + sha1(body, usedforsecurity=False).digest())


def delta(before: bytes, after: bytes) -> bytes:
    return b"".join(create_delta(before, after))


def test_what_fits_may_be_unpacked() -> None:
    first = entry(BLOB, b"a" * 5000)
    change = delta(b"a" * 5000, b"a" * 5000 + b"b")
    assert result_of(change) == 5001
    assert len(first) < 128
    after = entry(OFS_DELTA, change, bytes([len(first)]))
    check_pack(pack(first, after, entry(REF_DELTA, change, b"x" * 20), entry(BLOB, b"")))
    check_pack(pack())


@pytest.mark.parametrize("where", ["object", "delta", "chain", "elsewhere", "whole", "claimed"])
def test_a_small_pack_of_large_objects_is_refused_before_it_is_unpacked(where: str) -> None:
    most = Most(one=50_000, chained=60_000, whole=90_000)
    large = entry(BLOB, b"a" * 40_000)
    change = delta(b"a" * 40_000, b"a" * 30_000)
    entries = {
        "object": (entry(BLOB, b"a" * 50_001),),
        "delta": (large, entry(OFS_DELTA, delta(b"", b"a" * 50_001), bytes([len(large)]))),
        "chain": (large, entry(OFS_DELTA, change, bytes([len(large)]))),
        "elsewhere": tuple(entry(REF_DELTA, change, b"x" * 20) for _ in range(3)),
        "whole": (large, large),
        "claimed": (entry(BLOB, b"", size=1 << 60),),
    }[where]
    assert all(len(each) < 1000 for each in entries)
    with pytest.raises(SourceError, match="too_large"):
        check_pack(pack(*entries), most=most)


def test_what_is_no_pack_says_so() -> None:
    whole = pack(entry(BLOB, b"some words" * 50)).getvalue()
    lying = pack(entry(BLOB, b"some words", size=3)).getvalue()
    for data in (b"", b"<html>no such repository</html>", whole[:30], lying, whole[:14] + b"\0" * 40):
        with pytest.raises(GitProtocolError):
            check_pack(io.BytesIO(data))
