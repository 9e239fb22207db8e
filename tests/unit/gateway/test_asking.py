"""Signs of what costs more are found wherever a dialect puts them, and nowhere in what people write."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.gateway.asking import ADDED, INSTRUCTIONS, TOOL, Asking, asking, output_allowed

DATA = "data:image/png;base64,AAAA"


def said(*parts: Any, dialect: str = "openai-chat", **fields: Any) -> Asking:
    content = list(parts) or "hello"
    return asking(
        "chat", dialect, json.dumps({"messages": [{"role": "user", "content": content}], **fields}).encode()
    )


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": DATA}},
        {"type": "input_image", "image_url": DATA},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
        {"type": "tool_result", "content": [{"type": "image", "source": {"data": "AAAA"}}]},
    ],
)
def test_each_picture_is_counted_in_every_dialect(part: dict[str, Any]) -> None:
    assert said({"type": "text", "text": "hello"}).images == 0
    assert said(part).images in (1, 2)
    assert said(part, part, part).images >= 3


def test_pictures_in_a_list_are_each_counted() -> None:
    assert said(images=["AAAA", "AAAA", "AAAA"]).images == 3


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
        {"type": "file", "file": {"file_id": "f"}},
        {"type": "input_file", "file_url": "https://example.com/a.pdf"},
        {"type": "document", "source": {"type": "url", "url": "http://example.com"}},
        {"fileData": {"fileUri": "gs://bucket/film"}},
        {"video": {"source": {"s3Location": {"uri": "s3://bucket/film"}}}},
    ],
)
def test_what_is_not_in_the_body_is_seen(part: dict[str, Any]) -> None:
    assert said(part).elsewhere


def test_a_conversation_that_a_host_keeps_is_elsewhere_too() -> None:
    assert said(conversation="conv_1").elsewhere


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "name": "c"}]}, 0),
        ({"tools": [{"name": "f", "input_schema": {}}, {"type": "bash_20250124", "name": "bash"}]}, TOOL),
        ({"tools": [{"functionDeclarations": []}, "nonsense"]}, 0),
        ({"toolConfig": {"tools": [{"toolSpec": {"name": "f"}}, {"cachePoint": {}}]}}, 0),
        ({"tools": [{"type": "computer_use_preview"}, {"type": "local_shell"}]}, 2 * TOOL),
    ],
)
def test_a_tool_that_the_caller_carries_out_has_a_length(fields: dict[str, Any], more: int) -> None:
    found = asking("chat", "openai-chat", json.dumps(fields).encode())
    assert (found.added, found.elsewhere) == (INSTRUCTIONS + more, False)


@pytest.mark.parametrize(
    ("fields", "added"),
    [
        ({}, ADDED),
        ({"response_format": {"type": "json_schema"}}, INSTRUCTIONS),
        ({"generationConfig": {"responseSchema": {}}}, INSTRUCTIONS),
        ({"messages": [{"content": [{"type": "document", "source": {"type": "text"}}]}]}, INSTRUCTIONS),
        ({"messages": [{"content": "a document with a schema"}]}, ADDED),
    ],
)
def test_what_hosts_tell_the_model_is_added(fields: dict[str, Any], added: int) -> None:
    assert asking("chat", "openai-chat", json.dumps(fields).encode()).added == added
    assert asking("embed", "openai-embeddings", json.dumps(fields).encode()).added == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]},
        {"tools": [{"type": "code_execution_20250825", "name": "code_execution"}]},
        {"tools": [{"codeExecution": {}}]},
        {"tools": [{"functionDeclarations": [], "codeExecution": {}}]},
        {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}},
        {"cachedContent": "cachedContents/5"},
        {"messages": [{"content": [{"source": {"media_type": "application/pdf", "data": "AAAA"}}]}]},
        {"messages": [{"content": [{"document": {"format": "docx", "source": {"bytes": "AAAA"}}}]}]},
    ],
)
def test_what_a_host_reads_beside_the_body_has_none(fields: dict[str, Any]) -> None:
    assert asking("chat", "openai-chat", json.dumps(fields).encode()).elsewhere


def test_words_of_the_user_are_no_sign_of_anything() -> None:
    text = 'See https://example.com, the "file" and the "image" of the audio; cache web_search, please.'
    plain = asking(
        "chat", "openai-chat", json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    )
    whole = said({"type": "text", "text": text}, system=text)
    for each in (plain, whole):
        assert (each.images, each.elsewhere, each.searching, each.sound, each.cached) == (0, *(False,) * 4)


def test_arguments_and_schemas_are_text_too() -> None:
    schema = {"type": "object", "properties": {"file": {"type": "string"}, "image_url": {"type": "string"}}}
    tool = {"type": "function", "function": {"name": "open", "parameters": schema}}
    call = {"type": "tool_use", "name": "open", "input": "x", "args": {"file": "https://example.com"}}
    assert not said(call, tools=[tool]).elsewhere


def test_signs_are_read_as_hosts_read_them() -> None:
    body = rb'{"messages": [{"content": [{"typ\u0065": "im\u0061ge", "\u0066ile_id": "x"}]}]}'
    found = asking("chat", "openai-chat", body)
    assert found.images == 1
    assert found.elsewhere


def test_searching_sound_and_caching_are_seen() -> None:
    assert said(tools=[{"type": "web_search_20250305"}]).searching
    assert said(tools=[{"google_search": {}}]).searching
    assert said(modalities=["text", "audio"]).sound
    assert said(model="gpt-4o-audio-preview").sound
    assert said({"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}).cached


@pytest.mark.parametrize(
    ("dialect", "fields", "output", "choices"),
    [
        ("openai-chat", {}, None, 1),
        ("openai-chat", {"max_tokens": 5, "n": 3}, 5, 3),
        ("openai-chat", {"max_tokens": 5, "max_completion_tokens": 7}, 7, 1),
        ("openai-chat", {"max_tokens": "70"}, 70, 1),
        ("openai-chat", {"max_tokens": 69.5}, 70, 1),
        ("openai-chat", {"max_tokens": 5, "max_completion_tokens": {}}, None, 1),
        ("openai-chat", {"max_tokens": "five"}, None, 1),
        ("openai-chat", {"n": "4"}, None, 4),
        ("openai-completions-legacy", {"max_tokens": 5, "best_of": 4}, 5, 4),
        ("openai-completions-legacy", {"max_tokens": 5, "n": 2, "prompt": ["a", "b", "c"]}, 5, 6),
        ("openai-completions-legacy", {"max_tokens": 5, "prompt": [[1, 2], [3]]}, 5, 2),
        ("openai-completions-legacy", {"max_tokens": 5, "prompt": [1, 2, 3]}, 5, 1),
        ("openai-chat", {"max_tokens": 5, "prompt": ["a", "b"]}, 5, 1),
        ("openai-responses", {"max_output_tokens": 5}, 5, 1),
        ("ollama-chat", {"options": {"num_predict": 5}}, 5, 1),
        ("ollama-chat", {"options": {"num_predict": -1}}, None, 1),
        ("ollama-chat", {"options": 3, "n": None}, None, 1),
        ("gemini-generate", {"generationConfig": {"maxOutputTokens": 5, "candidateCount": 2}}, 5, 2),
        ("gemini-generate", {"generation_config": {"max_output_tokens": 5, "candidate_count": 8}}, 5, 8),
        ("gemini-generate", {"generationConfig": {"max_output_tokens": 5, "candidate_count": 8}}, 5, 8),
        ("bedrock-converse", {"inferenceConfig": {"maxTokens": 5}}, 5, 1),
        ("bedrock-invoke", {"textGenerationConfig": {"maxTokenCount": 5}}, 5, 1),
    ],
)
def test_sizes_are_read_leniently_and_never_too_small(
    dialect: str, fields: dict[str, Any], output: int | None, choices: int
) -> None:
    found = said(dialect=dialect, **fields)
    assert (found.output, found.choices) == (output, choices)


@pytest.mark.parametrize(
    "foreign",
    [
        {"max_tokens_to_sample": 1},
        {"max_output_tokens": 1},
        {"options": {"num_predict": 1}},
        {"generationConfig": {"maxOutputTokens": 1}},
        {"inferenceConfig": {"maxTokens": 1}},
    ],
)
def test_what_another_dialect_would_read_bounds_nothing(foreign: dict[str, Any]) -> None:
    assert said(**foreign).output is None
    assert said(max_tokens=500, **foreign).output == 500
    assert said(dialect="nobody's", **foreign).output is None


@pytest.mark.parametrize(
    "tool",
    [{"type": "web_fetch_20250910", "name": "web_fetch"}, {"urlContext": {}}, {"url_context": {}}],
)
def test_what_a_host_fetches_is_elsewhere(tool: dict[str, Any]) -> None:
    assert said(tools=[tool]).elsewhere
    assert not said(tools=[{"type": "function", "function": {"name": "web_fetch"}}]).elsewhere


def test_a_number_that_cannot_be_read_is_told_apart_from_none() -> None:
    assert output_allowed("openai-chat", b'{"max_tokens": 5}') == 5
    assert output_allowed("openai-chat", b"{}") is None
    for body in (
        b'{"max_tokens": "five"}',
        b'{"max_tokens": []}',
        b"{",
        b'"\xff"',
        b"[" * 100_000,
    ):
        with pytest.raises(ValueError, match="the body"):
            output_allowed("openai-chat", body)


def test_what_is_no_json_is_searched_as_it_is() -> None:
    form = b'--x\r\ncontent-disposition: form-data; name="image"; filename="a.png"\r\n\r\n...'
    assert asking("image", "openai-images", form).images == 1
    assert asking("image", "openai-images", form).choices == 10
    assert asking("chat", "openai-chat", b"[" * 100_000).choices == 1
    assert asking("chat", "openai-chat", b"[1, 2]").output is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_read(value: Any) -> None:
    body = json.dumps({"messages": value, "max_tokens": value, "options": value, "n": value}).encode()
    assert asking("chat", "openai-chat", body).bytes == len(body)
