"""Losses point into what the caller wrote."""

from counterpoint.canonical import ChatRequest, Loss, Opaque, OutputFormat, ToolCall
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.gemini_generate.parts import arguments_object
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.anthropic_messages.adapting.asking import asked, said


def test_paths_are_the_callers() -> None:
    losing = Losing(asked(said("system", "s"), said("user", "a", "b"), max_output=5), "openai-chat", NAME)
    losing.lose("x", "max_output", "cosmetic", "why")
    losing.fields(
        {"openai-chat": {"cache_control": {}, "~how": 1, "null": None}, NAME: {"own": 1}},
        "messages[1].parts[1]",
    )
    losing.fields({"openai-chat": {"store": True}}, "")
    assert losing.losses == [
        Loss("x", "max_completion_tokens", "cosmetic", "why"),
        Loss(
            "field.cache_control",
            "messages[1].content[1].cache_control",
            "degraded",
            "the target has no such field",
        ),
        Loss("field.store", "store", "cosmetic", "the target has no such field"),
    ]


def test_what_many_targets_lose_alike() -> None:
    losing = Losing(ChatRequest("m"), "other", "mine")
    losing.unplaced(Opaque("other", "search", {}), "p", "user")
    losing.labels(OutputFormat("json_schema", {}, "n", "d", strict=False))
    assert (
        losing.call(ToolCall("1", "f", "x", kind="custom"), "p", arguments_object).arguments
        == '{"input":"x"}'
    )
    assert losing.call(ToolCall("1", "f", "[]"), "p", arguments_object).arguments == "[]"
    assert [loss.code for loss in losing.losses] == [
        *("part.search", "output.name", "output.description", "output.strict"),
        *("tool_call.custom", "tool_call.arguments"),
    ]


def test_a_field_of_a_wrapped_request_is_declared_within() -> None:
    body = b'{"input":{"converse":{"messages":[],"additionalModelRequestFields":{"anthropic_beta":["b"]}}}}'
    request = CHAT["bedrock-converse"].decode_request(body)
    losing = Losing(request, "bedrock-converse", "mine")
    losing.fields(request.extensions, "")
    assert [loss.path for loss in losing.losses] == [
        "input.converse.additionalModelRequestFields.anthropic_beta"
    ]
