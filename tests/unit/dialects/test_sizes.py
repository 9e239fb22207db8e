"""Every dialect of chat says where it is said how much is wanted, and its decoder reads that place."""

import json

import pytest

from counterpoint.dialects.registry import CHAT
from counterpoint.dialects.sizes import SIZES


def test_every_dialect_of_chat_has_its_places() -> None:
    assert not CHAT.keys() - SIZES.keys()
    assert all(SIZES[name].output for name in CHAT)


@pytest.mark.parametrize("name", [name for name in sorted(CHAT) if name != "bedrock-invoke"])
def test_what_stands_at_a_place_is_what_its_dialect_reads(name: str) -> None:
    for outer, inner in SIZES[name].output:
        said = {outer: {inner: 77}} if inner else {outer: 77}
        message = {"role": "user", "content": [{"text": "x"}] if name == "bedrock-converse" else "x"}
        body = {
            "model": "m",
            "prompt": "x",
            "input": "x",
            "messages": [message],
            "contents": [{"role": "user", "parts": [{"text": "x"}]}],
        }
        if name != "openai-responses":
            del body["input"]
        request = CHAT[name].decode_request(json.dumps(body | said).encode())
        assert request.max_output == 77, (outer, inner)
