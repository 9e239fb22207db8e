import json

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.soundness import sound
from counterpoint.knowledge.parsing.values import read


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    assert sound(parsed)
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def test_values_of_json_stand_under_their_paths() -> None:
    data = json.dumps({"a": {"b": [1, True, None]}, "c": "text"}).encode()
    assert blocks(read(data)) == [("code", "a.b[0]: 1\na.b[1]: true\nc: text")]
    assert blocks(read(b'{"a": 1}\n{"a": 2}\n')) == [("code", "a: 1"), ("code", "a: 2")]
    assert blocks(read(b"{broken")) == [("paragraph", "{broken")]
    assert blocks(read(b"[" * 100_000))[0][0] == "paragraph"


@given(st.binary(max_size=400))
def test_any_bytes_end_sound(data: bytes) -> None:
    assert sound(read(data))
