"""The part that works in the background: batches, and duties that one process of several does at a time. When the one
that did them is gone, another goes on."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

from counterpoint.app.compose import Control
from counterpoint.app.duties import Duty, attend
from counterpoint.app.knowing import Knowing
from counterpoint.app.presence import Presence
from counterpoint.app.shelving import Workshop
from counterpoint.control.kept import KeptAnswers
from counterpoint.control.ledgerdays import LedgerDays
from counterpoint.control.shelf import Shelf

log = logging.getLogger(__name__)
DISCOVER_SECONDS = 60.0
TIDY_SECONDS = 30.0
DAYS_SECONDS = 3600.0
TELL_SECONDS = 2.0
SOURCES_SECONDS = 1.0
"""How often is looked whether there is a source, as long as there is none."""
_TURNS = 20
"""How much is forgotten at a time: whoever asks the database meanwhile must not wait for long."""


def duties_of(control: Control) -> Iterator[Duty]:
    """All that is done in the background by one process at a time."""
    kept, shelf = KeptAnswers(control.database, control.plan.keep_answers), Shelf(control.database)

    def tidy() -> None:
        kept.end_lapsed()
        for _ in range(_TURNS):
            if not kept.expire():
                break
        while shelf.expire():
            pass

    yield Duty("tidying", TIDY_SECONDS, tidy)
    days = LedgerDays(control.database, control.plan.keep_entries)
    yield Duty("days of the ledger", DAYS_SECONDS, days.tend)
    events, courier = control.budget_events(), control.courier()

    def tell() -> None:
        events.look()
        courier.deliver()

    yield Duty("telling", TELL_SECONDS, tell)
    yield Duty("discovery", DISCOVER_SECONDS, control.providers.discover)


class WorkerRole:
    """`gateway`: the address of one, as of now."""

    def __init__(
        self, control: Control, presence: Presence, gateway: Callable[[], str], knowing: Knowing
    ) -> None:
        self._control = control
        self._knowing = knowing
        self._presence = presence
        tls = None if control.settings.gateway_url else control.plan.tls
        self.workshop = Workshop(
            Shelf(control.database), control.masters, presence.claims, gateway, tls[0] if tls else None
        )

    def start(self, stack: AsyncExitStack) -> None:
        """Returns at once."""
        stack.push_async_callback(self.workshop.stop)
        stack.callback(asyncio.create_task(self.workshop.batches.watch()).cancel)
        stack.push_async_callback(asyncio.to_thread, self._knowing.stop_syncing)
        stack.callback(asyncio.create_task(self._sync()).cancel)
        for duty in duties_of(self._control):
            stack.callback(asyncio.create_task(attend(duty, self._presence.claims)).cancel)

    async def _sync(self) -> None:
        """From when there is a source on."""
        while True:
            try:
                if await asyncio.to_thread(self._knowing.start_syncing):
                    return
            except Exception:
                log.exception("sources cannot be synced; tried again")
            await asyncio.sleep(SOURCES_SECONDS)
