"""One client call, as the exchange sees it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.canonical import Failure
from counterpoint.dialects.base import (
    NOT_SAID,
    Asked,
    ChatDialect,
    Peek,
    RelayedDialect,
    WholeDialect,
)
from counterpoint.gateway.recalled import Recalled


class Call(msgspec.Struct, frozen=True, gc=False):
    """What came in. `at`: microseconds since the epoch. `dialect` renders errors also for embeddings and rerankings,
    whose own dialect is `whole`, and for what is `relayed`, which came in at the path `door`. `lang`: the language of
    our own sentences in the answer. `asked`: what the address says. `method`, `path`, `query`: as they came, since a
    caller may have signed them. `recalled`: what it goes on, where answers are kept. `refusal`: why it cannot be
    answered, whatever model it names."""

    id: str
    at: int
    operation: str
    dialect: ChatDialect
    whole: WholeDialect[Any, Any] | None
    headers: Mapping[bytes, bytes]
    body: bytes
    lang: str = "en"
    asked: Asked = NOT_SAID
    relayed: RelayedDialect | None = None
    door: str = ""
    method: str = "POST"
    path: str = ""
    query: str = ""
    recalled: Recalled | None = None
    refusal: Failure | None = None

    @property
    def speaker(self) -> ChatDialect | WholeDialect[Any, Any] | RelayedDialect:
        """The dialect that the caller speaks."""
        return self.whole or self.relayed or self.dialect

    @property
    def client_dialect(self) -> str:
        """Its name."""
        return self.speaker.name

    @property
    def media_type(self) -> str:
        """What the body is, as its sender says."""
        return self.headers.get(b"content-type", b"").decode("latin-1")

    @property
    def capability(self) -> str:
        """What an offering must be able to do."""
        if self.whole is not None:
            return self.whole.operation
        return "chat" if self.relayed is None else self.operation

    def peek(self) -> Peek:
        """What routing needs. Raises `Refused`."""
        if self.relayed is not None:
            return self.relayed.peek(self.body, self.media_type)
        if self.whole is not None:
            peek = self.whole.peek(self.body)
            named = self.asked.model
            return peek if named is None else msgspec.structs.replace(peek, model=named)
        peek = self.dialect.peek(self.body, self.asked)
        if self.recalled is not None and self.recalled.stream != peek.stream:
            return msgspec.structs.replace(peek, stream=self.recalled.stream)
        return peek
