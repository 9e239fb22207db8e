"""Tools and the choice among them."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.canonical.errors import Refused
from tests.unit.dialects.bedrock_converse.bodies import asked, decoded, home_again

SPEC = {"name": "f", "description": "d", "inputSchema": {"json": {"type": "object"}}, "strict": True}


@pytest.mark.parametrize(
    "config",
    [
        {"tools": [{"toolSpec": SPEC}]},
        {"tools": [{"toolSpec": {"name": "f"}}], "toolChoice": {"auto": {}}},
        {"tools": [{"toolSpec": SPEC}, {"cachePoint": {"type": "default"}}], "toolChoice": {"any": {}}},
        {"tools": [{"systemTool": {"name": "nova_grounding"}}, {"cachePoint": {"type": "default"}}]},
        {"tools": [{"toolSpec": {**SPEC, "new": 1}, "x": 2}], "toolChoice": {"tool": {"name": "f"}}},
        {"tools": [], "toolChoice": {"newWay": {}}},
        {"toolChoice": {"auto": {}}},
    ],
)
def test_every_configuration_comes_back(config: dict[str, Any]) -> None:
    assert home_again(asked(toolConfig=config)) == asked(toolConfig=config)


def test_tools_are_what_the_hub_calls_them() -> None:
    config = {
        "tools": [{"toolSpec": SPEC}, {"systemTool": {"name": "s"}}],
        "toolChoice": {"tool": {"name": "f"}},
    }
    request = decoded(asked(toolConfig=config))
    tool, served = request.tools
    assert isinstance(tool, Tool)
    assert (tool.name, tool.description, tool.parameters, tool.strict) == ("f", "d", {"type": "object"}, True)
    assert isinstance(served, OpaqueTool)
    assert served.kind == "s"
    assert request.tool_choice == ToolChoice("tool", "f")


def test_a_tool_without_a_name_is_refused_with_its_path() -> None:
    with pytest.raises(Refused) as refused:
        decoded(asked(toolConfig={"tools": [{"toolSpec": {}}]}))
    assert refused.value.failure.param == "toolConfig.tools[0].toolSpec.name"
