"""Estimates of tokens, where nobody can count."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ChatRequest, Message, Text, Tool
from counterpoint.gateway.estimate import estimate_tokens


def request(*texts: str, tools: int = 0) -> ChatRequest:
    messages = tuple(Message("user", (Text(text),)) for text in texts)
    return ChatRequest("m", messages, tuple(Tool("t", "does a thing") for _ in range(tools)))


@given(st.lists(st.text(max_size=200), max_size=5), st.text(max_size=50))
def test_more_to_read_never_counts_for_less(texts: list[str], more: str) -> None:
    assert 1 <= estimate_tokens(request(*texts)) <= estimate_tokens(request(*texts, more))


def test_prose_counts_about_four_characters_a_token() -> None:
    prose = "The quick brown fox jumps over the lazy dog. " * 40
    assert len(prose) / 5 < estimate_tokens(request(prose)) < len(prose) / 3


def test_tools_count_too() -> None:
    assert estimate_tokens(request("hi", tools=3)) > estimate_tokens(request("hi"))
