"""Settings of another dialect: taken over, changed or left out, and said."""

from typing import Any

import pytest

from counterpoint.canonical import OutputFormat
from counterpoint.dialects.base import Target
from tests.unit.dialects.anthropic_messages.adapting.asking import ADAPTIVE, asked, become

OLD = Target("claude-3-5-haiku-latest")
SCHEMA = {"type": "object", "properties": {}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("fields", "losses"),
    [
        ({"n": 2}, {"n": "n"}),
        ({"n": 1}, {}),
        ({"seed": 0}, {"seed": "seed"}),
        ({"logprobs": True, "top_logprobs": 2}, {"logprobs": "logprobs", "top_logprobs": "logprobs"}),
        ({"logprobs": False}, {}),
        ({"frequency_penalty": 0.5, "presence_penalty": 0.0}, {"frequency_penalty": "frequency_penalty"}),
        ({"presence_penalty": 1}, {"presence_penalty": "presence_penalty"}),
        ({"metadata": {"a": "b"}}, {"metadata": "metadata"}),
        ({"extensions": {"openai-chat": {"logit_bias": {}, "store": True}}},
         {"logit_bias": "field.logit_bias", "store": "field.store"}),
        ({"stop": ("\n", "END")}, {"stop[0]": "stop.blank"}),
        ({"service_tier": "auto"}, {}),
        ({"service_tier": "default"}, {"service_tier": "service_tier"}),
        ({"service_tier": "flex"}, {"service_tier": "service_tier"}),
        ({"temperature": 1.5}, {"temperature": "temperature.range"}),
        ({"temperature": 0.5, "top_p": 0.9}, {"top_p": "top_p.with_temperature"}),
        ({"top_p": 0.9, "top_k": 3}, {}),
        ({"user": "u", "max_output": 9, "stream": True}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_each_loss_is_declared(fields: dict[str, Any], losses: dict[str, str]) -> None:
    assert become(asked(**fields))[1] == losses


def test_nothing_stays_that_has_no_place() -> None:
    after, _ = become(
        asked(n=2, seed=1, logprobs=True, frequency_penalty=1.0, metadata={}, service_tier="flex")
    )
    assert (after.n, after.seed, after.logprobs, after.frequency_penalty) == (None, None, None, None)
    assert (after.metadata, after.service_tier) == (None, None)


def test_the_demanded_limit() -> None:
    assert become(asked())[0].max_output == 4096
    assert become(asked(max_output=7))[0].max_output == 7


def test_a_model_without_sampling_parameters_gets_none() -> None:
    after, losses = become(asked(temperature=0.1, top_p=0.5, top_k=1), ADAPTIVE)
    assert (after.temperature, after.top_p, after.top_k) == (None, None, None)
    assert set(losses) == {"temperature", "top_p", "top_k"}


def test_a_schema_is_obeyed_where_the_model_can() -> None:
    output = OutputFormat("json_schema", SCHEMA, "n", "d", strict=False)
    after, losses = become(asked(output=output))
    assert after.output == OutputFormat("json_schema", SCHEMA)
    assert set(losses.values()) == {"output.name", "output.description", "output.strict"}
    after, losses = become(asked(output=output), OLD)
    assert after.output is None
    assert list(losses.values()) == ["output.json_schema"]


def test_what_a_schema_cannot_rule_is_declared() -> None:
    after, losses = become(asked(output=OutputFormat("json_schema", {"type": "object", "maxProperties": 3})))
    assert after.output is not None
    assert after.output.schema is not None
    assert after.output.schema["additionalProperties"] is False
    assert list(losses.values()) == ["output.schema"]


def test_json_without_a_schema_is_not_promised() -> None:
    after, losses = become(asked(output=OutputFormat("json")))
    assert after.output is None
    assert list(losses.values()) == ["output.json"]
    assert become(asked(output=OutputFormat("text"))) == become(asked())
