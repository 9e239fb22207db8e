import struct

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.parsing.rich import decompressed, text_of_compressed, text_of_rtf


def test_rich_text_is_decompressed_as_its_specification_shows() -> None:
    raw = b"{\\rtf1 x}"
    assert decompressed(struct.pack("<II4sI", len(raw) + 12, len(raw), b"MELA", 0) + raw) == raw
    # One literal byte, then a reference into the dictionary that every reader begins with: "{\\rtf1".
    packed = bytes((0b00000001,)) + struct.pack(">H", 0 << 4 | 4) + b" hi}"
    data = struct.pack("<II4sI", len(packed) + 12, 10, b"LZFu", 0) + packed
    assert decompressed(data) == b"{\\rtf1 hi}"
    assert text_of_compressed(data) == "hi"


def test_text_is_found_between_what_is_not() -> None:
    rtf = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}Hello\par caf\'e9 \u8364?\tab x\~y\emdash z"
        rb"{\*\htmltag64 <p>}{\pict 00ff}}"
    )
    assert text_of_rtf(rtf) == "Hello\ncafé € x y—z"


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    assert isinstance(text_of_compressed(struct.pack("<II4sI", len(data), 10_000, b"LZFu", 0) + data), str)
    assert isinstance(text_of_rtf(data), str)
