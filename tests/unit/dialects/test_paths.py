"""Losses point into what the client wrote."""

import json
from typing import Any

import pytest

from counterpoint.dialects.paths import around, field_path, locate
from counterpoint.dialects.registry import CHAT

OPENAI = json.dumps(
    {
        "model": "m",
        "max_tokens": 5,
        "reasoning": {"effort": "low"},
        "messages": [
            {"role": "user", "content": "plain"},
            {"role": "user", "content": [{"type": "text", "text": "one"}]},
            {
                "role": "assistant",
                "reasoning": "hm",
                "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
                "refusal": "no",
                "tool_calls": [
                    {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                    {"id": "2", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "1", "content": "r"},
            {"role": "tool", "tool_call_id": "2", "content": [{"type": "text", "text": "r"}]},
            {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}, "audio": {"id": "a"}},
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("messages[0]", "messages[0]"),
        ("messages[0].parts[0]", "messages[0].content"),
        ("messages[1].parts[0].cache_control", "messages[1].content[0].cache_control"),
        ("messages[2].parts[0]", "messages[2].reasoning"),
        ("messages[2].parts[2]", "messages[2].content[1]"),
        ("messages[2].parts[3]", "messages[2].refusal"),
        ("messages[2].parts[5]", "messages[2].tool_calls[1]"),
        ("messages[3].parts[0]", "messages[3]"),
        ("messages[3].parts[0].content[0]", "messages[3].content"),
        ("messages[4].parts[0].content[0]", "messages[4].content[0]"),
        ("messages[5].parts[0]", "messages[5].audio"),
        ("messages[5].parts[1]", "messages[5].function_call"),
        ("messages[9].parts[0]", "messages[9]"),
        ("max_output", "max_tokens"),
        ("output", "response_format"),
        ("reasoning", "reasoning"),
        ("tools[3]", "tools[3]"),
    ],
)
def test_openai_chat(canonical: str, written: str) -> None:
    request = CHAT["openai-chat"].decode_request(OPENAI)
    assert locate("openai-chat", request, canonical) == written


def test_an_unknown_source_keeps_the_canonical_path() -> None:
    request = CHAT["openai-chat"].decode_request(OPENAI)
    assert locate("elsewhere", request, "messages[0].parts[0]") == "messages[0].parts[0]"


RESPONSES = json.dumps(
    {
        "model": "m",
        "instructions": "be brief",
        "input": [
            {"role": "user", "content": "plain"},
            {"role": "user", "content": [{"type": "input_text", "text": "one"}, {"type": "input_new"}]},
            {
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": "a"}, {"type": "summary_text", "text": "b"}],
            },
            {"role": "assistant", "content": "words", "phase": "commentary"},
            {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "1", "output": "r"},
            {
                "type": "function_call_output",
                "call_id": "1",
                "output": [{"type": "input_image", "file_id": "x"}],
            },
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
            {"type": "web_search_call", "id": "ws"},
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("messages[0].parts[0]", "instructions"),
        ("messages[1].parts[0]", "input[0].content"),
        ("messages[2].parts[0].x", "input[1].content[0].x"),
        ("messages[2].parts[1]", "input[1].content[1]"),
        ("messages[2].role", "input[1].role"),
        ("messages[3]", "input[2]"),
        ("messages[3].parts[1]", "input[2]"),
        ("messages[3].parts[2]", "input[3].content"),
        ("messages[3].parts[3].namespace", "input[4].namespace"),
        ("messages[4].parts[0]", "input[5]"),
        ("messages[4].parts[0].content[0]", "input[5].output"),
        ("messages[5].parts[0].content[0]", "input[6].output[0]"),
        ("messages[6].parts[0]", "input[7].content[0]"),
        ("messages[6].parts[1]", "input[8]"),
        ("messages[9].parts[0]", "input[9]"),
        ("max_output", "max_output_tokens"),
        ("output.strict", "text.format.strict"),
        ("messages", "input"),
        ("tools[3]", "tools[3]"),
    ],
)
def test_openai_responses(canonical: str, written: str) -> None:
    request = CHAT["openai-responses"].decode_request(RESPONSES)
    assert locate("openai-responses", request, canonical) == written


def test_an_input_that_is_a_string_has_no_places() -> None:
    body = b'{"model":"m","instructions":"i","input":"x"}'
    request = CHAT["openai-responses"].decode_request(body)
    assert locate("openai-responses", request, "messages[1].parts[0]") == "input"
    assert locate("openai-responses", request, "messages[0]") == "instructions"


def test_fields_stand_where_their_author_wrote_them() -> None:
    assert field_path("openai-chat", "messages[0]", "item.x") == "messages[0].item.x"
    assert field_path("openai-responses", "input[3].content[0]", "item.phase") == "input[3].phase"
    assert field_path("openai-responses", "tool_choice", "allowed_tools") == "tool_choice"
    assert field_path("openai-responses", "", "store") == "store"


GEMINI = json.dumps(
    {
        "systemInstruction": {"parts": [{"text": "s"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "f"}}]},
            {
                "role": "user",
                "parts": [
                    {
                        "functionResponse": {
                            "name": "f",
                            "response": {"a": 1},
                            "parts": [{"inlineData": {"mimeType": "image/png", "data": ""}}],
                        }
                    }
                ],
            },
        ],
        "tools": [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}, {"googleSearch": {}}],
        "generationConfig": {"responseMimeType": "application/json"},
    }
).encode()


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("messages[0]", "systemInstruction"),
        ("messages[0].parts[0]", "systemInstruction.parts[0]"),
        ("messages[1].parts[1].citations", "contents[0].parts[1].citations"),
        ("messages[2].parts[0]", "contents[1].parts[0]"),
        ("messages[3].parts[0].is_error", "contents[2].parts[0].functionResponse.response"),
        ("messages[3].parts[0].content[0]", "contents[2].parts[0].functionResponse.response"),
        ("messages[3].parts[0].content[1]", "contents[2].parts[0].functionResponse.parts[0]"),
        ("messages[9].parts[0]", "contents[8]"),
        ("tools[1].strict", "tools[0].functionDeclarations[1].strict"),
        ("tools[2]", "tools[1].googleSearch"),
        ("tools[7]", "tools[7]"),
        ("tool_choice", "toolConfig.functionCallingConfig"),
        ("max_output", "generationConfig.maxOutputTokens"),
        ("reasoning.budget", "generationConfig.thinkingConfig.thinkingBudget"),
        ("output", "generationConfig.responseMimeType"),
        ("safetySettings", "safetySettings"),
    ],
)
def test_paths_into_the_gemini_api(canonical: str, written: str) -> None:
    dialect = CHAT["gemini-generate"]
    assert locate(dialect.name, dialect.decode_request(GEMINI), canonical) == written
    wrapped = dialect.decode_request(b'{"generateContentRequest":' + GEMINI + b"}")
    assert locate(dialect.name, wrapped, canonical) == f"generateContentRequest.{written}"


@pytest.mark.parametrize(
    ("field", "written"),
    [("responseSchema", "responseSchema"), ("responseJsonSchema", "responseJsonSchema")],
)
def test_a_schema_of_the_gemini_api_is_where_it_was_written(field: str, written: str) -> None:
    config = {"responseMimeType": "application/json", field: {"type": "string"}}
    body = json.dumps({"contents": [], "generationConfig": config}).encode()
    request = CHAT["gemini-generate"].decode_request(body)
    assert locate("gemini-generate", request, "output.schema") == f"generationConfig.{written}"


@pytest.mark.parametrize(
    ("dialect", "body", "inside", "limit"),
    [
        (
            "gemini-generate",
            {"generateContentRequest": {"model": "models/m", "contents": [{"parts": [{"text": "q"}]}]}},
            "generateContentRequest",
            "generationConfig.maxOutputTokens",
        ),
        (
            "bedrock-converse",
            {"input": {"converse": {"messages": [{"role": "user", "content": [{"text": "q"}]}]}}},
            "input.converse",
            "inferenceConfig.maxTokens",
        ),
    ],
)
def test_what_is_wrapped_to_be_counted_has_its_paths_within(
    dialect: str, body: dict[str, Any], inside: str, limit: str
) -> None:
    request = CHAT[dialect].decode_request(json.dumps(body).encode())
    assert around(dialect, request) == inside
    assert locate(dialect, request, "max_output") == f"{inside}.{limit}"


def test_what_is_not_wrapped_has_nothing_around_it() -> None:
    body = {"messages": [{"role": "user", "content": [{"text": "q"}]}]}
    request = CHAT["bedrock-converse"].decode_request(json.dumps(body).encode())
    assert around("bedrock-converse", request) == ""


def test_a_document_that_a_tool_returned_has_its_file_name() -> None:
    file = {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,QQ=="}
    body = {"model": "m", "input": [{"type": "function_call_output", "call_id": "c", "output": [file]}]}
    request = CHAT["openai-responses"].decode_request(json.dumps(body).encode())
    where = locate("openai-responses", request, "messages[0].parts[0].content[0].title")
    assert where == "input[0].output[0].filename"
