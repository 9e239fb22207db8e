"""Cascades as conversations: a small model answers, the answer is checked, and a larger one is asked where it is not
good enough."""

import json
from typing import Any

import msgspec

from counterpoint.canonical import (
    Finish,
    FinishEvent,
    PartDelta,
    PartStart,
    StartEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.directory.routes import Check, Route, Target
from counterpoint.gateway.commands import Cancel, Command, OpenUpstream, Respond, RespondHead, Settle
from counterpoint.gateway.names import Names
from tests.unit.gateway.conversation import (
    ANTHROPIC,
    CHAT_ANSWER,
    DIRECTORY,
    Led,
    answer_of,
    chat,
    engine,
    head_of,
    lead,
    message,
    opened,
    streamed,
)

OBJECT = json.dumps({"type": "object", "required": ["a"]})
ROUTES = (
    Route(
        "second",
        "cascade",
        targets=(Target("gpt-x", check=Check("agreement", 1.0, 2, judge="alpha/both-a")), Target("claude-x")),
    ),
    Route(
        "formed",
        "cascade",
        targets=(Target("gpt-x", check=Check("schema", schema_=OBJECT)), Target("claude-x")),
    ),
    Route("sure", "cascade", targets=(Target("gpt-x", check=Check("confidence", 0.8)), Target("claude-x"))),
    Route("agreed", "cascade", targets=(Target("gpt-x", check=Check("agreement", 0.6)), Target("claude-x"))),
    Route(
        "judged",
        "cascade",
        targets=(Target("gpt-x", check=Check("judge", 0.7, judge="alpha/both-a")), Target("claude-x")),
    ),
    Route(
        "own", "cascade", targets=(Target("tiny", check=Check("schema", schema_=OBJECT)), Target("claude-x"))
    ),
)
NAMES = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES))


def said(text: str, **more: Any) -> bytes:
    answer = json.loads(CHAT_ANSWER)
    answer["choices"][0]["message"]["content"] = text
    answer["choices"][0] |= more
    return json.dumps(answer).encode()


def answered(led: Led, body: bytes, now: float, number: int | None = None) -> list[Command]:
    led.upstream_head(200, {}, now, number)
    at = led.latest if number is None else number
    assert led.upstream_data(body, now, at) == []
    return led.upstream_end(now, at)


def purposes(commands: list[Command]) -> list[str]:
    return [item.entry.purpose for item in commands if isinstance(item, Settle)]


def test_an_answer_that_obeys_is_the_callers() -> None:
    led = lead(chat("formed"), names=NAMES)
    led.start(1.0)
    commands = answered(led, said('{"a": 1}'), 2.0)
    _, headers, body = answer_of(commands)
    assert body["choices"][0]["message"]["content"] == '{"a": 1}'
    assert body["unknown_to_us"] == {"kept": [1.0, 2.0]}
    assert (headers["x-counterpoint-route"], headers["x-counterpoint-offering"]) == ("formed", "alpha/gpt-x")
    assert purposes(commands) == [""]


def test_one_that_does_not_is_paid_for_apart_and_the_next_one_streams_straight_through() -> None:
    led = lead(message("formed", stream=True), ANTHROPIC, names=NAMES)
    assert not json.loads(opened(led.start(1.0)).body).get("stream")
    commands = answered(led, said("no object"), 2.0)
    assert purposes(commands) == ["escalated"]
    (escalated,) = [item.entry for item in commands if isinstance(item, Settle)]
    assert (escalated.usage.output, escalated.parent, escalated.offering) == (5, "id-1", "alpha/gpt-x")
    assert json.loads(opened(commands).body)["stream"] is True
    assert opened(commands).host.name == "beta"
    led.upstream_head(200, {}, 2.1)
    first = led.upstream_data(
        b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",'
        b'"model":"c","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\n'
        b'event: content_block_start\ndata: {"type":"content_block_start","index":0,'
        b'"content_block":{"type":"text","text":""}}\n\n',
        2.2,
    )
    assert head_of(first)["x-counterpoint-attempts"] == "2"
    gone = led.client_gone(2.3)
    (entry,) = [item.entry for item in gone if isinstance(item, Settle)]
    assert [(each.offering, each.reason) for each in entry.attempts] == [
        ("alpha/gpt-x", "escalated"),
        ("beta/claude-x", ""),
    ]


def test_an_accepted_answer_comes_as_events_where_the_caller_wants_them() -> None:
    led = lead(message("formed", stream=True), ANTHROPIC, names=NAMES)
    led.start(1.0)
    commands = answered(led, said('{"a": 1}'), 2.0)
    kinds = [type(item) for item in commands]
    assert kinds.index(Settle) < kinds.index(RespondHead)
    told = streamed(commands).decode()
    assert '{\\"a\\": 1}' in told
    assert told.rstrip().endswith('"message_stop"}')


def test_logprobs_are_asked_for_and_kept_from_who_did_not_ask() -> None:
    content = [{"token": "Hi", "logprob": -0.01, "bytes": None, "top_logprobs": []}]
    led = lead(chat("sure"), names=NAMES)
    assert json.loads(opened(led.start(1.0)).body)["logprobs"] is True
    _, _, body = answer_of(answered(led, said("Hi", logprobs={"content": content}), 2.0))
    assert not body["choices"][0].get("logprobs")

    led = lead(chat("sure"), names=NAMES)
    led.start(1.0)
    commands = answered(led, said("Hi"), 2.0)  # the host told none: nothing is taken on trust
    assert (purposes(commands), opened(commands).host.name) == (["escalated"], "beta")


def test_samples_are_asked_for_at_once_and_each_is_paid_for() -> None:
    led = lead(chat("agreed", temperature=0), names=NAMES)
    led.start(1.0)
    commands = answered(led, said("four"), 2.0)
    (sample,) = [item for item in commands if isinstance(item, OpenUpstream)]
    assert json.loads(sample.body)["temperature"] > 0
    commands = answered(led, said("five"), 3.0)
    assert purposes(commands) == ["sample"]
    commands = answered(led, said("four"), 4.0)
    assert purposes(commands) == ["sample", ""]
    assert answer_of(commands[1:])[2]["choices"][0]["message"]["content"] == "four"


def test_a_sample_that_fails_counts_as_one_that_disagrees() -> None:
    led = lead(chat("agreed"), names=NAMES)
    led.start(1.0)
    answered(led, said("four"), 2.0)
    led.upstream_lost("reset", 2.5)
    commands = led.upstream_lost("reset", 2.6)
    assert (purposes(commands), opened(commands).host.name) == (["escalated"], "beta")


def test_a_judge_decides_and_one_that_cannot_be_had_decides_against() -> None:
    for score, accepted in (('{"score": 9}', True), ('{"score": 3}', False), ("well", False)):
        led = lead(chat("judged"), names=NAMES)
        led.start(1.0)
        question = opened(answered(led, said("four"), 2.0))
        assert "four" in question.body.decode()
        commands = answered(led, said(score), 3.0)
        assert purposes(commands)[0] == "judge"
        assert any(isinstance(item, Respond) for item in commands) is accepted
    led = lead(chat("judged"), names=NAMES)
    led.start(1.0)
    answered(led, said("four"), 2.0)
    assert opened(led.upstream_lost("reset", 3.0)).host.name == "beta"


def test_a_small_model_of_ones_own_is_checked_too() -> None:
    led = lead(chat("own", stream=True), names=NAMES)
    assert engine(led.start(1.0)).model == "tiny"
    for event in (
        StartEvent(id="e", model="tiny"),
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "nothing"),
        FinishEvent(0, Finish("stop")),
        UsageEvent(Usage(input=3, output=2)),
    ):
        assert led.engine_event(event, 1.5) == []
    commands = led.engine_done(2.0)
    assert (purposes(commands), opened(commands).host.name) == (["escalated"], "beta")


def test_who_leaves_while_samples_are_made_leaves_none_open() -> None:
    led = lead(chat("agreed"), names=NAMES)
    led.start(1.0)
    answered(led, said("four"), 2.0)
    commands = led.client_gone(3.0)
    assert [item.number for item in commands if isinstance(item, Cancel)] == [1]
    assert purposes(commands) == ["sample", ""]
    own = [item.entry for item in commands if isinstance(item, Settle)][-1]
    assert (own.status, own.usage.output, own.usage.reported) == (499, 5, True)


def test_a_second_opinion_may_be_another_models() -> None:
    led = lead(chat("second"), names=NAMES)
    led.start(1.0)
    assert b"both-a" in opened(answered(led, said("four"), 2.0)).body
    assert answer_of(answered(led, said("four"), 3.0)[1:])[0] == 200
