"""A call that would lose something: refused before anything is sent, warned of, or let through; as rules and callers
say."""

import json
from typing import Any

import msgspec
import pytest

from counterpoint.directory.losspolicy import LossRule, parse
from counterpoint.gateway.commands import Command, OpenUpstream, Respond
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.names import Names
from tests.unit.gateway.conversation import (
    ANTHROPIC,
    CHAT_ANSWER,
    DIRECTORY,
    OPENAI,
    Led,
    answer_of,
    chat,
    entry_of,
    lead,
    message,
    opened,
)

LOSSY = message("gpt-x", top_k=5)


def asked(policy: str | None = None, *, rules: tuple[LossRule, ...] = (), body: bytes = LOSSY) -> Led:
    headers = {} if policy is None else {b"x-counterpoint-losses": policy.encode("latin-1")}
    exchange = lead(body, ANTHROPIC, headers=headers)
    directory = msgspec.structs.replace(
        DIRECTORY, rules=msgspec.structs.replace(DIRECTORY.rules, losses=rules)
    )
    return Led(Exchange(exchange.call, Names(directory), 0.0))


def sent(commands: list[Command]) -> bool:
    return any(isinstance(item, OpenUpstream) for item in commands)


def rule(pattern: str, policy: str) -> LossRule:
    return LossRule(pattern, parse(policy))


def test_a_caller_may_forbid_losses() -> None:
    commands = asked("refuse").start(1.0)
    assert not sent(commands)
    status, headers, body = answer_of(commands)
    assert (status, body["type"]) == (400, "error")
    assert "top_k (top_k)" in body["error"]["message"]
    assert "top_k;degraded" in headers["x-counterpoint-losses"]
    entry = entry_of(commands)
    assert entry.cost == 0
    assert entry.failure == "bad_request"
    assert [loss.code for loss in entry.losses] == ["top_k"]


@pytest.mark.parametrize(
    "policy", [None, "allow", "warn", "refuse; severity=meaning", "refuse; codes=tool.*"]
)
def test_what_is_not_forbidden_is_sent(policy: str | None) -> None:
    assert sent(asked(policy).start(1.0))


def test_what_loses_nothing_is_sent_whatever_is_forbidden() -> None:
    strict = "refuse; severity=cosmetic"
    assert sent(lead(chat("gpt-x"), headers={b"x-counterpoint-losses": strict.encode()}).start(1.0))


@pytest.mark.parametrize(
    ("rules", "passes"),
    [
        ((rule("gpt-*", "refuse"),), False),
        ((rule("alpha/*", "refuse"),), False),
        ((rule("beta/*", "refuse"),), True),
        ((rule("gpt-x", "allow"), rule("*", "refuse")), True),
    ],
)
def test_the_rule_that_fits_the_model_counts(rules: tuple[LossRule, ...], passes: bool) -> None:
    assert sent(asked(rules=rules).start(1.0)) is passes


def test_a_caller_cannot_allow_what_a_rule_refuses() -> None:
    assert not sent(asked("allow", rules=(rule("*", "refuse"),)).start(1.0))


def test_warnings_are_in_a_header_of_their_own() -> None:
    exchange = asked("warn; codes=top_k", body=message("gpt-x", top_k=5, mcp_servers=[{"type": "url"}]))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_ANSWER, 1.2)
    status, headers, _ = answer_of(exchange.upstream_end(1.3))
    assert (status, headers["x-counterpoint-loss-warning"]) == (200, "top_k;degraded;top_k")
    assert "mcp_servers" in headers["x-counterpoint-losses"]


@pytest.mark.parametrize("policy", ["perhaps", "refuse; severity=big", "é", ""])
def test_a_policy_that_cannot_be_read_is_refused(policy: str) -> None:
    for body in (LOSSY, message("gpt-x")):
        commands = asked(policy, body=body).start(1.0)
        assert not sent(commands)
        assert answer_of(commands)[0] == 400


def test_another_offering_that_loses_nothing_is_taken_instead() -> None:
    hosts = dict(DIRECTORY.hosts)
    hosts["gamma"] = msgspec.structs.replace(hosts["gamma"], dialects={ANTHROPIC: "/v1/messages"})
    directory = msgspec.structs.replace(DIRECTORY, hosts=hosts)
    headers = {b"x-counterpoint-losses": b"refuse"}
    exchange = lead(message("both", top_k=5), ANTHROPIC, headers=headers, names=Names(directory))
    command = opened(exchange.start(1.0))
    assert command.host.name == "gamma"


def answered(exchange: Led, answer: dict[str, Any]) -> list[Command]:
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(json.dumps(answer).encode(), 1.2)
    return exchange.upstream_end(1.3)


def test_a_whole_answer_that_loses_something_is_withheld_and_charged() -> None:
    answer = json.loads(CHAT_ANSWER)
    answer["choices"][0]["logprobs"] = {"content": [{"token": "Hello", "logprob": -0.1, "top_logprobs": []}]}
    commands = answered(asked("refuse; codes=logprobs", body=message("gpt-x")), answer)
    (respond,) = [item for item in commands if isinstance(item, Respond)]
    assert respond.status == 400
    assert b"logprobs" in respond.body
    entry = entry_of(commands)
    assert entry.cost is not None
    assert entry.cost > 0
    assert answered(asked("refuse; codes=stop", body=message("gpt-x")), answer)


def test_an_estimate_of_tokens_is_a_loss() -> None:
    headers = {b"x-counterpoint-losses": b"refuse"}
    exchange = lead(message("beta/claude-x"), ANTHROPIC, operation="count_tokens", headers=headers)
    exchange.start(1.0)
    exchange.upstream_head(404, {}, 1.1)
    exchange.upstream_data(b'{"detail": "Not Found"}', 1.1)
    assert answer_of(exchange.upstream_end(1.2))[0] == 400
    assert OPENAI in DIRECTORY.hosts["alpha"].dialects
