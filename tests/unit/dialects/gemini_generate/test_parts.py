"""Parts there and back."""

import base64
import json
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
    ToolCall,
    ToolResult,
    Video,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.parts import (
    arguments_object,
    decode_part,
    encode_part,
    encode_parts,
    is_own,
)
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.registry import CHAT

INLINE = {"inlineData": {"mimeType": "image/png", "data": "AA=="}}


def read(part: Any) -> Part:
    return decode_part(Fields(part), Calls())


@pytest.mark.parametrize(
    "part",
    [
        {"text": "a"},
        {"text": ""},
        {},
        {"thought": True},
        {"text": "hm", "thought": True, "thoughtSignature": "s"},
        {"text": "a", "thoughtSignature": "s"},
        {"text": "a", "thought": False},
        INLINE,
        {"inlineData": {"mimeType": "application/pdf", "data": "AA==", "displayName": "a.pdf"}},
        {"inlineData": {"mimeType": "image/png"}},
        {"fileData": {"fileUri": "gs://a/b", "mimeType": "video/mp4"}, "videoMetadata": {"fps": 2}},
        {"fileData": {"fileUri": "https://youtu.be/x"}},
        {"functionCall": {"name": "f"}},
        {"functionCall": {"name": "f", "args": {}, "id": "1"}, "thoughtSignature": "s"},
        {"functionCall": {"name": "f", "args": {"a": [1.5, None]}, "willContinue": True}},
        {"functionResponse": {"name": "f", "response": {"a": 1}}},
        {"functionResponse": {"name": "f", "response": {"result": "x"}, "id": "1", "scheduling": "IDLE"}},
        {"functionResponse": {"name": "f", "response": {"error": "no"}, "parts": [INLINE]}},
        {"functionResponse": {"name": "f"}},
        {"executableCode": {"language": "PYTHON", "code": "1"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
        {"somethingNew": 1},
    ],
)
def test_a_part_comes_back_as_it_was(part: Any) -> None:
    assert encode_part(read(part), Calls()) == part


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"text": "a"}, Text),
        ({"text": "a", "thought": True}, Reasoning),
        (INLINE, Image),
        ({"inlineData": {"mimeType": "audio/wav", "data": ""}}, Audio),
        ({"fileData": {"fileUri": "https://a/b.mp4", "mimeType": "video/mp4"}}, Video),
        ({"fileData": {"fileUri": "https://www.youtube.com/watch?v=x"}}, Video),
        ({"fileData": {"fileUri": "https://a/b", "mimeType": "application/pdf"}}, Document),
        ({"functionCall": {"name": "f"}}, ToolCall),
        ({"functionResponse": {"name": "f"}}, ToolResult),
        ({"executableCode": {}}, Opaque),
        ({"text": "a", "new": 1}, Opaque),
    ],
)
def test_what_a_part_is(part: Any, kind: type) -> None:
    assert isinstance(read(part), kind)


@pytest.mark.parametrize(
    ("address", "kind"),
    [("gs://a", "file"), ("files/x", "file"), ("https://a", "url")],
)
def test_where_a_file_is(address: str, kind: str) -> None:
    image = read({"fileData": {"fileUri": address, "mimeType": "image/png"}})
    assert isinstance(image, Image)
    assert image.source.kind == kind


@pytest.mark.parametrize(
    ("response", "texts", "failed"),
    [
        ({"output": "x"}, ["x"], False),
        ({"result": "x"}, ["x"], False),
        ({"error": "x"}, ["x"], True),
        ({"output": ["x", "y"]}, ["x", "y"], False),
        ({"output": {"a": 1}}, ['{"output":{"a":1}}'], False),
        ({"a": 1}, ['{"a":1}'], False),
        (None, [], False),
    ],
)
def test_what_a_tool_said(response: Any, texts: list[str], failed: bool) -> None:
    result = read({"functionResponse": {"name": "f", "response": response}})
    assert isinstance(result, ToolResult)
    assert [part.text for part in result.parts if isinstance(part, Text)] == texts
    assert result.is_error == failed


@pytest.mark.parametrize(
    ("texts", "failed", "response"),
    [
        (["x"], False, {"output": "x"}),
        (["x"], True, {"error": "x"}),
        (["x", "y"], False, {"output": ["x", "y"]}),
        (['{"a":1}'], False, {"a": 1}),
        (['{"a": 1}'], False, {"output": '{"a": 1}'}),
        ([], False, {"output": ""}),
    ],
)
def test_a_tools_words_become_an_object(texts: list[str], failed: bool, response: Any) -> None:
    calls = Calls()
    calls.call("f", "1")
    said = encode_part(ToolResult("1", tuple(map(Text, texts)), failed), calls)
    assert said == {"functionResponse": {"id": "1", "name": "f", "response": response}}


def test_what_other_dialects_say() -> None:
    calls = Calls()
    parts = (
        Refusal("no"),
        ToolCall("1", "f", "not json"),
        ToolResult("2", (Text("x"), Image(Media("data", "AA==", "image/png")))),
        Opaque("other", "x", {}),
        Audio(id="a"),
    )
    said = encode_parts(parts, calls)
    assert said[0] == {"text": "no"}
    assert said[1]["functionCall"]["args"] == {"arguments": "not json"}
    assert said[2]["functionResponse"]["parts"] == [INLINE]
    assert len(said) == 3


def test_whose_thought_it_is() -> None:
    own = read({"text": "hm", "thought": True})
    assert isinstance(own, Reasoning)
    assert is_own(own)
    assert not is_own(Reasoning("hm", "s"))


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [("", {}, True), ('{"a":1}', {"a": 1}, True), ("[1]", {"arguments": "[1]"}, False)],
)
def test_arguments_are_an_object(text: str, value: Any, whole: bool) -> None:
    assert arguments_object(text) == (value, whole)


@pytest.mark.parametrize(
    ("part", "param"),
    [
        ({"text": 3}, "p.text"),
        ({"functionCall": {"name": 3}}, "p.functionCall.name"),
        ({"functionCall": []}, "p.functionCall"),
        ({"functionResponse": {"name": "f", "parts": [3]}}, "p.functionResponse.parts[0]"),
        ({"inlineData": {"data": 3}}, "p.inlineData.data"),
    ],
)
def test_a_wrong_type_is_refused_at_its_place(part: Any, param: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_part(Fields(part, "p"), Calls())
    assert refused.value.failure.param == param


def test_arguments_keep_their_numbers() -> None:
    call = read({"functionCall": {"name": "f", "args": {"a": 1.0, "b": "é"}}})
    assert isinstance(call, ToolCall)
    assert json.loads(call.arguments) == {"a": 1.0, "b": "é"}


@pytest.mark.parametrize("data", ["_-__", "_-8=", "_-8", "AAAA"])
def test_data_in_the_other_alphabet_reaches_others_in_the_usual_one(data: str) -> None:
    dialect = CHAT["gemini-generate"]
    inline = {"inlineData": {"mimeType": "image/png", "data": data}}
    body = json.dumps({"contents": [{"role": "user", "parts": [inline]}]}).encode()
    request = dialect.decode_request(body)
    (image,) = request.messages[0].parts
    assert isinstance(image, Image)
    assert base64.b64decode(image.source.value, validate=True)
    assert json.loads(dialect.encode_request(request, Target(""), dialect.name).body) == json.loads(body)
