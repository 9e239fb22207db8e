"""Keeps the directory true: looks for changes of rows, models and the clock, and publishes what came of them."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from counterpoint.control.publish import current_revision
from counterpoint.directory import LOCAL_HOST, Directory, Key, Offering, Weights
from counterpoint.directory.values import FREE
from counterpoint.engines.manifest import MANIFEST, Manifest, read_manifest
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
LOOK_UP_SECONDS = 0.1


def local_offerings(models: Path) -> tuple[Offering, ...]:
    """What the store of local models offers."""
    return tuple(_offering(read_manifest(path)) for path in sorted(models.glob(f"*/{MANIFEST}")))


def _offering(manifest: Manifest) -> Offering:
    return Offering(
        host=LOCAL_HOST,
        id=manifest.name,
        model=manifest.name,
        display=manifest.display or manifest.name,
        context=manifest.context,
        price=FREE,
        capabilities=frozenset({manifest.kind, *manifest.capabilities}),
        created=_seconds(manifest.pulled_at),
        weights=Weights(
            manifest.size,
            manifest.sha256,
            manifest.format,
            manifest.architecture,
            manifest.parameters,
            manifest.quantisation,
        ),
    )


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0


class Publisher:
    """Builds a directory whenever something may have changed, and hands each new one to `publish`."""

    def __init__(
        self,
        database: Database,
        models: Path,
        build: Callable[[], Directory],
        publish: Callable[[Directory], None],
        news: Callable[[], object] = lambda: None,
    ) -> None:
        """`news`: gives another value when something else has changed that a directory holds."""
        self._database = database
        self._models = models
        self._build = build
        self._publish = publish
        self._news = news
        self._seen: object = None
        self._began = self._known = float("-inf")
        self._lock = asyncio.Lock()
        self._heard = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.directory = Directory()

    async def refresh(self, apart: float = 0.0) -> None:
        """Publish if anything has changed that stood when this was called. Looks begin at least `apart` seconds after
        the one before, and whoever waited for it is served by the same."""
        loop = asyncio.get_running_loop()
        called = loop.time()
        async with self._lock:
            if self._known > called:
                return
            await asyncio.sleep(max(0.0, self._began + apart - loop.time()))
            self._began = began = loop.time()
            await self._look()
            self._known = began

    async def _look(self) -> None:
        seen = await asyncio.to_thread(self._fingerprint)
        if seen == self._seen:
            return
        directory = await asyncio.to_thread(self._build)
        self._seen = seen
        if directory != self.directory:
            self.directory = directory
            self._publish(directory)

    def _fingerprint(self) -> object:
        models = {path.parent.name: path.stat().st_mtime_ns for path in self._models.glob(f"*/{MANIFEST}")}
        minute = int(time.time() // 60)  # prices may change with it, never within it
        return current_revision(self._database), models, minute, self._news()

    async def look_up(self, digest: bytes) -> Key | None:
        """A key that may be newer than the last directory published, however little. Guessed keys come this way too:
        however many, they cost a few looks a second."""
        await self.refresh(LOOK_UP_SECONDS)
        return self.directory.keys.get(digest)

    def hear(self) -> None:
        """Something has changed: `watch` looks at once. From any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._heard.set)

    async def watch(self) -> None:
        """Refresh for ever. A database that is away costs nothing but news."""
        self._loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._heard.wait(), LOOK_SECONDS)
            self._heard.clear()
            try:
                await self.refresh()
            except Exception:
                log.exception("the directory could not be renewed; the last one stays in force")
                await asyncio.sleep(LOOK_SECONDS * 4)
