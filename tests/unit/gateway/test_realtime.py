"""What a realtime session does with a client that goes too far, or goes away; tests/clients has it at work."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.frames import Frame, Opcode

from counterpoint.canonical import Failure, Usage
from counterpoint.dialects.registry import REALTIME
from counterpoint.directory import Directory, Host, Offering
from counterpoint.directory.keytext import digest_of
from counterpoint.gateway import realtime
from counterpoint.gateway.metering import Metering
from counterpoint.gateway.names import Names
from counterpoint.gateway.realtime import WAITING_LIMIT, Realtime
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Limit, Part, Wanted
from counterpoint.serving import Request
from counterpoint.wire.websocket import CLOSE, TEXT, MessageReader, frame
from tests.unit.gateway.conversation import DIRECTORY, KEY, NAMES, SECRET

LIVE = REALTIME["gemini-live"]


class Pipe:
    """A client's connection, as far as a session uses it."""

    def __init__(self) -> None:
        self.transport: Any = self
        self.sent = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    @property
    def code(self) -> int:
        """Of the closing frame that the client got."""
        messages = MessageReader().feed(self.sent.partition(b"\r\n\r\n")[2])
        assert messages[-1].opcode == CLOSE
        return int.from_bytes(messages[-1].data[:2], "big")


class Front:
    """A session with its client's end."""

    def __init__(self, dialect: str = "gemini-live", names: Names = NAMES, **headers: str) -> None:
        self.pipe = Pipe()
        self.failures: list[Failure] = []
        self.ended: list[Realtime] = []
        self.over = asyncio.Event()
        sent = {b"sec-websocket-key": b"dGhlIHNhbXBsZSBub25jZQ=="} | {
            k.encode(): v.encode() for k, v in headers.items()
        }
        request = Request("GET", b"/x?model=nobody", sent, b"", version="1.1", keep_alive=False, received=0.0)
        connection: Any = self.pipe
        ledger: Any = None
        self.session = Realtime(
            request, connection, REALTIME[dialect], lambda: names, ledger, self.failures.append, self._end
        )

    def _end(self, session: Realtime) -> None:
        self.ended.append(session)
        self.over.set()


def run(test: Callable[[], None]) -> None:
    async def inner() -> None:
        test()

    asyncio.run(inner())


def test_a_client_that_says_too_much_too_early() -> None:
    def test() -> None:
        front = Front("openai-realtime")
        front.session.client_data(b"x" * (WAITING_LIMIT + 1))
        assert (front.pipe.closed, len(front.ended)) == (True, 1)

    run(test)


def test_a_client_that_speaks_no_websocket() -> None:
    def test() -> None:
        front = Front()
        front.session.admitted(KEY)
        front.session.client_data(b"\xc1\x80\0\0\0\0")
        assert front.pipe.code == 1002

    run(test)


def test_a_client_that_closes_at_once() -> None:
    def test() -> None:
        front = Front()
        front.session.admitted(KEY)
        front.session.client_data(frame(CLOSE, b"\x03\xe8", masked=True))
        assert front.pipe.code == 1000

    run(test)


def test_a_wish_without_a_key_of_its_own_is_refused() -> None:
    def test() -> None:
        front = Front()
        del front.session._request.headers[b"sec-websocket-key"]
        front.session.admitted(KEY)
        assert front.failures[0].code == "no_websocket"
        assert front.ended == [front.session]

    run(test)


def test_a_client_that_leaves_ends_it_once() -> None:
    def test() -> None:
        front = Front()
        front.session.client_gone()
        front.session.client_gone()
        front.session.admitted(KEY)
        assert (len(front.ended), front.failures, front.pipe.sent) == (1, [], b"")

    run(test)


def test_silence_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "IDLE_SECONDS", 0.0)

    async def inner() -> None:
        front = Front()
        front.session.admitted(KEY)
        await front.over.wait()
        assert front.pipe.code == 1001

    asyncio.run(asyncio.wait_for(inner(), 5))


class LaterPurse:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[Hold | Denied], None]] = []

    def reserve(self, _: Wanted, answer: Callable[[Hold | Denied], None]) -> None:
        self.waiting.append(answer)

    def settle(self, hold: Hold, amounts: tuple[int, ...]) -> None:
        """Nobody looks."""


LIMITED = Names(
    Directory(
        hosts={"live": Host("live", "http://127.0.0.1:1", {"gemini-live": "/live"})},
        offerings=(Offering("live", "voice", "voice", capabilities=frozenset({"realtime"})),),
        projects=NAMES.directory.projects,
        limits=(Limit("l", "key", KEY.id, "concurrent", 5),),
    )
)
SETUP = frame(TEXT, b'{"setup":{"model":"models/voice"}}', masked=True)
SPEECH = Frame(Opcode.TEXT, b'{"realtimeInput":{"text":"hello"}}').serialize(mask=True)


@pytest.mark.parametrize("cut", [len(SETUP), len(SETUP) + 1, len(SETUP) + 9, len(SETUP + SPEECH)])
def test_what_a_client_says_after_its_first_message_waits_for_the_host_as_it_is(cut: int) -> None:
    """While its limits are asked, too."""

    def test() -> None:
        front = Front(names=LIMITED)
        purse = LaterPurse()
        front.session.purse = purse
        front.session.admitted(KEY)
        said = SETUP + SPEECH * 2
        for piece in (said[:5], said[5:cut], said[cut:]):
            front.session.client_data(piece)
        assert len(purse.waiting) == 1
        assert (bytes(front.session._waiting), front.pipe.closed) == (SPEECH * 2, False)
        front.session.client_gone()

    run(test)


def test_a_first_message_without_end_is_not_waited_for() -> None:
    def test() -> None:
        front = Front(names=LIMITED)
        front.session.admitted(KEY)
        front.session.client_data(frame(TEXT, b"x" * (WAITING_LIMIT + 1), masked=True)[:1000])
        assert front.pipe.code == 1002

    run(test)


class Book:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(self, entry: Entry) -> None:
        self.entries.append(entry)


def speaking(*messages: dict[str, Any]) -> tuple[Front, Book]:
    """A session of whose host so much has come."""
    front, book = Front("openai-realtime"), Book()
    session = front.session
    host: Any = Pipe()
    session._ledger, session._key, session._standing, session._joined = book, KEY, True, True
    session._candidate = NAMES.resolve("alpha/gpt-x", "chat", ("openai-chat",)).candidates[0]
    session._host = host
    for message in messages:
        session.upstream_bytes(frame(TEXT, json.dumps(message).encode()))
    return front, book


CREATED = {"type": "response.created", "response": {"id": "r"}}
DELTA = {"type": "response.output_audio.delta", "delta": "AAAA"}
DONE = {"type": "response.done", "response": {"usage": {"input_tokens": 3, "output_tokens": 4}}}


@pytest.mark.parametrize("messages", [(CREATED, DELTA), (CREATED, DONE, DELTA)])
@pytest.mark.parametrize(
    ("end", "status", "failure"),
    [
        (Realtime.client_gone, 499, None),
        (Realtime.upstream_closed, 200, "upstream_error"),
        (Realtime.stop, 200, "unavailable"),
        (lambda session: session.upstream_bytes(b"\xc1\x00"), 200, "upstream_error"),
        (
            lambda session: session.upstream_bytes(frame(CLOSE, b"\x03\xe8")) or session.upstream_closed(),
            499,
            None,
        ),
    ],
)
def test_an_answer_that_breaks_off_leaves_an_entry(
    messages: tuple[dict[str, Any], ...], end: Callable[[Realtime], None], status: int, failure: str | None
) -> None:
    def test() -> None:
        front, book = speaking(*messages)
        end(front.session)
        front.session.client_gone()
        *_, last = book.entries
        assert len(book.entries) == 1 + messages.count(DONE)
        assert (last.status, last.failure, last.usage.reported, last.cost) == (status, failure, False, None)
        assert (last.offering, last.key) == ("alpha/gpt-x", KEY.id)

    run(test)


def test_a_session_ends_with_its_key_once_a_directory_had_it() -> None:
    def test() -> None:
        front, _ = speaking()
        session = front.session
        session._request.headers[b"authorization"] = b"Bearer " + SECRET.encode()
        without = Names(msgspec.structs.replace(DIRECTORY, keys={}))
        session._at_hand = lambda: without
        session.reconsider()  # as new as it is, no directory has it yet
        session._at_hand = lambda: NAMES
        session.reconsider()
        assert not front.pipe.closed
        session._at_hand = lambda: without
        session.reconsider()
        (message,) = MessageReader().feed(front.pipe.sent)
        assert (message.opcode, message.data[:2]) == (CLOSE, (1008).to_bytes(2, "big"))

    run(test)


def test_a_key_that_expires_in_the_middle_ends_its_session_after_the_answer() -> None:
    async def inner() -> None:
        front, book = speaking(CREATED)
        session = front.session
        session._request.headers[b"authorization"] = b"Bearer " + SECRET.encode()
        session._key = msgspec.structs.replace(KEY, expires=1.0)
        keys = {digest_of(SECRET): session._key}
        expired = Names(msgspec.structs.replace(DIRECTORY, keys=keys))
        session._at_hand = lambda: expired
        session.upstream_bytes(frame(TEXT, json.dumps(DONE).encode()))
        await front.over.wait()
        assert len(book.entries) == 1
        assert [message.opcode for message in MessageReader().feed(front.pipe.sent)][-2:] == [TEXT, CLOSE]

    asyncio.run(asyncio.wait_for(inner(), 5))


class NoMore(LaterPurse):
    """Holds once, and no more."""

    def reserve(self, _: Wanted, answer: Callable[[Hold | Denied], None]) -> None:
        limit = LIMITED.directory.limits[0]
        self.waiting.append(answer)
        answer(Hold((Part(limit, "lease", 0, 1),)) if len(self.waiting) == 1 else Denied(limit, "busy"))


def test_the_last_answer_that_fits_is_told_to_its_end() -> None:
    async def inner() -> None:
        front, _ = speaking(CREATED)
        candidate = front.session._candidate
        assert candidate is not None
        front.session._metering = Metering(NoMore(), LIMITED, "en")
        front.session._metering.begin(KEY, [candidate], (), lambda _: None)
        front.session.upstream_bytes(frame(TEXT, json.dumps(DONE).encode()))
        await front.over.wait()
        assert [message.opcode for message in MessageReader().feed(front.pipe.sent)] == [TEXT, TEXT, CLOSE]

    asyncio.run(asyncio.wait_for(inner(), 5))


SAID = {"type": "response.output_text.delta", "delta": "x" * 40}
TOLD = {"type": "response.create", "response": {"instructions": "x" * 385}}


def test_what_an_answer_used_that_breaks_off_is_estimated() -> None:
    def test() -> None:
        front, book = speaking(CREATED, DONE)
        front.session.client_data(frame(TEXT, json.dumps(TOLD).encode(), masked=True))
        for message in (CREATED, SAID):
            front.session.upstream_bytes(frame(TEXT, json.dumps(message).encode()))
        front.session.client_gone()
        whole, broken = book.entries
        assert whole.usage == Usage(input=3, output=4)
        assert broken.usage == Usage(input=3 + 4 + 97, output=10, reported=False)
        assert broken.cost == Decimal("0.000288")

    run(test)


@pytest.mark.parametrize(
    ("status", "used", "cost"),
    [
        ("cancelled", Usage(output=10, reported=False), Decimal("0.00008")),
        ("failed", Usage(output=10, reported=False), Decimal("0.00008")),
        ("completed", Usage(reported=False), None),
    ],
)
def test_an_answer_of_which_its_host_says_only_that_it_was_broken_off(
    status: str, used: Usage, cost: Decimal | None
) -> None:
    def test() -> None:
        done = {"type": "response.done", "response": {"status": status, "usage": None}}
        _, book = speaking(CREATED, SAID, done)
        assert [(entry.usage, entry.cost) for entry in book.entries] == [(used, cost)]

    run(test)


def test_an_answer_that_failed_before_a_word_costs_nothing() -> None:
    def test() -> None:
        done = {"type": "response.done", "response": {"status": "failed", "usage": None}}
        _, book = speaking(CREATED, done)
        assert [(entry.failure, entry.cost) for entry in book.entries] == [("upstream_error", Decimal(0))]

    run(test)


def test_a_client_that_cannot_be_read_is_passed_on_all_the_same() -> None:
    def test() -> None:
        front, _ = speaking()
        front.session.client_data(b"\xc1\x80\0\0\0\0")
        front.session.client_data(b"more")
        host: Any = front.session._host
        assert (host.sent, front.pipe.closed) == (b"\xc1\x80\0\0\0\0more", False)

    run(test)


def test_a_session_that_ends_between_answers_leaves_none() -> None:
    def test() -> None:
        front, book = speaking({"type": "session.created"}, CREATED, DELTA, DONE)
        front.session.client_gone()
        assert [entry.usage.output for entry in book.entries] == [4]

    run(test)


def test_the_rooms_that_hosts_declare() -> None:
    rows = Path(realtime.__file__).parent.parent / "catalog" / "data" / "hosts"
    assert any("gemini-live" in path.read_text("utf-8") for path in rows.glob("*.toml"))
    assert LIVE.rooted
