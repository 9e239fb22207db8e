"""What can be loaded: a chat model or an embedding model, behind one face."""

from collections.abc import Callable
from pathlib import Path

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
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.chat import ChatModel
from counterpoint.engines.process.native import NativeServer
from counterpoint.engines.process.settings import Settings, check_hash, weights_of
from counterpoint.i18n import say


class LoadedModel:
    """A model in memory; it refuses what its kind does not do."""

    def __init__(self, manifest: Manifest, chat: ChatModel | None) -> None:
        self._manifest = manifest
        self._chat = chat
        self.context = manifest.context or 0

    async def learn(self) -> None:
        """Find out what cannot be known before the event loop runs."""
        if self._chat is not None:
            await self._chat.learn()
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
        raise self._cannot("embed")

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
    projector = None
    if manifest.projector is not None:
        projector = weights_of(manifest, folder, manifest.projector)
        check_hash(manifest, projector, manifest.projector_sha256 or "")
    native = NativeServer(manifest, weights, projector, settings, private_socket(socket))
    return LoadedModel(manifest, ChatModel(manifest, native, settings.parallel))
