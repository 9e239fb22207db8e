"""Where things stood in a request to Converse."""

import json

import pytest

from counterpoint.dialects.bedrock_paths import mark_path, point_path
from counterpoint.dialects.paths import field_path, locate
from counterpoint.dialects.registry import CHAT

POINT = {"cachePoint": {"type": "default"}}
BODY = {
    "system": [{"text": "s"}, POINT],
    "messages": [
        {
            "role": "user",
            "content": [
                {"text": "a"},
                POINT,
                {"toolResult": {"toolUseId": "t", "content": [{"text": "r"}, {"text": "q"}]}},
            ],
        }
    ],
    "toolConfig": {"tools": [{"toolSpec": {"name": "f"}}, POINT, {"toolSpec": {"name": "g"}}]},
    "additionalModelRequestFields": {"thinking": {"type": "enabled"}, "inferenceConfig": {"topK": 3}},
}


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("messages[0].parts[0]", "system[0]"),
        ("messages[1]", "messages[0]"),
        ("messages[1].parts[1].is_error", "messages[0].content[2].toolResult.status"),
        ("messages[1].parts[1].content[1]", "messages[0].content[2].toolResult.content[1]"),
        (
            "messages[1].parts[1].content[1].title",
            "messages[0].content[2].toolResult.content[1].document.name",
        ),
        ("tools[1].strict", "toolConfig.tools[2].toolSpec.strict"),
        ("tools[1]", "toolConfig.tools[2]"),
        ("max_output", "inferenceConfig.maxTokens"),
        ("reasoning.budget", "additionalModelRequestFields.thinking"),
        ("top_k", "additionalModelRequestFields.inferenceConfig.topK"),
        ("stop[0]", "stop[0]"),
        ("seed", "seed"),
    ],
)
def test_every_place_is_found(path: str, where: str) -> None:
    request = CHAT["bedrock-converse"].decode_request(json.dumps(BODY).encode())
    assert locate("bedrock-converse", request, path) == where


def test_a_cache_mark_stood_after_its_part() -> None:
    assert point_path("system[0].cache_control") == "system[1].cachePoint"
    assert mark_path("system[1].cachePoint") == "system[0].cache_control"
    assert point_path("system[0]") == mark_path("system[0]") == "system[0]"
    assert field_path("bedrock-converse", "messages[0].content[1]", "cache_control") == (
        "messages[0].content[2].cachePoint"
    )


def test_bodies_of_makers_have_their_own_paths() -> None:
    body = {"anthropic_version": "v", "max_tokens": 5, "system": "s", "messages": []}
    request = CHAT["bedrock-invoke"].decode_request(json.dumps(body).encode())
    assert locate("bedrock-invoke", request, "max_output") == "max_tokens"
    assert locate("bedrock-invoke", request, "messages[0]") == "system"
