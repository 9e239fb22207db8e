"""What routing knows of a call: read from the request when a route asks for it, and once."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import chain

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    EmbedRequest,
    Image,
    Message,
    Part,
    Refused,
    RerankRequest,
    ToolResult,
    Video,
)
from counterpoint.gateway.asking import output_allowed
from counterpoint.gateway.estimate import estimate_tokens
from counterpoint.gateway.routing.plan import Facts

Readable = ChatRequest | EmbedRequest | RerankRequest | None
"""A request that was decoded; `None`: of an operation that is only passed on."""
_BYTES_PER_TOKEN = 4
_BEGINNING = 4096
"""Bytes of a prompt's beginning: about the thousand tokens from which on hosts keep prompts in a cache."""
_CAPABILITIES: Mapping[type, str] = {
    Image: "images",
    Document: "documents",
    Audio: "audio",
    Video: "video_input",
}
_MEDIA = (b"image", b"Image", b"audio", b"video", b"document", b"file", b"nline", b"edia")
SIGNS: Mapping[str, tuple[bytes, ...]] = {
    "tools": (b'"tool', b'"function'),
    "structured_output": (b"chema", b'ormat"'),
} | dict.fromkeys(_CAPABILITIES.values(), _MEDIA)
"""One of these is in every body that needs the capability, in whatever dialect."""


def modest(dialect: str, body: bytes, room: float, signs: tuple[bytes, ...]) -> bool:
    """Whether a glance at a body tells that all of the call has `room`, and that none of `signs` is in it. A text has
    no more tokens than bytes; where letters are escaped, or a number cannot be read, a glance tells nothing."""
    if len(body) > room or b"\\u" in body or any(sign in body for sign in signs):
        return False
    try:
        output = output_allowed(dialect, body)
    except ValueError:
        return False
    return len(body) + (output or 0) <= room


class CallFacts:
    """Of a call under way. `read`: its request, decoded; `size`: bytes of its body, from which its length is guessed
    where it cannot be read."""

    __slots__ = ("_facts", "_headers", "_read", "_size")

    def __init__(self, headers: Mapping[bytes, bytes], size: int, read: Callable[[], Readable]) -> None:
        self._headers = headers
        self._size = size
        self._read = read
        self._facts: Facts | None = None

    def facts(self) -> Facts:
        """All but the session."""
        if self._facts is None:
            try:
                request = self._read()
            except Refused:  # a host that is asked in its own words may still take it
                request = None
            self._facts = facts_of(request, self._size)
        return self._facts

    def session(self, header: str) -> str:
        """What the caller names his session."""
        return self._headers.get(header.lower().encode("latin-1", "replace"), b"").decode("latin-1")[:200]


class Given:
    """Of a call that is only thought of."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Facts = Facts()) -> None:  # noqa: B008 - frozen
        self._facts = facts

    def facts(self) -> Facts:
        """As they were told."""
        return self._facts

    def modest(self, room: float, signs: tuple[bytes, ...]) -> bool:
        """There is nothing to glance at."""
        return False

    def session(self, header: str) -> str:
        """As it was told, whatever the header."""
        return self._facts.session


def facts_of(request: Readable, size: int) -> Facts:
    """`size`: bytes of the body, for what cannot be read."""
    match request:
        case ChatRequest():
            return Facts(
                tokens=estimate_tokens(request),
                output=request.max_output,
                needs=frozenset(_needs(request)),
                prefix=_prefix(request),
            )
        case EmbedRequest():
            longest = max((_length(text) for text in request.input), default=0)
            return Facts(tokens=longest, output=0)
        case RerankRequest():
            encoded = len(msgspec.json.encode((request.query, request.documents)))
            return Facts(tokens=_tokens(encoded), output=0)
    return Facts(tokens=_tokens(size))


def _tokens(size: int) -> int:
    return -(-size // _BYTES_PER_TOKEN)


def _length(text: str | tuple[int, ...]) -> int:
    """Each text of an embedding has the model's context to itself."""
    return _tokens(len(text.encode("utf-8", "replace"))) if isinstance(text, str) else len(text)


def _needs(request: ChatRequest) -> Iterator[str]:
    if request.tools:
        yield "tools"
    if request.output is not None and request.output.kind == "json_schema":
        yield "structured_output"
    for message in request.messages:
        for part in _parts(message.parts):
            # What a model said itself comes back as audio, too; it need not hear it.
            if type(part) in _CAPABILITIES and message.role != "assistant":
                yield _CAPABILITIES[type(part)]


def _parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    return chain(parts, *(part.parts for part in parts if isinstance(part, ToolResult)))


def _prefix(request: ChatRequest) -> str:
    """Of what stays the same while a conversation goes on: the tools, and all up to the first word of the user."""
    beginning: list[Message] = []
    for message in request.messages:
        beginning.append(message)
        if message.role == "user":
            break
    encoded = msgspec.json.encode((request.tools, beginning))[:_BEGINNING]
    return blake2b(encoded, digest_size=16).hexdigest()
