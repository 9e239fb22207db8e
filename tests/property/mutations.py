"""Real JSON bodies, damaged: values of other types, missing and strange fields, broken bytes."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

JUNK: list[Any] = [
    None,
    True,
    -1,
    2**70,
    1.5,
    1e308,
    "",
    "x",
    "~x",
    "auto",
    "data:,",
    "data:a/b;base64,",
    "\x00",
    [],
    [None],
    ["a"],
    [[]],
    {},
    {"a": 1},
    {"type": "text"},
    {"type": "function"},
    {"type": "image_url", "image_url": 3},
    {"type": None},
    {"type": {}},
    {"~part": {}, "~arguments": "object", "~detail": 3},
]
FIELDS = [
    *("type", "content", "role", "name", "tool_calls", "function", "function_call", "reasoning", "thinking"),
    *(
        "audio",
        "refusal",
        "id",
        "index",
        "stream_options",
        "stop",
        "reasoning_details",
        "annotations",
        "usage",
    ),
    *("~content", "~type", "error", "delta", "finish_reason", "logprobs", "citations", "object"),
]
STRANGE = [
    b"data: [1]",
    b"data: {",
    b"event: error\ndata: 3",
    b": note",
    b'data: "x"',
    b"",
    b"data: 1\ndata: 2",
]
BREAKS = [b"\xff", b'"', b"[", b"{" * 2000, b"\\ud800", b"", b"\x00", b"9" * 500]


def damaged(value: Any, chance: random.Random) -> Any:
    """A copy of `value` with one to three defects."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice([1, 1, 2, 3])):
        places = [place for place in _places(value) if place]
        if not places:
            return copy.deepcopy(chance.choice(JUNK))
        *path, last = chance.choice(places)
        owner = value
        for step in path:
            owner = owner[step]
        _damage(owner, last, chance)
    return value


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from _places(item, (*path, name))


def _damage(owner: Any, last: Any, chance: random.Random) -> None:
    junk = copy.deepcopy(chance.choice(JUNK))
    how = chance.random()
    if how < 0.6:
        owner[last] = junk
    elif how < 0.8:
        del owner[last]
    elif isinstance(owner, dict):
        owner[chance.choice(FIELDS)] = junk
    else:
        owner.insert(last, junk)


def damaged_body(value: Any, chance: random.Random) -> bytes:
    """`value` damaged, as bytes; now and then the bytes are broken too."""
    body = json.dumps(damaged(value, chance), ensure_ascii=chance.random() < 0.5).encode()
    if chance.random() < 0.1 and body:
        at = chance.randrange(len(body))
        return body[:at] + chance.choice(BREAKS) + body[at + 1 :]
    return body


def damaged_stream(body: bytes, chance: random.Random) -> bytes:
    """An SSE body with damaged, missing or strange events; now and then it is cut short."""
    events = body.split(b"\n\n")
    whole = [at for at, event in enumerate(events) if event.startswith(b"data: {")]
    for at in chance.sample(whole, min(len(whole), chance.choice([1, 2, 3]))):
        if chance.random() < 0.8:
            events[at] = b"data: " + json.dumps(damaged(json.loads(events[at][6:]), chance)).encode()
        else:
            events[at] = chance.choice(STRANGE)
    joined = b"\n\n".join(events)
    return joined[: chance.randrange(len(joined))] if joined and chance.random() < 0.2 else joined
