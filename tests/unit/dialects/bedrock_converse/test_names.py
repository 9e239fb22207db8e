"""Words for files, and ids within the grammar of the API."""

import re

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.bedrock_converse.names import call_id_of, format_of


@given(st.text(max_size=100))
def test_every_call_id_fits(call_id: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", call_id_of(call_id))
    assert call_id_of(call_id) == call_id_of(call_id)


def test_long_ids_stay_apart() -> None:
    assert call_id_of("a" * 65) != call_id_of("a" * 66)


def test_formats_are_told_by_media_type() -> None:
    assert format_of("image", "image/jpg") == "jpeg"
    assert format_of("document", "text/plain; charset=utf-8") == "txt"
    assert format_of("audio", "audio/mp3") == "mp3"
    assert format_of("image", "image/tiff") is None
    assert format_of("video", None) is None
