"""Realtime APIs: a WebSocket that is relayed as it is, and what must be known of the messages on it."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from counterpoint.canonical import Usage


class Turn(msgspec.Struct, frozen=True):
    """An answer has ended; what it used. `whole`: it was said to its end."""

    usage: Usage
    failed: bool = False
    whole: bool = True


class Listener(Protocol):
    """Of one session, whose messages pass by: what an answer has used of which nobody says that."""

    def client(self, message: bytes) -> None:
        """One of the client's messages."""

    def host(self, message: bytes) -> None:
        """One of the host's."""

    def ended(self, usage: Usage) -> None:
        """An answer has ended; what it used, if its host said that."""

    @property
    def usage(self) -> Usage:
        """About what the answer has used that is under way: never `reported`."""


class RealtimeDialect(Protocol):
    """One public realtime API. Errors before the WebSocket stands are those of the chat dialect of the same family."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str: ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Where clients come in."""

    @property
    def forwarded(self) -> tuple[str, ...]:
        """Names (lower case) of client headers that go to the host."""

    @property
    def rooted(self) -> bool:
        """Whether a host's path for it begins at the host's root, not below its base address."""

    def key(self, headers: Mapping[bytes, bytes], query: str) -> str | None:
        """A key where browsers, which can set no header, put it."""

    def protocols(self, offered: str) -> str:
        """The subprotocols to offer to the host, of those that the client offered."""

    def model(self, query: str) -> str | None:
        """The model, where the address says it; `None`: the first message does."""

    def query(self, query: str, model: str) -> str:
        """The query for the host: its own name for the model, no key of ours."""

    def first(self, message: bytes) -> str:
        """The model in the first message. Raises `Refused`."""

    def renamed(self, message: bytes, model: str) -> bytes:
        """The first message with the host's name for the model."""

    def answering(self, message: bytes) -> bool:
        """Whether one of the host's messages is of an answer that it makes, and that a `turn` will end."""

    def turn(self, message: bytes) -> Turn | None:
        """What one of the host's messages says of an answer that it ends."""

    def listener(self) -> Listener:
        """For a session that begins."""
