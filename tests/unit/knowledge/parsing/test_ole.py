import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.parsing.ole import MAGIC, Ole, OleError
from tests.office.making import compound

STREAMS = {"One": b"first", "Folder/Inner": b"x" * 5000, "Folder/Other": b"other", "Two": b"second"}


def test_streams_are_found_by_their_paths() -> None:
    ole = Ole(compound(STREAMS))
    assert set(ole.paths) == {*STREAMS, "Folder"}
    assert ole.names == {"One", "Folder", "Two"}
    for path, content in STREAMS.items():
        assert ole.stream(path).rstrip(b"\x00") == content
    assert ole.stream("Folder") == b""
    assert ole.stream("Nothing") == b""


def test_what_is_no_compound_file_is_refused() -> None:
    for data in (b"", MAGIC, MAGIC + bytes(600), b"x" * 1000):
        with pytest.raises(OleError):
            Ole(data)


@given(st.data())
def test_broken_files_end_in_an_error_or_in_less(data: st.DataObject) -> None:
    broken = bytearray(compound(STREAMS))
    for _ in range(data.draw(st.integers(1, 20))):
        broken[data.draw(st.integers(8, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        ole = Ole(bytes(broken[: data.draw(st.integers(600, len(broken)))]))
    except OleError:
        return
    for path in ole.paths:
        assert isinstance(ole.stream(path), bytes)
