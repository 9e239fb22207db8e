"""What clients ask of answers and conversations that were kept."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import unquote

from counterpoint.canonical import Failure
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import decode_object
from counterpoint.dialects.registry import State
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.ports import Memory
from counterpoint.kept import (
    Ask,
    Conversation,
    Drop,
    DropConversation,
    DropItem,
    Find,
    FindConversation,
    Follow,
    Followed,
    Found,
    FoundConversation,
    Items,
    KeepConversation,
    Kept,
    ListItems,
    Stop,
    Tell,
)
from counterpoint.kept.values import RUNNING
from counterpoint.serving import Connection, Request

Json = dict[str, Any]
LOOK_SECONDS = 0.2
"""How often is looked for more of an answer that is being made."""


class Desk(Protocol):
    """Whoever answers."""

    def answer(self, status: int, body: bytes) -> None: ...

    def refuse(self, failure: Failure) -> None: ...

    def stream(self) -> Connection | None: ...

    def forget(self, kept: Kept) -> None: ...


class Retrieving:
    """One question. Everything is looked up in the project of the caller's key."""

    def __init__(self, state: State, memory: Memory, request: Request, key: Key, desk: Desk) -> None:
        self._state = state
        self._memory = memory
        self._request = request
        self._project = key.project
        self._desk = desk
        self._gone = False
        self._slow = False

    # The server's hold

    def client_gone(self) -> None:
        self._gone = True

    def client_slow(self) -> None:
        self._slow = True

    def client_ready(self) -> None:
        self._slow = False

    # Which question it is

    def start(self) -> None:
        """Answer it."""
        steps = [unquote(step) for step in self._request.path.split("/")]
        steps = steps[next(place for place, step in enumerate(steps) if step in _WORDS) :]
        if steps[-1] == "" and len(steps) > 1:
            steps.pop()
        handler = _HANDLERS.get((self._request.method, steps[0], len(steps), *steps[2:3]))
        if handler is None and len(steps) < 3:
            handler = _HANDLERS.get((self._request.method, steps[0], len(steps)))
        if handler is None:
            self._desk.refuse(refusals.unknown_resource("en", self._request.method, self._request.path))
            return
        for id_ in steps[1:2] + steps[3:4]:
            if not self._state.is_id(id_):
                self._desk.refuse(self._state.missing("item" if len(steps) > 3 else _WORDS[steps[0]], id_))
                return
        try:
            handler(self, *steps[1:2], *steps[3:4])
        except Refused as refused:
            self._desk.refuse(refused.failure)

    def _ask(self, question: Ask, then: Callable[[Any], None], missing: tuple[str, str]) -> None:
        """`then`, with what comes back; `missing`: what there is none of, if there is none."""

        def told(tell: Tell | Failure) -> None:
            if self._gone:
                return
            if isinstance(tell, Failure):
                self._desk.refuse(tell)
            elif isinstance(tell, Found | FoundConversation | Items | Followed):
                try:
                    then(tell)
                except Refused as refused:
                    self._desk.refuse(refused.failure)
            else:
                self._desk.refuse(self._state.missing(*missing))

        self._memory.ask(question, told)

    # Answers

    def get(self, id_: str) -> None:
        """The answer; or its events, those that were and those to come."""
        said = self._state.objects.said_in(self._request.query)
        after = self._state.objects.number_in(said, "starting_after", -1, 0, 10**9)

        def found(tell: Found) -> None:
            if not self._state.objects.flag_in(said, "stream"):
                self._show(tell.kept)
            elif not tell.kept.background:
                self._desk.refuse(self._state.because("no_stream"))
            else:
                outlet = self._desk.stream()
                if outlet is not None:
                    self._follow(id_, after + 1, outlet)

        self._ask(Find(self._project, id_), found, ("response", id_))

    def _show(self, kept: Kept) -> None:
        self._desk.answer(200, self._state.encode(self._state.shown(kept)))

    def _follow(self, id_: str, first: int, outlet: Connection) -> None:
        """Tell events as they come, until the last."""
        loop = asyncio.get_running_loop()
        if self._gone:
            return
        if self._slow:
            loop.call_later(LOOK_SECONDS, self._follow, id_, first, outlet)
            return

        def told(tell: Tell | Failure) -> None:
            if self._gone:
                return
            if not isinstance(tell, Followed):
                outlet.finish()
                return
            outlet.send(b"".join(tell.events))
            following = first + len(tell.events)
            if tell.status in RUNNING:
                wait = 0.0 if tell.events else LOOK_SECONDS
                loop.call_later(wait, self._follow, id_, following, outlet)
            else:
                self._end(id_, tell, outlet)

        self._memory.ask(Follow(self._project, id_, first), told)

    def _end(self, id_: str, last: Followed, outlet: Connection) -> None:
        """The end of the stream. Where whoever made the answer could not say that it failed, it is said here."""
        if last.status != "failed" or (last.events and b"event: response.failed" in last.events[-1]):
            outlet.finish()
            return

        def told(tell: Tell | Failure) -> None:
            if self._gone:
                return
            event = b""
            if isinstance(tell, Found):
                event = self._state.event("response.failed", _LAST, self._state.shown(tell.kept))
            outlet.finish(event)

        self._memory.ask(Find(self._project, id_), told)

    def delete(self, id_: str) -> None:
        """Forget it."""

        def found(tell: Found) -> None:
            if tell.kept.native:
                self._desk.forget(tell.kept)
            self._desk.answer(200, self._state.objects.deleted(id_, "response"))

        self._ask(Drop(self._project, id_), found, ("response", id_))

    def cancel(self, id_: str) -> None:
        """Stop it."""

        def found(tell: Found) -> None:
            if tell.kept.background:
                self._show(tell.kept)
            else:
                self._desk.refuse(self._state.because("not_background"))

        self._ask(Stop(self._project, id_), found, ("response", id_))

    def inputs(self, id_: str) -> None:
        """What it was asked with."""

        def found(tell: Found) -> None:
            self._desk.answer(200, self._state.inputs(tell.kept, self._request.query))

        self._ask(Find(self._project, id_), found, ("response", id_))

    # Conversations

    def _conversation(self, question: Ask, id_: str) -> None:
        def found(tell: FoundConversation) -> None:
            self._desk.answer(200, self._state.objects.shown_conversation(tell.conversation))

        self._ask(question, found, ("conversation", id_))

    def begin(self) -> None:
        """A new one."""
        fields = decode_object(self._request.body or b"{}")
        made = self._made(self._state.objects.new_conversation_id(), self._state.objects.metadata_in(fields))
        items = self._state.objects.items_brought(fields, needed=False)
        self._conversation(KeepConversation(made, items, new=True), made.id)

    def _made(self, id_: str, metadata: bytes = b"{}") -> Conversation:
        return Conversation(
            id=id_, project=self._project, created=self._state.objects.now(), metadata=metadata
        )

    def find(self, id_: str) -> None:
        """One."""
        self._conversation(FindConversation(self._project, id_), id_)

    def change(self, id_: str) -> None:
        """Its labels."""
        metadata = self._state.objects.metadata_in(decode_object(self._request.body or b"{}"))
        self._conversation(KeepConversation(self._made(id_, metadata)), id_)

    def end(self, id_: str) -> None:
        """Forget it."""

        def found(_: FoundConversation) -> None:
            self._desk.answer(200, self._state.objects.deleted(id_, "conversation.deleted"))

        self._ask(DropConversation(self._project, id_), found, ("conversation", id_))

    def items(self, id_: str) -> None:
        """A page of its items."""
        page = self._state.objects.page_of(self._request.query)

        def found(tell: Items) -> None:
            self._desk.answer(200, self._state.objects.item_page(tell.items, page.limit))

        question = ListItems(self._project, id_, page.limit, page.after, page.ascending)
        self._ask(question, found, ("conversation", id_))

    def add(self, id_: str) -> None:
        """More items."""
        fields = decode_object(self._request.body or b"{}")
        items = self._state.objects.items_brought(fields, needed=True)

        def found(_: FoundConversation) -> None:
            self._desk.answer(200, self._state.objects.item_page(items, len(items)))

        question = KeepConversation(self._made(id_), items, metadata=False)
        self._ask(question, found, ("conversation", id_))

    def item(self, id_: str, item: str) -> None:
        """One item."""

        def found(tell: Items) -> None:
            if not tell.items:
                self._desk.refuse(self._state.missing("item", item))
                return
            shown = self._state.objects.shown_item(tell.items[0].body, item)
            self._desk.answer(200, self._state.encode(shown))

        self._ask(ListItems(self._project, id_, only=item), found, ("conversation", id_))

    def drop(self, id_: str, item: str) -> None:
        """Take one out."""
        self._conversation(DropItem(self._project, id_, item), id_)


_LAST = 2**31 - 1
"""The number of an event that nobody numbered: after all others."""
_WORDS = {"responses": "response", "conversations": "conversation"}
_HANDLERS: dict[tuple[object, ...], Callable[..., None]] = {
    ("GET", "responses", 2): Retrieving.get,
    ("DELETE", "responses", 2): Retrieving.delete,
    ("POST", "responses", 3, "cancel"): Retrieving.cancel,
    ("GET", "responses", 3, "input_items"): Retrieving.inputs,
    ("POST", "conversations", 1): Retrieving.begin,
    ("GET", "conversations", 2): Retrieving.find,
    ("POST", "conversations", 2): Retrieving.change,
    ("DELETE", "conversations", 2): Retrieving.end,
    ("GET", "conversations", 3, "items"): Retrieving.items,
    ("POST", "conversations", 3, "items"): Retrieving.add,
    ("GET", "conversations", 4, "items"): Retrieving.item,
    ("DELETE", "conversations", 4, "items"): Retrieving.drop,
}
"""By method, kind, steps of the path, and its third step."""
