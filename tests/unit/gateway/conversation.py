"""What the gateway's tests talk about: two hosts, a local model, a key, and an exchange to lead."""

import json
from typing import Any

from counterpoint.canonical import EmbedResponse, Failure, StreamEvent
from counterpoint.dialects.registry import CHAT, EMBED
from counterpoint.directory import LOCAL_HOST, Directory, Host, Key, Offering, Price, PriceTier, Rules
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.directory.values import FREE
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import (
    Command,
    OpenEngine,
    OpenUpstream,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.names import Names
from counterpoint.ledger import Entry

OPENAI, ANTHROPIC, EMBEDDINGS = "openai-chat", "anthropic-messages", "openai-embeddings"
SECRET = "cp-test"
KEY = Key(id="k1", name="mine", project="p1", organisation="o1")
NARROW = Key(id="k2", name="narrow", project="p1", organisation="o1", models=("alpha/*",))
PRICE = Price(tiers=(PriceTier(input=2_000_000, output=8_000_000, cache_read=1_000_000),))
ALPHA = Host(
    "alpha",
    "https://alpha.example/v1",
    {OPENAI: "/chat/completions", EMBEDDINGS: "/embeddings"},
    (("authorization", "Bearer s"),),
)
BETA = Host("beta", "https://beta.example", {ANTHROPIC: "/v1/messages"}, (("x-api-key", "s"),))
GAMMA = Host("gamma", "https://gamma.example/v1", {OPENAI: "/chat/completions"})
DIRECTORY = Directory(
    revision=1,
    keys={digest_of(SECRET): KEY, digest_of("narrow"): NARROW},
    hosts={host.name: host for host in (ALPHA, BETA, GAMMA, Host(LOCAL_HOST))},
    offerings=(
        Offering("alpha", "gpt-x", "gpt-x", maker="maker-a", price=PRICE, capabilities=frozenset({"chat"})),
        Offering("alpha", "both-a", "both", price=PRICE),
        Offering("alpha", "vectors", "vectors", capabilities=frozenset({"embed"})),
        Offering("beta", "claude-x", "claude-x", maker="maker-b", price=PRICE, max_output=1000),
        Offering("gamma", "both-g", "both", price=PRICE),
        Offering(LOCAL_HOST, "tiny", "tiny", price=FREE, capabilities=frozenset({"chat"})),
        Offering(LOCAL_HOST, "e5", "e5", price=FREE, capabilities=frozenset({"embed"})),
    ),
    projects={"p1": Project("p1", "one")},
    rules=Rules(aliases=(("fast", "alpha/gpt-x"), ("claude-*", "tiny")), prefer=("alpha",)),
)
NAMES = Names(DIRECTORY)


def chat(model: str, **more: Any) -> bytes:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": "hi"}], **more}).encode()


def message(model: str, **more: Any) -> bytes:
    return chat(model, max_tokens=50, **more)


class Led:
    """An exchange, led by events that are told of the latest try unless another one is named."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.latest = 0

    @property
    def call(self) -> Call:
        return self.exchange.call

    @property
    def deadline(self) -> float | None:
        return self.exchange.deadline

    def note(self, commands: list[Command]) -> list[Command]:
        for command in commands:
            if isinstance(command, OpenUpstream | OpenEngine):
                self.latest = command.number
        return commands

    def _at(self, number: int | None) -> int:
        return self.latest if number is None else number

    def start(self, now: float) -> list[Command]:
        return self.note(self.exchange.start(now))

    def key_found(self, key: Key | None, now: float, names: Names = NAMES) -> list[Command]:
        return self.note(self.exchange.key_found(key, names, now))

    def timer(self, now: float) -> list[Command]:
        return self.note(self.exchange.timer(now))

    def client_gone(self, now: float) -> list[Command]:
        return self.exchange.client_gone(now)

    def client_ready(self, now: float) -> list[Command]:
        return self.exchange.client_ready(now)

    def upstream_head(
        self, status: int, headers: dict[str, str], now: float, number: int | None = None
    ) -> list[Command]:
        return self.note(self.exchange.upstream_head(self._at(number), status, headers, now))

    def upstream_data(self, data: bytes, now: float, number: int | None = None) -> list[Command]:
        return self.note(self.exchange.upstream_data(self._at(number), data, now))

    def upstream_end(self, now: float, number: int | None = None) -> list[Command]:
        return self.note(self.exchange.upstream_end(self._at(number), now))

    def upstream_lost(self, reason: str, now: float, number: int | None = None) -> list[Command]:
        return self.note(self.exchange.upstream_lost(self._at(number), reason, now))

    def engine_event(self, event: StreamEvent, now: float) -> list[Command]:
        return self.note(self.exchange.engine_event(self.latest, event, now))

    def engine_result(self, result: EmbedResponse | int, now: float) -> list[Command]:
        return self.note(self.exchange.engine_result(self.latest, result, now))

    def engine_done(self, now: float) -> list[Command]:
        return self.note(self.exchange.engine_done(self.latest, now))

    def engine_failed(self, failure: Failure, now: float) -> list[Command]:
        return self.note(self.exchange.engine_failed(self.latest, failure, now))


def lead(
    body: bytes,
    dialect: str = OPENAI,
    *,
    operation: str = "chat",
    secret: str | None = SECRET,
    headers: dict[bytes, bytes] | None = None,
    names: Names | None = None,
) -> Led:
    """An exchange that has not started."""
    sent = dict(headers or {})
    if secret is not None:
        sent[b"authorization"] = b"Bearer " + secret.encode()
    embed = EMBED.get(dialect)
    call = Call("id-1", 1_800_000_000_000_000, operation, CHAT.get(dialect, CHAT[OPENAI]), embed, sent, body)
    return Led(Exchange(call, names or NAMES, 0.0))


def opened(commands: list[Command]) -> OpenUpstream:
    (command,) = [item for item in commands if isinstance(item, OpenUpstream)]
    return command


def engine(commands: list[Command]) -> OpenEngine:
    (command,) = [item for item in commands if isinstance(item, OpenEngine)]
    return command


def entry_of(commands: list[Command]) -> Entry:
    (command,) = [item for item in commands if isinstance(item, Settle)]
    return command.entry


def answer_of(commands: list[Command]) -> tuple[int, dict[str, str], Any]:
    """Status, headers and JSON of a whole answer, which must come after its entry."""
    kinds = [type(item) for item in commands]
    assert kinds.index(Settle) < kinds.index(Respond)
    (command,) = [item for item in commands if isinstance(item, Respond)]
    headers = {name.decode(): value.decode() for name, value in command.headers}
    return command.status, headers, json.loads(command.body)


def streamed(commands: list[Command]) -> bytes:
    """The bytes of a stream that the client gets."""
    return b"".join(item.data for item in commands if isinstance(item, RespondBytes | RespondEnd))


def head_of(commands: list[Command]) -> dict[str, str]:
    (command,) = [item for item in commands if isinstance(item, RespondHead)]
    return {name.decode(): value.decode() for name, value in command.headers}


CHAT_ANSWER = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-x-2026",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
        ],
        "usage": {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "prompt_tokens_details": {"cached_tokens": 4},
        },
        "unknown_to_us": {"kept": [1.0, 2e0]},
    }
).encode()


def chunk(
    delta: dict[str, Any] | None, finish: str | None = None, usage: dict[str, int] | None = None
) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    if usage:
        body["usage"] = usage
    return b"data: " + json.dumps(body).encode() + b"\n\n"


CHAT_STREAM = (
    chunk({"role": "assistant", "content": ""}),
    chunk({"content": "Hel"}),
    chunk({"content": "lo"}),
    chunk({}, "stop"),
    chunk(None, usage={"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}),
    b"data: [DONE]\n\n",
)
