"""Tools and the choice among them."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.gemini_generate.requests import body_of
from counterpoint.dialects.gemini_generate.tools import encode_choice, encode_tools
from tests.unit.dialects.gemini_generate.bodies import asked

F, G = {"name": "f", "description": "d"}, {"name": "g", "parameters": {"type": "OBJECT"}}


@pytest.mark.parametrize(
    "tools",
    [
        [{"functionDeclarations": [F, G]}],
        [{"functionDeclarations": [F]}, {"functionDeclarations": [G]}],
        [{"functionDeclarations": [F], "googleSearch": {}}],
        [{"googleSearch": {}}, {"codeExecution": {}}],
        [{"functionDeclarations": [{**F, "behavior": "NON_BLOCKING", "response": {}}]}],
        [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}],
        [{"functionDeclarations": [{**G, "parametersJsonSchema": {"type": "object"}}]}],
        [{}],
    ],
)
def test_tools_come_back_as_they_were(tools: Any) -> None:
    assert body_of(asked(tools=tools))["tools"] == tools


def test_what_tools_are() -> None:
    found = asked(tools=[{"functionDeclarations": [G], "googleSearch": {"x": 1}}]).tools
    assert isinstance(found[0], Tool)
    assert (found[0].name, found[0].parameters) == ("g", {"type": "object"})
    assert found[1] == OpaqueTool("gemini-generate", "googleSearch", {"googleSearch": {"x": 1}})


@pytest.mark.parametrize(
    ("calling", "choice"),
    [
        ({"mode": "AUTO"}, ("auto", None)),
        ({"mode": "NONE"}, ("none", None)),
        ({"mode": "ANY"}, ("required", None)),
        ({"mode": 2}, ("required", None)),
        ({"mode": "ANY", "allowedFunctionNames": ["f"]}, ("tool", "f")),
        ({"mode": 2, "allowedFunctionNames": ["f"]}, ("tool", "f")),
        ({"mode": "ANY", "allowedFunctionNames": ["f", "g"]}, ("required", None)),
        ({"mode": "VALIDATED", "new": 1}, ("auto", None)),
        ({"mode": 4}, ("auto", None)),
        ({"mode": "NEW"}, None),
        ({"mode": []}, None),
        ({}, None),
    ],
)
def test_a_choice_there_and_back(calling: Any, choice: Any) -> None:
    config = {"functionCallingConfig": calling, "retrievalConfig": {}}
    request = asked(toolConfig=config)
    found = request.tool_choice
    assert (None if found is None else (found.mode, found.name)) == choice
    assert body_of(request)["toolConfig"] == config


def test_a_choice_of_another_dialect() -> None:
    assert encode_choice(None, {}) == {}
    assert encode_choice(ToolChoice("tool", "f"), {}) == {
        "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}
    }
    assert encode_tools([Tool("f", None, {"type": "object"})]) == [
        {"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}
    ]
