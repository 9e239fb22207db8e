"""Answers that are looked at before anybody gets them: gathered in canonical words, and told to the caller when they
have been accepted."""

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    ErrorEvent,
    Refused,
    StreamEvent,
    fold,
)
from counterpoint.dialects.base import ChatDialect
from counterpoint.gateway.answers import Whole, encode_whole


class Gathered(Whole):
    """An answer in whole; `upstream`: the dialect that it comes in, `None` for a local model. Nothing of it is for the
    caller yet."""

    def __init__(self, upstream: ChatDialect | None, source: str) -> None:
        super().__init__()
        self.response = ChatResponse()
        self.source = source
        self._upstream = upstream
        self._events: list[StreamEvent] = []

    def event(self, event: StreamEvent) -> bytes:
        if isinstance(event, ErrorEvent):
            self.failure = event.failure
        self._events.append(event)
        return b""

    def end(self) -> bytes:
        if self.failure is not None:
            return b""
        try:
            found = (
                fold(self._events) if self._upstream is None else self._upstream.decode_response(self._body())
            )
        except Refused as refused:
            self.failure = refused.failure
            return b""
        self.response, self.usage = found, found.usage
        if found.choices and found.choices[0].finish:
            self.finish = found.choices[0].finish.reason
        return b""


class Told(Whole):
    """One that was accepted, for a caller who wants it whole."""

    def __init__(self, response: ChatResponse, client: ChatDialect, source: str, asked: ChatRequest) -> None:
        super().__init__()
        self._response = response
        self._client = client
        self._source = source
        self._asked = asked

    def end(self) -> bytes:
        return encode_whole(self, self._response, self._client, self._source, self._asked)
