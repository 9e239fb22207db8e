"""Everything of a request but its messages and tools."""

import json
from typing import Any

import pytest

from counterpoint.canonical.errors import Refused
from tests.unit.dialects.bedrock_converse.bodies import asked, decoded, home_again

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def output(schema: str, **more: Any) -> dict[str, Any]:
    definition = {"schema": schema, **more}
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": definition}}}


@pytest.mark.parametrize(
    "fields",
    [
        {
            "inferenceConfig": {
                "maxTokens": 5,
                "temperature": 0,
                "topP": 0.5,
                "stopSequences": ["x"],
                "new": 1,
            }
        },
        {"inferenceConfig": {"stopSequences": []}},
        {"inferenceConfig": {}, "additionalModelRequestFields": {}},
        {"additionalModelRequestFields": {"anthropic_beta": ["x"]}},
        {"serviceTier": {"type": "flex", "x": 1}, "requestMetadata": {"a": "b"}},
        {"guardrailConfig": {"guardrailIdentifier": "g"}, "performanceConfig": {"latency": "optimized"}},
        {"outputConfig": output(json.dumps(SCHEMA), name="n", description="d")},
        {"outputConfig": output("no json")},
        {"outputConfig": {"new": {}}},
        {"promptVariables": {"a": {"text": "b"}}, "additionalModelResponseFieldPaths": ["/x"]},
    ],
)
def test_every_setting_comes_back(fields: dict[str, Any]) -> None:
    assert home_again(asked(**fields)) == asked(**fields)


def test_settings_are_what_the_hub_calls_them() -> None:
    config = {"maxTokens": 5, "temperature": 0.5, "topP": 0.9, "stopSequences": ["x"]}
    request = decoded(
        asked(
            inferenceConfig=config,
            serviceTier={"type": "priority"},
            requestMetadata={"a": "b"},
            outputConfig=output(json.dumps(SCHEMA), name="n"),
        )
    )
    assert (request.max_output, request.temperature, request.top_p, request.stop) == (5, 0.5, 0.9, ("x",))
    assert (request.service_tier, request.metadata) == ("priority", {"a": "b"})
    assert request.output is not None
    assert (request.output.schema, request.output.name) == (SCHEMA, "n")


def test_a_setting_of_the_wrong_type_is_refused_with_its_path() -> None:
    with pytest.raises(Refused) as refused:
        decoded(asked(inferenceConfig={"maxTokens": "many"}))
    assert refused.value.failure.param == "inferenceConfig.maxTokens"
