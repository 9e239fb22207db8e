"""Pieces of content that only Mistral writes so."""

from typing import Any

import pytest

from counterpoint.canonical import Audio, Document, Image, Media, Opaque, Reasoning, Text, ToolResult
from counterpoint.dialects.mistral_chat.names import GRAMMAR, NAME
from counterpoint.dialects.mistral_chat.pieces import adopted, aside, written


def understood(piece: dict[str, Any]) -> Any:
    kept = aside(piece)
    return adopted(Opaque(NAME, kept["type"], kept))


def said(part: Any) -> Any:
    value = written(part)
    assert isinstance(value, Opaque)
    return value.value


@pytest.mark.parametrize(
    ("piece", "source"),
    [
        (
            {"type": "document_url", "document_url": "https://a.example/b.pdf", "document_name": "b.pdf"},
            Media("url", "https://a.example/b.pdf", None, "b.pdf"),
        ),
        (
            {"type": "document_url", "document_url": "data:application/pdf;base64,AA", "x": 1},
            Media("data", "AA", "application/pdf"),
        ),
        ({"type": "file", "file_id": "f"}, Media("file", "f")),
    ],
)
def test_a_document_comes_back_as_it_was(piece: dict[str, Any], source: Media) -> None:
    part = understood(piece)
    assert isinstance(part, Document)
    assert part.source == source
    assert said(part) == piece


@pytest.mark.parametrize("value", ["AAAA", "https://a.example/b.wav"])
def test_sound_may_be_text_alone(value: str) -> None:
    piece = {"type": "input_audio", "input_audio": value}
    part = understood(piece)
    assert isinstance(part, Audio)
    assert said(part) == piece


@pytest.mark.parametrize(
    "piece",
    [
        {"type": "text", "text": "a"},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}},
        "a string",
        {"type": []},
    ],
)
def test_what_the_grammar_understands_is_left_to_it(piece: Any) -> None:
    assert aside(piece) is piece


def test_what_nobody_understands_stays_whole() -> None:
    assert understood({"type": "file", "file_id": 3}) == Opaque(NAME, "file", {"type": "file", "file_id": 3})
    assert adopted(Text("a")) == Text("a")


def test_thinking_is_a_piece() -> None:
    assert written(Reasoning("Hm", "s")) == Reasoning("Hm", extensions={GRAMMAR: {"~part": "thinking"}})
    result = ToolResult("c", (Document(Media("data", "AA", "application/pdf")),))
    inner = written(result)
    assert isinstance(inner, ToolResult)
    assert isinstance(inner.parts[0], Opaque)
    picture = Image(Media("url", "https://a.example"))
    assert written(picture) is picture
    sound = Audio(Media("data", "AA", "audio/wav"))
    assert written(sound) is sound
