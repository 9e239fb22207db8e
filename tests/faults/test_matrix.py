"""Every fault of a host, for every caller and host dialect, streamed or not, with and without somebody else to ask.

Real worker processes and real sockets on both sides. Whatever happens, the caller gets a right answer, or a right error
in his own dialect, in time; the ledger has one entry for it, which tells of every attempt.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

import pytest

from counterpoint.directory import Directory, Host, Offering, Price, PriceTier, Rules
from counterpoint.directory.routes import Retrying, Route, Target
from counterpoint.ledger import Entry
from tests.staging.answers import Answer
from tests.staging.faulty import SCRIPTS
from tests.staging.hosts import deaf_port
from tests.staging.tongues import CHAT, GEMINI, HOST_PATHS, RESPONSES, TEXT, TONGUES, Tongue
from tests.staging.words import PATIENCE
from tests.staging.yard import KEYS, PROJECTS, Yard

Ending = Literal["answer", "broken"] | int
"""What the caller gets: a good answer, the beginning of one that ends as his dialect tells a failure, or an error of
that status."""
SILENCE = 0.3
"""Seconds that a host may be silent."""
TOGETHER = 16
"""Calls at a time."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a call to a host with a fault: `whole` and `streamed` if nobody else can be asked.
    `elsewhere`: whether somebody else is, if there is one. `attempt`: what the ledger says of it."""

    whole: Ending
    streamed: Ending
    elsewhere: bool = True
    attempt: str | None = None


def fails(status: int = 502, attempt: str = "upstream_error") -> Fate:
    """Whichever way it is asked."""
    return Fate(status, status, attempt=attempt)


FATES: dict[str, Fate] = {
    "good": Fate("answer", "answer", elsewhere=False),
    "refuses": fails(),
    "lets-nobody-in": fails(),
    "never-shakes-hands": fails(),
    "hangs-up": fails(),
    "resets": fails(),
    "resets-in-head": fails(),
    "resets-after-head": fails(),
    "resets-in-answer": Fate(502, "broken", attempt="upstream_error"),
    "429": fails(429, "rate_limited"),
    "429-again-soon": fails(429, "rate_limited"),
    "429-again-late": fails(429, "rate_limited"),
    "500": fails(500),
    "503": fails(503, "unavailable"),
    "529": fails(529, "overloaded"),
    "400": Fate(400, 400, elsewhere=False, attempt="bad_request"),
    "401": fails(),
    "403": fails(),
    "404": fails(404, "not_found"),
    "redirects": fails(),
    "stalls": fails(504, "timeout"),
    "stalls-in-head": fails(504, "timeout"),
    "stalls-after-head": fails(504, "timeout"),
    "stalls-in-answer": Fate(504, "broken", attempt="timeout"),
    "stalls-in-error": fails(500),
    "cut-in-event": Fate(502, "broken", attempt="upstream_error"),
    "cut-in-frame": Fate(502, "broken", attempt="upstream_error"),
    "cut-in-chunk": fails(),
    "promises-too-much": Fate(502, "answer", attempt="upstream_error"),
    "promises-too-little": fails(),
    "garbage": fails(),
    "garbage-in-body": fails(),
    "page": fails(),
    "mislabelled": Fate("answer", "answer", elsewhere=False),
    "gzipped": Fate("answer", "answer", elsewhere=False),
    "error-inside": fails(),
    "error-in-stream": Fate(502, "broken", attempt="upstream_error"),
    "empty": fails(),
    "empty-stream": fails(),
    "stumbles": Fate("answer", "answer", elsewhere=False, attempt="unavailable"),
    "drips-head": fails(504, "timeout"),
    "drips-comments": fails(504, "timeout"),
    "drips-answer": Fate("answer", "answer", elsewhere=False),
    "endless-head": fails(),
    "endless-interim": fails(504, "timeout"),
    "endless-event": fails(),
    "large-event": Fate("answer", "answer", elsewhere=False),
}


SHUT = {"lets-nobody-in", "never-shakes-hands"}
"""Those that nobody gets a connection to: that alone is waited for, so that no other time can be over first."""
SILENT = {*(name for name, fate in FATES.items() if fate.attempt == "timeout"), "stalls-in-error"}
"""Those which can be told by their silence only: for others, a busy machine is no fault."""


HEAVY = {"endless-head", "endless-event", "large-event"}
"""Tried with one dialect on both sides: every call moves megabytes."""


class Call(NamedTuple):
    """One cell of the matrix. `model`: by which it is called; `host`, `second`: the dialects of who is asked."""

    fault: str
    client: str
    host: str
    streamed: bool
    second: str | None

    @property
    def bare(self) -> str:
        return f"m-{self.fault}-{self.client}-{self.host}-{'s' if self.streamed else 'w'}"

    @property
    def first_host(self) -> str:
        return f"{self.fault}-{self.host}"

    @property
    def model(self) -> str:
        if self.fault == "stumbles":  # names without a route are tried once
            return f"{self.bare}-route"
        return f"{self.first_host}/{self.bare}" if self.second is None else f"{self.bare}-or"

    @property
    def asked(self) -> list[str]:
        """The offerings that may answer, in their order."""
        first = f"{self.first_host}/{self.bare}"
        return [first] if self.second is None else [f"{first}-or", f"good-{self.second}/{self.bare}-or"]


def calls(fault: str) -> list[Call]:
    """All of one fault. Who is asked next speaks another dialect each time."""
    names = list(TONGUES)
    found = []
    for index, (client, host, streamed) in enumerate(product(names, names, (False, True))):
        if fault == "529" and host == GEMINI:  # nobody there says so
            continue
        if fault in HEAVY and client != host:
            continue
        found.append(Call(fault, client, host, streamed, None))
        if fault in ("good", "stumbles"):
            continue
        second = names[(names.index(host) + 1 + index // 2 % 3) % len(names)]
        found.append(Call(fault, client, host, streamed, second))
    return found


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with contextlib.ExitStack() as ports:
        closed = ports.enter_context(socket.socket())  # bound, and nobody listens
        closed.bind(("127.0.0.1", 0))
        quiet = ports.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        places = {
            "refuses": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "lets-nobody-in": f"http://127.0.0.1:{ports.enter_context(deaf_port())}",
            "never-shakes-hands": f"https://127.0.0.1:{quiet.getsockname()[1]}",
        }
        yard = Yard(tmp_path_factory.mktemp("yard"))
        try:
            yard.publish(directory(yard, places))
            yield yard
        finally:
            yard.close()


def directory(yard: Yard, places: dict[str, str]) -> Directory:
    hosts = {}
    for fault, dialect in product(FATES, TONGUES):
        name = f"{fault}-{dialect}"
        hosts[name] = Host(
            name,
            places.get(fault) or yard.hosts.url(fault, dialect),
            {dialect: HOST_PATHS[dialect]},
            (("authorization", "Bearer secret-of-the-host"),),
            connect_timeout=SILENCE if fault in SILENT | SHUT else PATIENCE,
            first_event_timeout=SILENCE if fault in SILENT else PATIENCE,
            idle_timeout=SILENCE if fault in SILENT else PATIENCE,
        )
    offerings = []
    for call in (call for fault in FATES for call in calls(fault) if call.second is not None):
        for name in dict.fromkeys(call.asked):
            host, _, model = name.partition("/")
            offerings.append(Offering(host, model, model, price=PRICE))
    first = tuple(name for name in hosts if not name.startswith("good-"))
    routes = [
        Route(call.model, targets=(Target(call.asked[0]),), retrying=Retrying(budget=1.0))
        for call in calls("stumbles")
    ]
    return Directory(
        revision=1,
        keys=KEYS,
        projects=PROJECTS,
        hosts=hosts,
        offerings=tuple(offerings),
        rules=Rules(prefer=first),
        routes=tuple(routes),
    )


PRICE = Price(tiers=(PriceTier(input=1_000_000, output=2_000_000),))


@pytest.mark.parametrize("fault", [fault for fault in FATES if fault != "stumbles"])
def test_every_caller_gets_a_right_answer_or_a_right_error(yard: Yard, fault: str) -> None:
    assert fault in SCRIPTS or fault in ("refuses", "lets-nobody-in", "never-shakes-hands")
    told = yard.run(_ask_all(yard, calls(fault)))
    wrong = []
    for call, found in told:
        try:
            assert isinstance(found, list), f"no answer in time, or none at all: {found!r}"
            (answer,) = found
            _judge(yard, call, answer)
        except AssertionError as error:
            wrong.append(f"{call.client} to {call.host}, {call.streamed=}, {call.second=}:\n{error}")
    assert not wrong, "\n\n".join([f"{len(wrong)} of {len(told)} calls went wrong", *wrong[:6]])


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dialect", TONGUES)
def test_a_host_that_stumbles_is_asked_again(yard: Yard, dialect: str, streamed: bool) -> None:
    """As long as few do: retries are a share of the calls, which are made here first."""
    good = [Call("good", dialect, dialect, streamed, None) for _ in range(10)]
    stumbling = Call("stumbles", dialect, dialect, streamed, None)
    for call in (*good, stumbling):
        ((_, found),) = yard.run(_ask_all(yard, [call]))
        assert isinstance(found, list), found
        _judge(yard, call, found[0])


async def _ask_all(yard: Yard, wanted: list[Call]) -> list[tuple[Call, list[Answer] | BaseException]]:
    room = asyncio.Semaphore(TOGETHER)

    async def ask(call: Call) -> list[Answer]:
        tongue = TONGUES[call.client]
        async with room, asyncio.timeout(PATIENCE):
            return await yard.talk(
                yard.asking(tongue, call.model, streamed=call.streamed), call.model.rpartition("/")[2]
            )

    found = await asyncio.gather(*(ask(call) for call in wanted), return_exceptions=True)
    return list(zip(wanted, found, strict=True))


def _judge(yard: Yard, call: Call, answer: Answer) -> None:
    fate, tongue = FATES[call.fault], TONGUES[call.client]
    ending = fate.streamed if call.streamed else fate.whole
    moved = call.second is not None and fate.elsewhere and isinstance(ending, int)
    if moved:
        ending = "answer"
    if isinstance(ending, int):
        # Clients of OpenAI's dialects know no 529.
        assert answer.status == (503 if ending == 529 and call.client in (CHAT, RESPONSES) else ending), (
            answer
        )
        assert tongue.refusal(answer)
    else:
        assert answer.status == 200, answer
        _read(tongue, call, answer, ending)
    (entry,) = yard.entries(_request_id(answer))
    _judge_entry(call, answer, entry, fate, moved=moved, ending=ending)


def _request_id(answer: Answer) -> str:
    for name in ("x-request-id", "request-id", "x-goog-request-id"):
        if name in answer.headers:
            return answer.headers[name]
    raise AssertionError(f"an answer without an id: {sorted(answer.headers)}")


def _read(tongue: Tongue, call: Call, answer: Answer, ending: Ending) -> None:
    if not call.streamed:
        assert answer.whole
        assert tongue.text(answer).startswith(TEXT)
        return
    events = events_of(answer)
    if ending == "answer":
        assert answer.whole
        assert tongue.told(events).startswith("Hello"), events
        assert tongue.told(events).rstrip(".").endswith(" you"), events
        assert tongue.last.replace(b" ", b"") in answer.body.replace(b" ", b"")
        return
    assert "Hello" in tongue.told(events[:-1]), events
    assert answer.whole
    assert tongue.complaint(events[-1]), events


def events_of(answer: Answer) -> list[object]:
    """The JSON of each event, all of them whole."""
    assert answer.headers["content-type"].startswith("text/event-stream"), answer
    text = answer.body.decode()
    assert text.endswith("\n\n"), text[-200:]
    found = []
    for block in text.split("\n\n")[:-1]:
        data = "".join(line[5:].strip() for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            found.append(json.loads(data))
    return found


def _judge_entry(
    call: Call, answer: Answer, entry: Entry, fate: Fate, *, moved: bool, ending: Ending
) -> None:
    assert entry.status == answer.status
    assert entry.stream == (call.streamed)
    assert (entry.failure is None) == (ending == "answer"), entry
    asked = list(dict.fromkeys(attempt.offering for attempt in entry.attempts))
    assert asked == call.asked[: 1 + moved], entry.attempts
    first, last = entry.attempts[0], entry.attempts[-1]
    assert (last.failure is None) == (ending == "answer"), entry.attempts
    if moved or isinstance(ending, int):
        # Not every dialect has a word for every status of a host in trouble.
        assert first.failure in (
            fate.attempt,
            "upstream_error" if call.fault.startswith("5") else fate.attempt,
        )
    if call.fault == "stumbles":
        assert len(entry.attempts) == 2
        assert entry.attempts[0].failure in (fate.attempt, "upstream_error")  # as its dialect has it
        assert entry.attempts[1].reason == "retry"
    if ending == "answer":
        assert entry.usage.reported, entry.usage
        assert (entry.usage.input, entry.usage.output) == (3, 2)


def test_the_matrix_has_every_fault_there_is() -> None:
    assert set(SCRIPTS) - set(FATES) == {"floods"}, "a fault whose outcome nobody has said"
