"""Requests with nothing to answer: they have a local model loaded, or unloaded.

Clients made for local models send them before they ask anything. Where the model is somebody else's there is nothing to
load: the answer is the same.
"""

import msgspec

from counterpoint.canonical import ChatRequest, ChatResponse, Choice, Finish, Message, Text, Usage
from counterpoint.dialects.base import ChatDialect
from counterpoint.gateway.answers import CountedWhole
from counterpoint.gateway.local import keep_alive

LOAD = "~load"
"""The spelling by which a dialect says that a request is one of these."""


def loads(request: ChatRequest) -> bool:
    """Whether it is one."""
    return any(LOAD in fields for fields in request.extensions.values())


def knock(request: ChatRequest) -> ChatRequest:
    """The least that a model must be loaded for: counting a word."""
    return msgspec.structs.replace(request, messages=(Message("user", (Text("."),)),), tools=())


class LoadedWhole(CountedWhole):
    """The answer, once the model is there."""

    def __init__(self, client: ChatDialect, request: ChatRequest) -> None:
        super().__init__(client)
        self.usage = Usage()
        self._request = request

    def end(self) -> bytes:
        word = "unload" if keep_alive(self._request) == 0 else "load"
        choices = (Choice(0, (), Finish("stop", word)),)
        response = ChatResponse(model=self._request.model, choices=choices, usage=self.usage)
        return self._client.encode_response(response, self._client.name, self._request).body
