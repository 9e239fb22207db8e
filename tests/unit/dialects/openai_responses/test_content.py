"""Content parts: each kind to its canonical part, and back to the same JSON."""

from typing import Any

import pytest

from counterpoint.canonical import Audio, Document, Image, Media, Opaque, Part, Refusal, Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_responses.content import (
    decode_part,
    encode_content,
    encode_part,
    is_plain,
    with_fields,
)

PDF = "data:application/pdf;base64,AAAA"


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ({"type": "input_image", "image_url": "https://a/b.png"}, Image(Media("url", "https://a/b.png"))),
        (
            {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"},
            Image(Media("data", "AA==", "image/png"), "low"),
        ),
        ({"type": "input_image", "file_id": "f1"}, Image(Media("file", "f1"))),
        (
            {"type": "input_file", "file_data": PDF, "filename": "a.pdf"},
            Document(Media("data", "AAAA", "application/pdf", "a.pdf")),
        ),
        ({"type": "input_file", "file_data": "AAAA"}, Document(Media("data", "AAAA"))),
        ({"type": "input_file", "file_url": "https://a/b.pdf"}, Document(Media("url", "https://a/b.pdf"))),
        ({"type": "input_file", "file_id": "f1"}, Document(Media("file", "f1"))),
        ({"type": "refusal", "refusal": "no"}, Refusal("no")),
        ({"type": "input_text", "text": "a"}, Text("a")),
        (
            {"type": "input_audio", "input_audio": {"data": "AA", "format": "mp3"}},
            Audio(Media("data", "AA", "audio/mpeg")),
        ),
    ],
)
def test_a_part_is_understood_and_comes_back(raw: Any, part: Part) -> None:
    assert decode_part(Fields(raw), "input_text") == part
    assert encode_part(part, "input_text") == raw


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "output_text", "text": "a"},
        {"type": "input_text", "text": "a", "prompt_cache_breakpoint": {"mode": "x"}},
        {"type": "output_text", "text": "a", "annotations": [], "logprobs": []},
        {"type": "output_text", "text": "a", "annotations": [5]},
        {"type": "output_text", "text": "a", "annotations": [{"type": "file_path", "file_id": "f"}]},
        {"type": "input_image", "image_url": None, "file_id": "f1", "detail": "auto", "new": 1},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "x-wav", "rate": 1}, "more": 2},
        {"type": "input_hologram", "data": {"deep": [1]}},
    ],
)
def test_every_field_comes_back(raw: Any) -> None:
    assert encode_part(decode_part(Fields(raw), "input_text"), "input_text") == raw


def test_what_has_no_word_stays_whole() -> None:
    part = decode_part(Fields({"type": "input_hologram"}), "input_text")
    assert isinstance(part, Opaque)
    assert part.kind == "input_hologram"


def test_a_callers_mistake_has_a_path_and_an_upstreams_is_passed_on() -> None:
    broken = {"type": "input_text", "text": 5}
    with pytest.raises(Refused) as refused:
        decode_part(Fields(broken, "input[0].content[0]"), "input_text")
    assert refused.value.failure.param == "input[0].content[0].text"
    kept = decode_part(Fields(broken, strict=False), "output_text")
    assert encode_part(kept, "output_text") == broken


def test_texts_of_answers_have_their_lists() -> None:
    text = {"type": "output_text", "text": "a", "annotations": [], "logprobs": []}
    assert encode_content([Text("a")], "output_text", answer=True) == [text]
    assert decode_part(Fields(text, strict=False), "output_text") == Text("a")


def test_plain_is_what_a_string_can_say() -> None:
    assert is_plain(Text("a"))
    assert is_plain(with_fields(Text("a"), {"~more": True}))
    assert not is_plain(with_fields(Text("a"), {"new": 1}))
    assert not is_plain(Refusal("a"))
