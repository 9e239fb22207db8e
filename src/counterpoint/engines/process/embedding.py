"""Turn texts into vectors: multilingual-e5 with numpy, any GGUF embedding model in llama.cpp.

Retrieval models are trained with a word before each text that says whether it is a question or a passage. Most
clients do not send it, so the model's own prefixes are put in here: `passage` unless the request's
extensions carry `input_type` (`query` or `passage`; `search_query` and `search_document` mean the same).
"""

import asyncio
import base64
import math
import struct
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal, Protocol

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Failure, FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.native import NativeServer, context_exceeded
from counterpoint.i18n import say

InputType = Literal["query", "passage"]
_TYPES: Final[dict[str, InputType]] = {
    "query": "query",
    "search_query": "query",
    "passage": "passage",
    "document": "passage",
    "search_document": "passage",
}
_QUESTIONS: Final = ("RETRIEVAL_QUERY", "CODE_RETRIEVAL_QUERY", "QUESTION_ANSWERING", "FACT_VERIFICATION")
"""Tasks, in the words of the Gemini API (https://ai.google.dev/api/embeddings#TaskType), whose texts are queries."""
LONGEST: Final = 8192
"""Tokens of one text, at most : beyond, a vector says little and costs minutes."""
PREFIXES: Final[dict[InputType, str]] = {"query": "query: ", "passage": "passage: "}
"""Of multilingual-e5, by its model card."""
MOST_TEXTS: Final = 16
MOST_CHARACTERS: Final = 16_384
"""Of one batch. Between batches other calls get their turn, and a cancelled one ends."""


class Embedder(Protocol):
    """A runtime that makes vectors. `vectors` returns them and the tokens read."""

    async def vectors(
        self, texts: Sequence[str], input_type: InputType
    ) -> tuple[list[Sequence[float]], int]: ...


class E5Embedder:
    """multilingual-e5-small from 4-bit weights. Longer texts than its 512 tokens are read in windows and averaged."""

    def __init__(self, weights: str) -> None:
        from counterpoint.engines.process.e5 import E5  # noqa: PLC0415 - numpy; only this model needs it

        self._model = E5(Path(weights))
        self._thread = ThreadPoolExecutor(1, "embed")

    async def vectors(self, texts: Sequence[str], input_type: InputType) -> tuple[list[Sequence[float]], int]:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._embed, texts, PREFIXES[input_type]
        )

    def _embed(self, texts: Sequence[str], prefix: str) -> tuple[list[Sequence[float]], int]:
        longest = max(self._model.count(text, prefix) for text in texts)
        if longest > LONGEST:
            raise Refused(context_exceeded(longest, LONGEST))
        rows, counts = self._model.vectors(texts, prefix)
        return rows.tolist(), sum(counts)


class GgufEmbedder:
    """An embedding model in llama.cpp."""

    def __init__(self, manifest: Manifest, native: NativeServer) -> None:
        self._prefixes = {"query": manifest.query_prefix, "passage": manifest.passage_prefix}
        self._native = native

    async def vectors(self, texts: Sequence[str], input_type: InputType) -> tuple[list[Sequence[float]], int]:
        prefix = self._prefixes[input_type]
        answer = await self._native.ask("/v1/embeddings", {"input": [prefix + text for text in texts]})
        rows = sorted(answer["data"], key=lambda row: int(row["index"]))
        return [row["embedding"] for row in rows], int(answer["usage"]["prompt_tokens"])


async def embed(manifest: Manifest, embedder: Embedder, request: EmbedRequest) -> EmbedResponse:
    """Answer `request`. Raises `Refused` for what the model cannot do."""
    texts = [text for text in request.input if isinstance(text, str)]
    if len(texts) != len(request.input):
        raise _refused("engines.embed.tokens", "input")
    if not texts:
        raise _refused("engines.embed.empty", "input")
    input_type = _input_type(request)
    vectors: list[Sequence[float]] = []
    tokens = 0
    for batch in _batches(texts):
        some, read = await embedder.vectors(batch, input_type)
        vectors.extend(some)
        tokens += read
    if request.dimensions is not None:
        vectors = [_shortened(manifest, vector, request.dimensions) for vector in vectors]
    return EmbedResponse(
        model=manifest.name,
        data=tuple(
            Embedding(index, _packed(vector) if request.encoding == "base64" else tuple(vector))
            for index, vector in enumerate(vectors)
        ),
        usage=Usage(input=tokens),
    )


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == MOST_TEXTS or characters + len(text) > MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    yield batch


def _input_type(request: EmbedRequest) -> InputType:
    for fields in request.extensions.values():
        if fields.get("taskType") in _QUESTIONS:
            return "query"
        said = fields.get("input_type")
        if said is None:
            continue
        if not isinstance(said, str) or said not in _TYPES:
            raise _refused("engines.embed.input_type", "input_type", known=", ".join(sorted(_TYPES)))
        return _TYPES[said]
    return "passage"


def _shortened(manifest: Manifest, vector: Sequence[float], dimensions: int) -> Sequence[float]:
    """Only models trained for it keep their meaning when cut short; the manifest says which are."""
    if dimensions == len(vector):
        return vector
    if "dimensions" not in manifest.capabilities or not 0 < dimensions < len(vector):
        raise _refused("engines.embed.dimensions", "dimensions", dimensions=len(vector))
    cut = vector[:dimensions]
    length = math.sqrt(sum(value * value for value in cut)) or 1.0
    return [value / length for value in cut]


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")


def _refused(sentence: str, param: str, **values: object) -> Refused:
    return Refused(
        Failure(
            FailureKind.unsupported,
            say(sentence, lang="en", **values),
            code="unsupported_value",
            param=param,
            from_upstream=True,
        )
    )
