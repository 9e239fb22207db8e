"""The beginning of an exchange: its plan, and that its limits allow it."""

import msgspec

from counterpoint.canonical import Loss
from counterpoint.directory import Key
from counterpoint.directory.routes import Check, Constraints, Project, Route, Target
from counterpoint.gateway.admission import _nearest_to_its_past, upstream_dialects
from counterpoint.gateway.commands import Command, Release, Reserve, Respond, Settle
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.plan import Plan, Step
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Limit, Part
from tests.unit.gateway.conversation import (
    ANTHROPIC,
    CHAT_ANSWER,
    DIRECTORY,
    KEY,
    OPENAI,
    Led,
    answer_of,
    chat,
    engine,
    entry_of,
    lead,
    message,
    opened,
)

BUDGET = Limit("b", "project", KEY.project, "money", 1_000_000)
DOWN = msgspec.structs.replace(BUDGET, on_hit="downgrade", route="cheap")
ROUTES = (
    Route("cheap", targets=(Target("tiny"),)),
    Route(
        "steps", "cascade", targets=(Target("gpt-x", check=Check("agreement", samples=3)), Target("claude-x"))
    ),
    Route("either", targets=(Target("gpt-x"), Target("claude-x"))),
)
NAMES = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES, limits=(BUDGET,)))
HOLD = Hold((Part(BUDGET, "lease", 0, 500),))


def begin(model: str) -> tuple[Led, Reserve]:
    led = lead(chat(model, max_tokens=100), names=NAMES)
    (command,) = led.start(1.0)
    assert isinstance(command, Reserve)
    return led, command


def reserved(led: Led, answer: Hold | Denied) -> list[Command]:
    return led.note(led.exchange.reserved(answer, 1.1))


def test_what_a_call_may_come_to_is_held_before_anybody_is_asked_and_settled_with_its_entry() -> None:
    led, command = begin("gpt-x")
    wanted = command.wanted
    assert (wanted.project, wanted.key, wanted.offerings) == ("p1", "k1", ("alpha/gpt-x",))
    assert opened(reserved(led, HOLD)).host.name == "alpha"
    led.upstream_head(200, {}, 1.2)
    led.upstream_data(CHAT_ANSWER, 1.2)
    commands = led.upstream_end(1.3)
    (settle,) = [item for item in commands if isinstance(item, Settle)]
    assert (settle.hold, settle.taken) == (HOLD, (56,))  # micro-units: $0.000056
    assert [(charge.limit, charge.amount) for charge in settle.entry.charges] == [("b", 56)]


def test_the_dearest_is_held_where_one_answers_and_the_sum_where_several_are_paid() -> None:
    one, either, steps = (begin(model)[1].wanted.money or 0 for model in ("gpt-x", "either", "steps"))
    assert one <= either < 2 * one
    assert steps >= 4 * one  # the answer, two more samples, the large model


def test_what_does_not_fit_is_refused_and_nothing_is_asked() -> None:
    led, _ = begin("gpt-x")
    status, _, body = answer_of(reserved(led, Denied(BUDGET, "spent")))
    assert (status, body["error"]["code"]) == (429, "budget_exceeded")


def test_or_it_goes_a_cheaper_way_once() -> None:
    led, _ = begin("gpt-x")
    (again,) = reserved(led, Denied(DOWN, "spent"))
    assert isinstance(again, Reserve)
    assert again.wanted.offerings == ("local/tiny",)
    assert engine(reserved(led, Hold())).model == "tiny"
    led, _ = begin("gpt-x")
    reserved(led, Denied(DOWN, "spent"))
    commands = reserved(led, Denied(DOWN, "spent"))
    assert answer_of(commands)[0] == 429
    entry: Entry = entry_of(commands)
    assert entry.route == "cheap"


def test_who_has_left_meanwhile_holds_nothing() -> None:
    led, _ = begin("gpt-x")
    assert [type(item) for item in led.client_gone(1.1)] == [Settle]
    assert reserved(led, HOLD) == [Release(HOLD)]
    assert not any(isinstance(item, Respond) for item in reserved(led, Denied(BUDGET, "spent")))


class Past:
    """What a call goes on: kept at `beta`'s host, with thinking sealed that the others cannot read."""

    body = b"as it came"

    def body_for(self, host: str | None) -> tuple[bytes, tuple[Loss, ...]]:
        return (
            (self.body, ()) if host == "gamma" else (b"all of it", (Loss("sealed", "input[1]", "meaning"),))
        )


def test_a_call_goes_on_where_its_past_is_kept() -> None:
    candidates = NAMES.resolve("both", "chat", (OPENAI,)).candidates
    other = NAMES.resolve("claude-x", "chat", (OPENAI, "anthropic-messages")).candidates
    plan = Plan(tuple(map(Step, (*other, *candidates))))
    nearest = _nearest_to_its_past(plan, Past(), OPENAI)  # type: ignore[arg-type]
    assert [step.candidate.host.name for step in nearest.steps] == ["gamma", "beta", "alpha"]


def test_a_caller_is_served_in_his_own_dialect_first() -> None:
    assert upstream_dialects("chat", OPENAI)[0] == OPENAI
    assert upstream_dialects("moderate", "openai-moderations") == ("openai-moderations",)


def test_what_binds_a_key_newer_than_the_directory_binds_its_first_call() -> None:
    new = Key(id="k9", name="new", project="p9", organisation="o1")
    confined = Project("p9", "nine", constraints=Constraints(makers=("maker-b",)))
    limit = Limit("l", "project", "p9", "money", 10_000_000)
    by_now = Names(msgspec.structs.replace(DIRECTORY, projects={"p9": confined}, limits=(limit,)))
    led = lead(chat("gpt-x"), secret="brand-new-key")
    led.start(1.0)
    assert "maker-a" in answer_of(led.key_found(new, 1.1, by_now))[2]["error"]["message"]
    led = lead(message("claude-x"), ANTHROPIC, secret="brand-new-key")
    led.start(1.0)
    (command,) = led.key_found(new, 1.1, by_now)
    assert isinstance(command, Reserve)
    led = lead(chat("gpt-x"), secret="brand-new-key")
    led.start(1.0)
    assert answer_of(led.key_found(new, 1.1))[0] == 503
