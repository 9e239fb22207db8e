"""Tools, also those that the hub has no word for."""

import json

from counterpoint.canonical import OpaqueTool, Tool
from counterpoint.dialects.base import Target
from tests.unit.dialects.ollama.bodies import DIALECT, TOOL, asked


def test_functions_are_tools_and_others_stay_whole() -> None:
    odd = {"type": "web", "engine": 1}
    bare = {"function": {"name": "bare", "cache": True}}
    body = asked(tools=[TOOL, odd, bare])
    request = DIALECT.decode_request(body)
    first, second, third = request.tools
    assert isinstance(first, Tool)
    assert isinstance(second, OpaqueTool)
    assert isinstance(third, Tool)
    assert third.parameters is None
    again = DIALECT.encode_request(request, Target("m"), DIALECT.name)
    assert json.loads(again.body) == json.loads(body)
