"""Messages of another dialect."""

import json
from typing import Any

from tests.unit.dialects.bedrock_converse.bodies import ANTHROPIC, CLAUDE, CONVERSE, NOVA, from_openai, user


def messages(*listed: Any) -> tuple[Any, list[str]]:
    body, losses = from_openai(messages=list(listed))
    return body, [loss.code for loss in losses]


def test_turns_alternate_and_the_system_stands_apart() -> None:
    body, codes = messages(
        {"role": "system", "content": "s"},
        {"role": "user", "content": "a"},
        {"role": "user", "content": "b"},
        {"role": "developer", "content": "d"},
    )
    assert body["system"] == [{"text": "s"}, {"text": "d"}]
    assert body["messages"] == [user({"text": "a"}, {"text": "b"})]
    assert codes == ["message.role", "system.position"]


def test_results_stand_in_the_users_turn() -> None:
    call = {"id": "c.1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
    body, codes = messages(
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c.1", "content": "r"},
    )
    use = body["messages"][1]["content"][0]["toolUse"]
    result = body["messages"][2]["content"][0]["toolResult"]
    assert use["toolUseId"] == result["toolUseId"] == "cpx_632e31"
    assert (use["input"], result["content"]) == ({"a": 1}, [{"text": "r"}])
    assert codes == []


def test_only_a_system_prompt_becomes_a_question() -> None:
    body, codes = messages({"role": "system", "content": "s"})
    assert body == {"messages": [user({"text": "s"})]}
    assert codes == ["message.role"]


def test_blanks_and_refusals_are_declared() -> None:
    body, codes = messages(
        {"role": "user", "content": [{"type": "text", "text": " "}, {"type": "text", "text": "a"}]},
        {"role": "assistant", "refusal": "no"},
    )
    assert body["messages"][1]["content"] == [{"text": "no"}]
    assert codes == ["text.blank", "refusal"]


THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "sig"}
SAID = {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral", "ttl": "1h"}}


def test_thinking_goes_back_to_the_maker_who_signed_it() -> None:
    request = ANTHROPIC.decode_request(
        json.dumps(
            {
                "model": "m",
                "max_tokens": 5,
                "messages": [
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": [THOUGHT, SAID]},
                ],
            }
        ).encode()
    )
    kept = CONVERSE.encode_request(request, CLAUDE, ANTHROPIC.name)
    blocks = json.loads(kept.body)["messages"][1]["content"]
    assert blocks[0] == {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}}
    assert blocks[2] == {"cachePoint": {"type": "default", "ttl": "1h"}}
    lost = CONVERSE.encode_request(request, NOVA, ANTHROPIC.name)
    assert [loss.code for loss in lost.losses] == ["reasoning.unsigned"]


def test_an_id_that_is_too_long_becomes_another_and_that_is_said() -> None:
    long = "resp_" + "a:" * 40
    call = {"id": long, "type": "function", "function": {"name": "f", "arguments": "{}"}}
    body, codes = messages(
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": long, "content": "r"},
    )
    use = body["messages"][1]["content"][0]["toolUse"]
    result = body["messages"][2]["content"][0]["toolResult"]
    assert use["toolUseId"] == result["toolUseId"]
    assert use["toolUseId"].startswith("call_")
    assert codes == ["tool_call.id", "tool_call.id"]
