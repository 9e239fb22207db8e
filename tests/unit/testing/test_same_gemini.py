"""Two ways to write the same request of the Gemini API."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences
from counterpoint.testing.same import normal_form
from counterpoint.testing.same_gemini import gemini_generate

NAME = "gemini-generate"


def differing(before: Any, after: Any) -> list[str]:
    return [one.path for one in differences(normal_form(NAME, before), normal_form(NAME, after))]


def said(*parts: Any, role: str = "user") -> Any:
    return {"role": role, "parts": list(parts)}


def call(**fields: Any) -> Any:
    return said({"functionCall": {"name": "f", **fields}}, role="model")


def result(response: Any, **fields: Any) -> Any:
    return said({"functionResponse": {"name": "f", "response": response, **fields}})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"contents": {"parts": {"text": "hi"}}}, {"contents": [said({"text": "hi"})]}),
        (
            {"contents": [said({"text": "a"}), said({"text": "b"})]},
            {"contents": [said({"text": "a"}, {"text": "b"})]},
        ),
        ({"generation_config": {"top_k": 1}}, {"generationConfig": {"topK": 1, "candidateCount": 1}}),
        (
            {"generationConfig": {"responseSchema": {"type": "STRING"}}},
            {"generationConfig": {"responseJsonSchema": {"type": "string"}}},
        ),
        (
            {"tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}]}]},
            {"tools": [{"functionDeclarations": [{"name": "f"}]}]},
        ),
        (
            {"contents": [call(args={}), result({"result": "x"})]},
            {"contents": [call(id="a"), result({"output": "x"}, id="a")]},
        ),
        ({"contents": [result({"a": 1})]}, {"contents": [result({"output": '{"a": 1}'})]}),
        (
            {"contents": [said({"fileData": {"fileUri": "https://a/b", "mimeType": "image/png"}})]},
            {"contents": [said({"fileData": {"fileUri": "https://a/b", "displayName": "document.pdf"}})]},
        ),
        ({"toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}, {}),
        ({"generateContentRequest": {"model": "models/m", "contents": []}}, {"contents": []}),
    ],
)
def test_the_same(before: Any, after: Any) -> None:
    assert differing(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ({"contents": [said({"text": "hi"})]}, {"contents": [said({"text": "ho"})]}, "contents"),
        (
            {"contents": [call(id="a"), call(id="b"), result({"a": 1}, id="b")]},
            {"contents": [call(id="a"), call(id="b"), result({"a": 1}, id="a")]},
            "contents[2].parts[0].functionResponse",
        ),
        ({"generationConfig": {"topK": 1}}, {}, "generationConfig"),
        ({"tools": [{"googleSearch": {}}]}, {}, "tools"),
    ],
)
def test_not_the_same(before: Any, after: Any, path: str) -> None:
    assert differing(before, after)[0].startswith(path)


def test_it_is_the_form_of_this_dialect() -> None:
    fields: dict[str, Any] = {}
    gemini_generate(fields)
    assert set(fields) == {"~system", "~turns"}
