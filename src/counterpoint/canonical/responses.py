"""Answers in canonical words."""

from typing import Any

import msgspec

from counterpoint.canonical.finish import Finish
from counterpoint.canonical.parts import NO_EXTENSIONS, Extensions, Part
from counterpoint.canonical.usage import UNREPORTED, Usage


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the answers (there are several only when `n` was asked for). `logprobs` is kept in the
    OpenAI shape (`content: [{token, logprob, bytes, top_logprobs}]`), the only one in use."""

    index: int = 0
    parts: tuple[Part, ...] = ()
    finish: Finish | None = None
    logprobs: Any = None
    extensions: Extensions = NO_EXTENSIONS


class ChatResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole answer. `created`: seconds since the epoch, `None` where the dialect has no such field."""

    id: str = ""
    model: str = ""
    choices: tuple[Choice, ...] = ()
    usage: Usage = UNREPORTED
    created: int | None = None
    service_tier: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class Embedding(msgspec.Struct, frozen=True):
    """One vector, either as floats or as the base64 of little-endian float32."""

    index: int
    vector: tuple[float, ...] | str


class Ranked(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document of a reranking: its place in the request, and how well it answers (the higher, the better; a
    model's own scale). `document`: its text or object, where the host repeats it."""

    index: int
    score: float
    document: Any = None
    extensions: Extensions = NO_EXTENSIONS


class RerankResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Documents, the best first."""

    results: tuple[Ranked, ...]
    id: str = ""
    model: str = ""
    usage: Usage = UNREPORTED
    extensions: Extensions = NO_EXTENSIONS


class EmbedResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Vectors in the order of the inputs."""

    model: str
    data: tuple[Embedding, ...]
    usage: Usage = UNREPORTED
    extensions: Extensions = NO_EXTENSIONS
