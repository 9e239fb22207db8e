"""Exchanges in any order of events, of however many tries: whatever happens is settled once and answered once, every
try that may have to be paid leaves an entry, and none is left open."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.directory.routes import Check, Retrying, Route, Target, Timeouts
from counterpoint.gateway.commands import (
    Cancel,
    Command,
    OpenEngine,
    OpenUpstream,
    Release,
    Reserve,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
    Shadow,
)
from counterpoint.gateway.names import Names
from counterpoint.limits import Hold, Limit
from tests.unit.gateway.conversation import (
    ANTHROPIC,
    CHAT_ANSWER,
    CHAT_STREAM,
    DIRECTORY,
    KEY,
    OPENAI,
    Led,
    chat,
    lead,
    message,
)

TARGETS = (Target("both"), Target("gpt-x"), Target("claude-x"))
ROUTES = (
    Route("plain", targets=TARGETS, retrying=Retrying(attempts=3)),
    Route("hedged", targets=TARGETS, hedge_after=2.0, timeouts=Timeouts(total=500.0)),
    Route(
        "steps",
        "cascade",
        targets=(
            Target("gpt-x", check=Check("schema", schema_='{"type": "object"}')),
            Target("both", check=Check("judge", judge="alpha/gpt-x")),
            Target("claude-x"),
        ),
    ),
    Route("agreed", "cascade", targets=(Target("gpt-x", check=Check("agreement", 0.6)), Target("claude-x"))),
    Route("shadowed", targets=TARGETS, shadows=("tiny",), fallbacks=("tiny",)),
)
LIMIT = Limit("l", "project", KEY.project, "money", 1_000_000_000)
NAMES = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES))
LIMITED = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES, limits=(LIMIT,)))
OBJECT = CHAT_ANSWER.replace(b'"Hello"', b'"{}"')
ERROR = json.dumps({"error": {"message": "no", "type": "x"}}).encode()

STEPS: dict[str, Any] = {
    "head": lambda led, at, now: led.upstream_head(200, {}, now, at),
    "error": lambda led, at, now: led.upstream_head(500, {}, now, at),
    "busy": lambda led, at, now: led.upstream_head(429, {"retry-after": "2"}, now, at),
    "wrong": lambda led, at, now: led.upstream_head(400, {}, now, at),
    "words": lambda led, at, now: led.upstream_data(CHAT_STREAM[1], now, at),
    "stream": lambda led, at, now: led.upstream_data(b"".join(CHAT_STREAM), now, at),
    "garbage": lambda led, at, now: led.upstream_data(b"data: {gar", now, at),
    "answer": lambda led, at, now: led.upstream_data(CHAT_ANSWER, now, at),
    "object": lambda led, at, now: led.upstream_data(OBJECT, now, at),
    "refusal": lambda led, at, now: led.upstream_data(ERROR, now, at),
    "end": lambda led, at, now: led.upstream_end(now, at),
    "lost": lambda led, at, now: led.upstream_lost("reset", now, at),
    "soon": lambda led, at, now: led.timer(now),
    "late": lambda led, at, now: led.timer(now + 10_000),
    "ready": lambda led, at, now: led.client_ready(now),
    "gone": lambda led, at, now: led.client_gone(now),
}
"""What may come of a try, or of the clock, or of the client."""

WHOLES = {
    "answered": ("head", "answer", "end"),
    "obliged": ("head", "object", "end"),
    "streamed": ("head", "stream", "end"),
    "failed": ("error", "refusal", "end"),
}
"""What mostly comes, in one go."""
WORDS = st.tuples(st.sampled_from(sorted([*STEPS, *WHOLES, *WHOLES])), st.integers(0, 3))


class World:
    """Does what a driver does, and keeps the books."""

    def __init__(self, led: Led) -> None:
        self.led = led
        self.commands: list[Command] = []
        self.open: list[int] = []
        self.over = False

    def take(self, commands: list[Command]) -> None:
        for command in commands:
            assert not self.over, "something after the end"
            self.commands.append(command)
            match command:
                case OpenUpstream(number=number) | OpenEngine(number=number):
                    assert number not in self.open
                    self.open.append(number)
                case Cancel(number):
                    if number in self.open:
                        self.open.remove(number)
                case Respond() | RespondEnd():
                    self.over = True
                case Reserve():
                    self.take(self.led.note(self.led.exchange.reserved(Hold(), 0.0)))

    def step(self, word: str, pick: int, now: float) -> bool:
        """Whether there is more to come: a driver lets go of an exchange that has answered."""
        at = self.open[pick % len(self.open)] if self.open else 0
        for part in WHOLES.get(word, (word,)):
            if word in WHOLES and at not in self.open:
                break
            if not self._step(part, at, now):
                return False
        return True

    def _step(self, word: str, at: int, now: float) -> bool:
        needs_try = word not in ("soon", "late", "ready", "gone")
        if needs_try and not self.open:
            return True
        if word in ("end", "lost"):
            self.open.remove(at)
        self.take(STEPS[word](self.led, at, now))
        return word != "gone" and not self.over


@given(
    st.sampled_from([(OPENAI, chat), (ANTHROPIC, message)]),
    st.sampled_from(["both", "plain", "hedged", "steps", "agreed", "shadowed"]),
    st.booleans(),
    st.booleans(),
    st.lists(WORDS, max_size=25),
)
def test_whatever_happens_is_settled_once_and_answered_once(
    speaker: tuple[str, Any], model: str, stream: bool, limited: bool, steps: list[tuple[str, int]]
) -> None:
    dialect, body = speaker
    world = World(lead(body(model, stream=stream), dialect, names=LIMITED if limited else NAMES))
    world.take(world.led.start(0.0))
    gone = False
    for number, (word, pick) in enumerate(steps):
        if not world.step(word, pick, float(number)):
            gone = word == "gone"
            break
    check(world, gone=gone, limited=limited)


def check(world: World, *, gone: bool, limited: bool) -> None:
    commands, kinds = world.commands, [type(item) for item in world.commands]
    settled = [item for item in commands if isinstance(item, Settle)]
    own = [item for item in settled if not item.entry.purpose]
    assert len(own) <= 1
    assert kinds.count(RespondHead) <= 1
    assert kinds.count(Respond) + kinds.count(RespondEnd) <= 1
    assert len({item.entry.id for item in settled}) == len(settled)
    for item in settled:
        assert not item.entry.purpose or (item.entry.parent == "id-1" and item.hold is None)
    if world.over or gone:
        # Exactly one entry of its own, before the last byte, and nothing is left open that is not ended by the end.
        assert len(own) == 1
        assert gone or commands.index(own[0]) < len(commands) - 1
        assert (own[0].hold is not None) is limited
        accounted = {each.offering for item in settled for each in item.entry.attempts}
        hosts = {command.host.name for command in commands if isinstance(command, OpenUpstream)}
        assert hosts <= {name.partition("/")[0] for name in accounted}
    elif not own:
        assert world.open or world.led.deadline is not None, "nobody is asked and nothing is waited for"
    if gone:
        assert not world.open
    if Respond in kinds:
        assert RespondHead not in kinds
    if RespondBytes in kinds:
        assert kinds.index(RespondHead) < kinds.index(RespondBytes)
    assert Release not in kinds
    assert kinds.count(Shadow) <= 1


@given(st.lists(WORDS, max_size=25), st.booleans())
def test_every_answer_that_was_paid_for_has_an_entry(steps: list[tuple[str, int]], stream: bool) -> None:
    """Of each host that told its usage, the ledger has that usage, whoever answered in the end."""
    world = World(lead(chat("agreed", stream=stream), names=NAMES))
    world.take(world.led.start(0.0))
    whole = 0
    told: dict[int, str] = {}
    gone = False
    for number, (word, pick) in enumerate(steps):
        at = world.open[pick % len(world.open)] if world.open else None
        if at is not None and word in (
            "head",
            "error",
            "busy",
            "wrong",
            "words",
            "garbage",
            "answer",
            "object",
        ):
            told[at] = told.get(at, "") + word + " "
        ended = at is not None and word == "end" and told.get(at, "") in ("head answer ", "head object ")
        whole += ended
        if not world.step(word, pick, float(number)):
            gone = word == "gone"
            break
    entries = [item.entry for item in world.commands if isinstance(item, Settle)]
    paid = [entry for entry in entries if entry.usage.reported and entry.usage.output == 5]
    if world.over or gone:
        assert len(paid) >= whole
