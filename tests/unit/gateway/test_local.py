"""What a local model cannot take, and how long it is asked to stay."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ChatRequest, EmbedRequest, Refused
from counterpoint.dialects.registry import CHAT
from counterpoint.gateway.local import keep_alive, local_losses, refuse_nonsense


def lost(dialect: str, **fields: object) -> set[str]:
    body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}], **fields}
    request = CHAT[dialect].decode_request(json.dumps(body).encode())
    return {loss.path for loss in local_losses(request, dialect)}


def test_a_plain_request_loses_nothing() -> None:
    assert lost("openai-chat", temperature=0.5, keep_alive="5m") == set()


def test_what_only_another_host_understands_is_declared_where_it_stood() -> None:
    assert lost("openai-chat", prediction={"type": "content", "content": "x"}, service_tier="flex") == {
        "prediction",
        "service_tier",
    }
    marked = [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]
    search = {"type": "web_search_20250305", "name": "web_search"}
    messages = [{"role": "user", "content": marked}]
    assert lost("anthropic-messages", system=marked, messages=messages, tools=[search]) == {
        "system[0].cache_control",
        "messages[0].content[0].cache_control",
        "tools[0]",
    }


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (30, 30),
        (0, 0),
        (-1, -1),
        ("5m", 300),
        ("90s", 90),
        ("1h", 3600),
        ("250ms", 0.25),
        ("-1", -1),
        (1.5, 1.5),
    ],
)
def test_durations_are_read_as_ollama_writes_them(value: object, seconds: float) -> None:
    assert keep_alive(ChatRequest("m", extensions={"openai-chat": {"keep_alive": value}})) == seconds


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["N", "Cs"]), max_size=10),
        st.booleans(),
        st.lists(st.integers()),
    )
)
def test_anything_else_is_refused_in_words(value: object) -> None:
    with pytest.raises(Refused) as refused:
        keep_alive(ChatRequest("m", extensions={"openai-chat": {"keep_alive": value}}))
    assert refused.value.failure.param == "keep_alive"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"temperature": 9}, "temperature"),
        ({"temperature": -0.1}, "temperature"),
        ({"top_p": 1.5}, "top_p"),
        ({"n": 0}, "n"),
        ({"messages": []}, "messages"),
        ({"presence_penalty": 3}, "presence_penalty"),
    ],
)
def test_what_no_model_can_do_anything_with_is_refused(fields: dict[str, object], path: str) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], **fields}
    request = CHAT["openai-chat"].decode_request(json.dumps(body).encode())
    with pytest.raises(Refused) as refused:
        refuse_nonsense(request, "openai-chat")
    assert refused.value.failure.param == path
    assert path in refused.value.failure.message


def test_the_path_is_the_callers_own() -> None:
    request = CHAT["openai-responses"].decode_request(b'{"model":"m","input":[]}')
    with pytest.raises(Refused) as refused:
        refuse_nonsense(request, "openai-responses")
    assert refused.value.failure.param == "input"


def test_texts_to_embed_must_say_something() -> None:
    refuse_nonsense(EmbedRequest("m", ("a",)), "openai-embeddings")
    for texts, path in (((), "input"), (("a", ""), "input[1]")):
        with pytest.raises(Refused) as refused:
            refuse_nonsense(EmbedRequest("m", texts), "openai-embeddings")
        assert refused.value.failure.param == path
