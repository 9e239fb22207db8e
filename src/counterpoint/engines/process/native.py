"""llama.cpp's server, loaded into this process, and the private HTTP channel to it.

Why HTTP within one process, when the bindings have calls of their own: those calls block a thread each and
listen to nobody until the first token is there. Over its own listener the server notices that a caller hung up
even while it reads a long prompt, and one event loop drives all slots. The listener is a Unix socket in our
private folder, with a random key: no port is ever opened.
"""

import asyncio
import os
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.memory import context_of
from counterpoint.engines.process.settings import Settings, available_memory, threads_of
from counterpoint.i18n import say
from counterpoint.wire.sse import SseReader

JSON: Final = msgspec.json.Decoder()
BATCH: Final = 128
"""Tokens read at a time. Between batches the other slots get their next token, so a long prompt does not stop
everybody's streams; on a CPU larger batches read no faster (measured: 213 tokens a CPU-second at 64 and at 2048)
and take 40 MiB more."""
LINE_LIMIT: Final = 1 << 20
_TOO_LONG: Final = re.compile(r"input \((\d+) tokens\) is (?:too large|larger).*?(\d+)\D*$")


class NativeServer:
    """A loaded GGUF model."""

    def __init__(
        self,
        manifest: Manifest,
        weights: Path,
        projector: Path | None,
        settings: Settings,
        socket: Path,
        pooling: str | None = None,
    ) -> None:
        """Load; takes seconds. Raises `RuntimeError` (the reason is on standard error) when it fails."""
        import xllamacpp  # noqa: PLC0415 - only now: it reads the environment at import

        self._key = secrets.token_urlsafe(24)
        self._socket = socket
        with suppress(FileNotFoundError):
            socket.unlink()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(weights)
        if projector is not None:
            parameters.mmproj.path = str(projector)
        parameters.n_ctx = context_of(manifest, settings.context, settings.memory_limit or available_memory())
        parameters.n_parallel = settings.parallel
        parameters.kv_unified = True
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads_of(settings)
        # The cache in memory beside the slots hands prompts computed under one adapter to calls without it, and
        # would grow to 8 GiB.
        parameters.cache_ram_mib = 0
        parameters.warmup = False
        parameters.use_jinja = True
        parameters.verbosity = 1  # errors only: anything more would log what people wrote
        parameters.hostnames = [str(socket)]
        parameters.api_keys = [self._key]
        if projector is None:  # an image must fit into one batch
            parameters.n_batch = parameters.n_ubatch = BATCH
        if manifest.kind == "embed":
            parameters.embedding = True
            parameters.n_batch = parameters.n_ubatch = parameters.n_ctx  # one text is one batch
            if pooling in {None, "none"}:  # not an embedding model by birth: the mean serves best
                parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
        self.parameters = parameters
        mask = os.umask(0o177)
        try:
            self._server = xllamacpp.Server(parameters)
        finally:
            os.umask(mask)

    async def ask(self, path: str, body: Any = None) -> Any:
        """One question, one JSON answer. Raises `Refused` with what the server objects to."""
        reader, writer = await self._send(path, body)
        try:
            status, length = await _head(reader)
            content = await (reader.readexactly(length) if length is not None else _whole(reader))
        finally:
            writer.close()
        answer = JSON.decode(content)
        if status != 200:
            raise Refused(failure_of(answer))
        return answer

    async def stream(self, path: str, body: Any) -> AsyncGenerator[dict[str, Any], None]:
        """The chunks of a streamed answer. Leaving the iteration early (`aclose`) ends the work on it."""
        reader, writer = await self._send(path, body)
        try:
            status, length = await _head(reader)
            if status != 200:
                content = await (reader.readexactly(length) if length is not None else _whole(reader))
                raise Refused(failure_of(JSON.decode(content)))
            frames = SseReader()
            async for piece in _chunks(reader):
                for frame in frames.feed(piece):
                    if frame.data == b"[DONE]":
                        return
                    chunk = JSON.decode(frame.data)
                    if "error" in chunk:
                        raise Refused(failure_of(chunk))
                    yield chunk
        finally:
            writer.close()

    async def _send(self, path: str, body: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_unix_connection(str(self._socket), limit=LINE_LIMIT)
        content = b"" if body is None else msgspec.json.encode(body)
        method = "GET" if body is None else "POST"
        writer.write(
            f"{method} {path} HTTP/1.1\r\nhost: model\r\nauthorization: Bearer {self._key}\r\n"
            "content-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(content)}\r\n\r\n".encode()
            + content
        )
        return reader, writer


async def _head(reader: asyncio.StreamReader) -> tuple[int, int | None]:
    """Status and content length (`None`: chunked) of an answer."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length: int | None = None
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return int(lines[0].split(" ")[1]), length


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The pieces of a chunked body (RFC 9112, 7.1)."""
    while size := int((await reader.readline()).split(b";")[0], 16):
        yield (await reader.readexactly(size + 2))[:-2]


async def _whole(reader: asyncio.StreamReader) -> bytes:
    return b"".join([piece async for piece in _chunks(reader)])


def context_exceeded(tokens: object, context: object) -> Failure:
    """The input is too long."""
    return Failure(
        FailureKind.context_exceeded,
        say("engines.context_exceeded", lang="en", tokens=tokens, context=context),
        code="context_length_exceeded",
        from_upstream=True,
    )


def failure_of(answer: Any) -> Failure:
    """The server's error object in canonical words."""
    error = answer.get("error") if isinstance(answer, dict) else None
    error = error if isinstance(error, dict) else {}
    message = str(error.get("message", answer))
    kind = str(error.get("type", ""))
    if kind == "exceed_context_size_error":
        return context_exceeded(error.get("n_prompt_tokens"), error.get("n_ctx"))
    too_long = _TOO_LONG.search(message)
    if too_long:
        return context_exceeded(too_long[1], too_long[2])
    if "ontext size has been exceeded" in message or "free space in the KV cache" in message:
        return Failure(
            FailureKind.overloaded,
            say("engines.context_shared", lang="en"),
            code="engine_overloaded",
            retry_after=2.0,
            from_upstream=True,
        )
    if kind == "invalid_request_error":
        return Failure(
            FailureKind.bad_request,
            say("engines.refused", lang="en", reason=message),
            code="engine_refused",
            from_upstream=True,
        )
    return Failure(
        FailureKind.upstream_error,
        say("engines.failed", lang="en", reason=message),
        code="engine_failed",
        from_upstream=True,
    )
