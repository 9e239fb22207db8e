"""The envelope of watsonx.ai around chat completions."""

import json

import pytest

from counterpoint.canonical import ErrorEvent, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_chat.watsonx import address, enveloped
from counterpoint.dialects.registry import CHAT

OPENAI = CHAT["openai-chat"]
TARGET = Target("ibm/granite-4-h-small", quirks=frozenset({"model_id", "no_stream_options"}))
PATH = "/ml/v1/text/chat?version=2025-02-11"


def test_it_names_the_model_otherwise_and_is_not_told_to_stream() -> None:
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "tool_choice": "auto",
    }
    raw = json.dumps(body).encode()
    wanted = {"model_id": TARGET.model, "messages": body["messages"], "tool_choice_option": "auto"}
    assert json.loads(OPENAI.rewrite(raw, Peek("m", True, False), TARGET)) == wanted
    assert json.loads(OPENAI.encode_request(OPENAI.decode_request(raw), TARGET, "openai-chat").body) == wanted


def test_a_tool_by_name_stays_where_it_was() -> None:
    choice = {"type": "function", "function": {"name": "f"}}
    assert json.loads(enveloped(json.dumps({"tool_choice": choice}).encode())) == {"tool_choice": choice}
    with pytest.raises(Refused):
        enveloped(b"[]")


def test_it_streams_at_another_address() -> None:
    assert OPENAI.address(PATH, "chat", stream=True) == "/ml/v1/text/chat_stream?version=2025-02-11"
    assert OPENAI.address(PATH, "chat", stream=False) == PATH
    assert address("/chat/completions", stream=True) == "/chat/completions"


def test_its_streams_end_without_a_word() -> None:
    """https://cloud.ibm.com/apidocs/watsonx-ai#text-chat-stream: events with ids, a last one with the usage."""
    chunks = [
        {
            "id": "c",
            "model_id": "g",
            "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}}],
        },
        {"id": "c", "model_id": "g", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"id": "c", "model_id": "g", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 1}},
    ]
    stream = "".join(f"id: {n}\nevent: message\ndata: {json.dumps(c)}\n\n" for n, c in enumerate(chunks, 1))
    decoder = OPENAI.stream_decoder()
    events = decoder.feed(stream.encode()) + decoder.close()
    assert not any(isinstance(event, ErrorEvent) for event in events)
    answer = fold(events)
    assert (answer.usage.input, answer.usage.output) == (3, 1)
