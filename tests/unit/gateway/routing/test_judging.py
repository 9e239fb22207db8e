"""What a judge is asked, and how its word is read."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    Finish,
    Image,
    Media,
    Message,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.gateway.routing.judging import question, score


def answer(text: str) -> ChatResponse:
    return ChatResponse(choices=(Choice(parts=(Text(text),), finish=Finish("stop")),))


def asked(text: str) -> ChatRequest:
    return ChatRequest(model="m", messages=(Message("user", (Text(text),)),))


def words(request: ChatRequest) -> list[str]:
    return ["".join(part.text for part in item.parts if isinstance(part, Text)) for item in request.messages]


@given(st.text(), st.text())
def test_strangers_texts_stay_within_their_marks(request: str, text: str) -> None:
    instructions, quoted = words(question(asked(request), answer(text)))
    assert instructions == words(question(asked(""), answer("")))[0]
    found = re.fullmatch(r"<data (\w{32})>\n(.*)\n</data \1>\nGrade the answer\.", quoted)
    assert found is not None
    assert quoted.count(found[1]) == 2
    data = json.loads(found[2])
    repaired = [
        item.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for item in (request, text)
    ]
    assert [data["request"][0]["content"], data["answer"]] == repaired


def test_what_is_not_text_is_named_and_thoughts_are_left_out() -> None:
    request = ChatRequest(
        model="m",
        messages=(
            Message("user", (Text("What is this?"), Image(Media("url", "https://example.com/cat.png")))),
            Message("assistant", (Reasoning("hm"), ToolCall("c", "look", '{"at": 1}'))),
            Message("tool", (ToolResult("c", (Text("a cat"),)),)),
        ),
    )
    quoted = words(question(request, answer("A cat.")))[1]
    assert "[image]" in quoted
    assert "hm" not in quoted
    assert "[tool call look]" in quoted
    assert "[tool result] a cat" in quoted


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('{"score": 7}', 0.7),
        ('{"score": 10.0}', 1.0),
        ('```json\n{"score": 0}\n```', 0.0),
        ("8", 0.8),
        (" 8.5\n", 0.85),
        ('{"score": 11}', None),
        ('{"score": -1}', None),
        ('{"score": true}', None),
        ('{"score": "7"}', None),
        ('{"score": 7, "score2": 1}', None),
        ("7 out of 10", None),
        ("I would say 7, or 3.", None),
        ("", None),
        ("nan", None),
    ],
)
def test_a_score_or_nothing(said: str, found: float | None) -> None:
    assert score(answer(said)) == (None if found is None else pytest.approx(found))


@given(st.text())
def test_whatever_is_said_is_a_score_from_0_to_1_or_none(said: str) -> None:
    found = score(answer(said))
    assert found is None or 0 <= found <= 1


def test_who_was_cut_short_said_nothing() -> None:
    assert score(ChatResponse()) is None
    cut = ChatResponse(choices=(Choice(parts=(Text("1"),), finish=Finish("length")),))
    assert score(cut) is None
