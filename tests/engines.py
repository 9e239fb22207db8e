"""Local models for tests: the real demo models, fetched once for all runs, called the way a gateway worker does.

`COUNTERPOINT_TEST_MODELS` says where they are kept (default: `~/.cache/counterpoint/test-models`).
"""

import asyncio
import hashlib
import os
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    EmbedRequest,
    EmbedResponse,
    Failure,
    Message,
    StreamEvent,
    Text,
    fold,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.client import CallHandle, EngineLink
from counterpoint.engines.frames import Operation
from counterpoint.engines.manifest import MANIFEST, encode_manifest, read_manifest
from counterpoint.engines.running import RunSettings
from counterpoint.engines.store import ModelStore
from counterpoint.engines.supervisor import Supervisor

CHAT = "smollm2-135m-instruct"
EMBED = "multilingual-e5-small"
PATIENCE = 120.0

T = TypeVar("T")


def models_folder() -> Path:
    """The folder with the default models. They are fetched by another process: in this one the network is off."""
    folder = Path(
        os.environ.get("COUNTERPOINT_TEST_MODELS") or Path.home() / ".cache" / "counterpoint" / "test-models"
    )
    if {model.name for model in ModelStore(folder).list()} < {CHAT, EMBED}:
        program = "import sys, pathlib; from counterpoint.engines.store import ModelStore; "
        program += "ModelStore(pathlib.Path(sys.argv[1])).pull_defaults()"
        subprocess.run([sys.executable, "-c", program, str(folder)], check=True)
    return folder


def user(text: str) -> Message:
    """A turn of the user's."""
    return Message("user", (Text(text),))


def asked(text: str, **fields: Any) -> ChatRequest:
    """A short question to the demo model; the most likely answer unless told otherwise."""
    fields.setdefault("temperature", 0.0)
    fields.setdefault("max_output", 24)
    fields.setdefault("messages", (user(text),))
    return ChatRequest(model=CHAT, **fields)


def text_of(answer: ChatResponse, choice: int = 0) -> str:
    """What an answer says."""
    return "".join(part.text for part in answer.choices[choice].parts if isinstance(part, Text))


class Collected:
    """A sink that keeps everything, and a way for another thread to wait for its end."""

    def __init__(self) -> None:
        self.events: list[StreamEvent] = []
        self.ends: list[str] = []
        self.outcome: Future[ChatResponse | EmbedResponse | int | Failure] = Future()
        self.handle: CallHandle | None = None
        self._some = threading.Condition()

    def on_event(self, event: StreamEvent) -> None:
        with self._some:
            self.events.append(event)
            self._some.notify_all()

    def on_result(self, result: EmbedResponse | int) -> None:
        self.ends.append("result")
        self.outcome.set_result(result)

    def on_done(self) -> None:
        self.ends.append("done")
        self.outcome.set_result(fold(self.events))

    def on_failure(self, failure: Failure) -> None:
        self.ends.append("failure")
        self.outcome.set_result(failure)

    def wait_for_events(self, count: int) -> None:
        """Until so many events have come."""
        with self._some:
            assert self._some.wait_for(lambda: len(self.events) >= count or self.ends, PATIENCE)
        assert len(self.events) >= count, self.outcome.result(0)

    def end(self) -> ChatResponse | EmbedResponse | int | Failure:
        """How the call ended."""
        return self.outcome.result(PATIENCE)


class LocalModels:
    """A supervisor on an event loop of its own, and links to the models it runs."""

    def __init__(
        self, models: Path, settings: RunSettings | None = None, memory_limit: int | None = None
    ) -> None:
        self._sockets = tempfile.TemporaryDirectory(prefix="counterpoint-")
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.sockets = Path(self._sockets.name)
        self.supervisor = Supervisor(
            models, self.sockets, settings or RunSettings(keep_alive=-1), memory_limit=memory_limit
        )
        self._links: dict[Path, EngineLink] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def begin(
        self,
        request: ChatRequest | EmbedRequest,
        operation: Operation = "chat",
        keep_alive: float | None = None,
    ) -> Collected:
        """Start a call to the model that the request names."""

        async def call() -> Collected:
            path = await self.supervisor.ensure(request.model)
            link = self._links.setdefault(path, EngineLink(path))
            sink = Collected()
            sink.handle = link.call(operation, request, keep_alive, sink)
            return sink

        return self.run(call())

    def chat(self, request: ChatRequest) -> ChatResponse:
        """The answer to a chat. Raises `Refused`."""
        end = self.begin(request).end()
        if isinstance(end, Failure):
            raise Refused(end)
        assert isinstance(end, ChatResponse)
        return end

    def failure(self, request: ChatRequest | EmbedRequest, operation: Operation = "chat") -> Failure:
        """The failure that a call must end with."""
        end = self.begin(request, operation).end()
        assert isinstance(end, Failure), end
        return end

    def cancel(self, call: Collected) -> None:
        """The caller goes away."""
        assert call.handle is not None
        self.loop.call_soon_threadsafe(call.handle.cancel)

    def status(self, model: str) -> Any:
        """What the supervisor says of one model."""

        async def status() -> Any:
            return {each.name: each for each in self.supervisor.status()}[model]

        return self.run(status())

    def wait_until_idle(self, model: str) -> None:
        """Until the supervisor knows that the model has nothing to do: it hears so after the caller does."""

        async def idle() -> None:
            running = self.supervisor._records[model].running
            while running is not None and running.status.active:
                running._changed.clear()
                await running._changed.wait()

        self.run(idle())

    def hang_up(self) -> None:
        """Close all links."""

        async def close() -> None:
            for link in self._links.values():
                link.close()
            self._links.clear()

        self.run(close())

    def stop(self) -> None:
        """End all models and the loop."""
        self.hang_up()
        self.run(self.supervisor.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()
        self._sockets.cleanup()


def with_template(models: Path, folder: Path, name: str, template: str | None) -> None:
    """A copy of the demo chat model as `folder/name`, whose file has another chat template (`None`: none)."""
    manifest = read_manifest(models / CHAT / MANIFEST)
    content = bytearray((models / CHAT / manifest.file).read_bytes())
    key = gguf_text("tokenizer.chat_template")
    start = content.index(key)
    if template is None:
        content[start : start + len(key)] = gguf_text("tokenizer.chat_templatX")
    else:
        begin = start + len(key) + 4 + 8
        (length,) = struct.unpack_from("<Q", content, begin - 8)
        encoded = template.encode() + b"{# "
        # Nothing may move in the file: a comment fills up what the old template was longer.
        content[begin : begin + length] = encoded.ljust(length - 3) + b" #}"
    path = folder / name / "m.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    manifest = msgspec.structs.replace(manifest, name=name, file="m.gguf", sha256=digest)
    (folder / name / MANIFEST).write_bytes(encode_manifest(manifest))


def gguf_bytes(
    fields: dict[str, tuple[int, bytes]],
    tensors: bytes = b"",
    count: int = 0,
    data: int = 0,
    version: int = 3,
) -> bytes:
    """A GGUF file: `fields` map keys to value type and encoded value, `tensors` are encoded tensor headers."""
    head = b"GGUF" + struct.pack("<IQQ", version, count, len(fields))
    for key, (kind, value) in fields.items():
        head += gguf_text(key) + struct.pack("<I", kind) + value
    head += tensors
    padding = -len(head) % 32 if count else 0
    return head + bytes(padding + data)


def gguf_text(text: str) -> bytes:
    """A string as the format writes it."""
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def small_gguf(**more: tuple[int, bytes]) -> bytes:
    """A header like a small chat model's, with one tensor of 64 values."""
    fields = {
        "general.architecture": (8, gguf_text("llama")),
        "general.name": (8, gguf_text("Tiny")),
        "general.license": (8, gguf_text("mit")),
        "llama.context_length": (4, struct.pack("<I", 4096)),
        "llama.embedding_length": (4, struct.pack("<I", 64)),
        "llama.block_count": (4, struct.pack("<I", 2)),
        "llama.attention.head_count": (4, struct.pack("<I", 4)),
        "tokenizer.chat_template": (8, gguf_text("{{ messages }}<think>")),
        **{key.replace("__", "."): value for key, value in more.items()},
    }
    tensor = gguf_text("a") + struct.pack("<I", 1) + struct.pack("<Q", 64) + struct.pack("<IQ", 0, 0)
    return gguf_bytes(fields, tensor, 1, 256)
