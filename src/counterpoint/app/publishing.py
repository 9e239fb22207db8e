"""Keeps the directory true: looks for changes of rows, models and the clock, and publishes what came of them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from counterpoint.control.publish import build_directory, current_revision
from counterpoint.directory import LOCAL_HOST, Directory, Host, Key, Offering
from counterpoint.directory.values import FREE
from counterpoint.engines.manifest import MANIFEST, Manifest, read_manifest
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
RENEW_SECONDS = 300.0  # prices and keys have dates: what was true this morning may not be now


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
    )


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0


class Publisher:
    """Builds directories and hands each new one to `publish`. `hosted`: the configured hosts and what they
    offer, looked up anew each time."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        models: Path,
        hosted: Callable[[], tuple[Iterable[Host], Iterable[Offering]]],
        publish: Callable[[Directory], None],
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._models = models
        self._hosted = hosted
        self._publish = publish
        self._seen: object = None
        self._built_at = 0.0
        self._lock = asyncio.Lock()
        self.directory = Directory()

    async def refresh(self) -> None:
        """Publish if anything has changed."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            seen = await asyncio.to_thread(self._fingerprint)
            if seen == self._seen and now - self._built_at < RENEW_SECONDS:
                return
            directory = await asyncio.to_thread(self._build)
            self._seen, self._built_at = seen, now
            if directory != self.directory:
                self.directory = directory
                self._publish(directory)

    def _fingerprint(self) -> object:
        models = {path.parent.name: path.stat().st_mtime_ns for path in self._models.glob(f"*/{MANIFEST}")}
        return current_revision(self._database), models

    def _build(self) -> Directory:
        hosts, offerings = self._hosted()
        return build_directory(
            self._database,
            self._organisation_id,
            hosts=(*hosts, Host(LOCAL_HOST)),
            offerings=(*offerings, *local_offerings(self._models)),
        )

    async def look_up(self, digest: bytes) -> Key | None:
        """A key that may be newer than the last directory published."""
        await self.refresh()
        return self.directory.keys.get(digest)

    async def watch(self) -> None:
        """Refresh for ever. A database that is away costs nothing but news."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.refresh()
            except Exception:
                log.exception("the directory could not be renewed; the last one stays in force")
                await asyncio.sleep(LOOK_SECONDS * 4)
