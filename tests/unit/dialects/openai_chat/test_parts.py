"""Content parts: understood, and written again as they were."""

from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    Document,
    Image,
    Media,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    Video,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_chat.parts import (
    decode_part,
    encode_content,
    encode_part,
    media_from_url,
    url_of,
)

CASES: list[tuple[dict[str, Any], Part]] = [
    ({"type": "text", "text": "a"}, Text("a")),
    (
        {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}},
        Text("a", extensions={"openai-chat": {"cache_control": {"type": "ephemeral"}}}),
    ),
    (
        {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "low"}},
        Image(Media("url", "https://x/y.png"), "low"),
    ),
    (
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        Image(Media("data", "AA==", "image/png")),
    ),
    (
        {"type": "image_url", "image_url": "https://x/y.png"},
        Image(Media("url", "https://x/y.png"), extensions={"openai-chat": {"~image_url": "string"}}),
    ),
    (
        {"type": "image_url", "image_url": {"url": "https://x", "new": 1}, "also": 2},
        Image(Media("url", "https://x"), extensions={"openai-chat": {"also": 2, "image_url.new": 1}}),
    ),
    (
        {"type": "input_audio", "input_audio": {"data": "AA==", "format": "mp3"}},
        Audio(Media("data", "AA==", "audio/mpeg")),
    ),
    (
        {"type": "input_audio", "input_audio": {"data": "AA==", "format": "ogg"}},
        Audio(Media("data", "AA==", "audio/ogg")),
    ),
    (
        {"type": "input_audio", "input_audio": {"data": "AA==", "format": "mpeg"}},
        Audio(
            Media("data", "AA==", "audio/mpeg"), extensions={"openai-chat": {"input_audio.format": "mpeg"}}
        ),
    ),
    (
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="}},
        Document(Media("data", "AA==", "application/pdf", "a.pdf")),
    ),
    ({"type": "file", "file": {"file_id": "file-1"}}, Document(Media("file", "file-1"))),
    ({"type": "file", "file": {"file_data": "https://x/a.pdf"}}, Document(Media("url", "https://x/a.pdf"))),
    ({"type": "file", "file": {"file_data": "AA=="}}, Document(Media("data", "AA=="))),
    ({"type": "video_url", "video_url": {"url": "https://x/a.mp4"}}, Video(Media("url", "https://x/a.mp4"))),
    (
        {"type": "refusal", "refusal": "no"},
        Refusal("no", {"openai-chat": {"~in_content": True}}),
    ),
    ({"type": "hologram", "x": 1}, Opaque("openai-chat", "hologram", {"type": "hologram", "x": 1})),
    ({"role": "system", "content": "odd"}, Opaque("openai-chat", "", {"role": "system", "content": "odd"})),
]


@pytest.mark.parametrize(("body", "part"), CASES)
def test_parts_come_and_go(body: dict[str, Any], part: Part) -> None:
    assert decode_part(Fields(body)) == part
    assert encode_part(part) == body


def test_mistrals_thinking_is_reasoning() -> None:
    body = {
        "type": "thinking",
        "thinking": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
        "closed": True,
    }
    part = decode_part(Fields(body))
    assert isinstance(part, Reasoning)
    assert part.text == "ab"
    assert encode_part(part) == body


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"type": "text"}, "p.text"),
        ({"type": "text", "text": 3}, "p.text"),
        ({"type": "image_url"}, "p.image_url"),
        ({"type": "image_url", "image_url": 3}, "p.image_url"),
        ({"type": "image_url", "image_url": {"detail": "low"}}, "p.image_url.url"),
        ({"type": "input_audio", "input_audio": {"format": "wav"}}, "p.input_audio.data"),
        ({"type": "file", "file": {"filename": "x"}}, "p.file.file_id"),
        ({"type": "video_url", "video_url": []}, "p.video_url"),
    ],
)
def test_a_malformed_part_is_refused_from_a_caller_and_kept_from_an_upstream(
    body: dict[str, Any], param: str
) -> None:
    with pytest.raises(Refused) as caught:
        decode_part(Fields(body, "p"))
    assert caught.value.failure.param == param
    assert decode_part(Fields(body, "p", strict=False)) == Opaque("openai-chat", body["type"], body)


@pytest.mark.parametrize(
    ("url", "media"),
    [
        ("data:image/png;base64,AA", Media("data", "AA", "image/png")),
        ("data:image/png;charset=x;base64,AA", Media("url", "data:image/png;charset=x;base64,AA")),
        ("data:,hello", Media("url", "data:,hello")),
        ("data:text/plain,hello", Media("url", "data:text/plain,hello")),
        ("ftp://x", Media("url", "ftp://x")),
    ],
)
def test_urls_keep_their_meaning(url: str, media: Media) -> None:
    assert media_from_url(url) == media
    assert url_of(media) == url


def test_one_plain_text_is_a_string_unless_it_was_a_list() -> None:
    assert encode_content([Text("a")], None) == "a"
    assert encode_content([Text("a")], "list") == [{"type": "text", "text": "a"}]
    assert encode_content([Text("a"), Text("b")], None) == [
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b"},
    ]
    assert encode_content([], None, none="") == ""
    assert encode_content([], "empty") == ""
    assert encode_content([], "null", none="") is None
    assert encode_content([Text('{"a":1}')], "object") == {"a": 1}
