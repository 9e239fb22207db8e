"""Good JSON made bad: values of other types, fields that nobody knows, bytes that are none."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        [
            [],
            {},
            [[]],
            [{}],
            [None],
            {"type": "text"},
            {"type": "image"},
            {"type": {}},
            {"type": None},
            "",
            "auto",
        ]
    )
    | st.sampled_from(
        [
            {"type": "tool_result", "tool_use_id": "x"},
            {"type": "function", "function": {}},
            {"$ref": "#"},
            ["x"] * 50,
        ]
    )
)
NAMES = st.sampled_from(
    ["type", "content", "role", "text", "name", "id", "input", "tools", "n", "stop", "system", "stream", "~x"]
) | st.text(max_size=6)
TOKENS = (
    *(
        b"NaN",
        b"Infinity",
        b"-",
        b"1e999999",
        b"-1e999999",
        b"9" * 5000,
        b"1" + b"0" * 30,
        b"0.0000001",
        b"01",
    ),
    *(
        b"\\ud800",
        b'"\\ud800"',
        b"\xff",
        b"\xed\xa0\x80",
        b"\0",
        b"\xef\xbb\xbf",
        b'"',
        b"\\",
        b",",
        b"}",
        b"{",
        b"]",
    ),
    *(
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"//x\n",
        b"'x'",
        b"null",
        b'"model":"x",',
        b'"stream":true,',
        b"\n\n",
    ),
)


def junk(draw: st.DataObject) -> Any:
    return json.loads(json.dumps(draw.draw(JUNK)))  # of its own, as it may be damaged further


def damaged(draw: st.DataObject, body: dict[str, Any]) -> dict[str, Any]:
    """`body` with some of its places replaced, taken out, renamed, doubled, or joined by others."""
    value: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(draw.draw(st.integers(1, 3))):
        holders = list(_holders(value))
        holder = draw.draw(st.sampled_from(holders))
        if isinstance(holder, dict):
            names = st.sampled_from(sorted(holder)) if holder else NAMES
            match draw.draw(st.sampled_from(["replace", "remove", "rename", "add"])):
                case "replace":
                    holder[draw.draw(names)] = junk(draw)
                case "remove":
                    holder.pop(draw.draw(names), None)
                case "rename":
                    holder[draw.draw(NAMES)] = holder.pop(draw.draw(names), None)
                case "add":
                    holder[draw.draw(NAMES)] = junk(draw)
        elif holder and draw.draw(st.booleans()):
            holder.append(holder[0])
        else:
            holder.insert(0, junk(draw))
    return value


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _holders(item)


def damaged_bytes(draw: st.DataObject, data: bytes) -> bytes:
    """`data` with something put in or replaced here and there."""
    for _ in range(draw.draw(st.integers(1, 3))):
        start = draw.draw(st.integers(0, len(data)))
        end = draw.draw(st.sampled_from([start, start + 1, start + 10]))
        put = draw.draw(st.sampled_from(TOKENS) | st.binary(max_size=3))
        data = data[:start] + put + data[end:]
    return data
