"""The part that answers calls: gateway workers, local models, the ledger's way to the database, what is kept for
clients. Any number of such processes, on any number of machines, work over one PostgreSQL."""

import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from pathlib import Path

from counterpoint.app.committing import Committing
from counterpoint.app.compose import Control
from counterpoint.app.frames import WorkerSettings
from counterpoint.app.leasing import Leasing
from counterpoint.app.links import WorkerLinks
from counterpoint.app.listening import told_to_others, url_of
from counterpoint.app.observing import Observing, telemetry_of
from counterpoint.app.plan import Plan
from counterpoint.app.presence import Presence
from counterpoint.app.publishing import Publisher
from counterpoint.app.recalling import Recalling
from counterpoint.app.shelving import Reception
from counterpoint.app.threads import in_daemon_thread
from counterpoint.app.tls import context_of
from counterpoint.app.workers import Workers
from counterpoint.control.credentials.keeper import Keeper
from counterpoint.control.shelf import Shelf
from counterpoint.control.shipper import Shipper
from counterpoint.directory import Key
from counterpoint.engines.supervisor import Supervisor
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.listening import Listener

log = logging.getLogger(__name__)

WORKER_START_SECONDS = 60.0
RENEW_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
"""A connection that waits for nothing is given so long for one more call, when its worker is replaced."""


class GatewayRole:
    """Everything that answers calls, started by `start`, which leaves on its stack how it is stopped."""

    def __init__(self, control: Control, sockets: list[socket.socket], folder: Path) -> None:
        """`sockets`: what listens for calls. `folder`: for the sockets among our own processes."""
        plan = control.plan
        if plan.tls:
            context_of(*plan.tls)  # a worker would say it, too, but only in its log
        self._control = control
        self._sockets = sockets
        self._link = folder / "control.sock"
        self._handed = False
        address = sockets[0].getsockname()
        scheme = "https" if plan.tls else "http"
        self.url = url_of(scheme, address)
        self.public_url = control.settings.gateway_url or told_to_others(scheme, address)
        self.shipper = Shipper(control.database, plan.spool)
        self.committing = Committing(self.shipper)
        self.observing = Observing(telemetry_of(control.settings.configuration.telemetry, control.folder))
        self.observing.watch(self.shipper)
        self.observing.waits = lambda: self.committing.waits
        self.supervisor = Supervisor(plan.models, folder, plan.run, plan.models_memory)
        self.links = WorkerLinks(
            _worker_settings(plan, address[0], address[1]), _nobody, self.supervisor.ensure
        )
        keeper = control.providers.keeper
        self.publisher = Publisher(
            control.database, plan.models, control.directory, self.links.publish, lambda: keeper.version
        )
        self.workers = Workers(self._link, plan.workers, sockets)
        self.reception = Reception(Shelf(control.database), control.masters, lambda: self.publisher.directory)

    async def start(self, stack: AsyncExitStack) -> None:
        """Returns when the workers have been started; `wait` until they listen."""
        plan = self._control.plan
        stack.push_async_callback(asyncio.to_thread, self.observing.close)
        self.shipper.start()
        stack.push_async_callback(asyncio.to_thread, self.shipper.stop)
        stack.push_async_callback(self.supervisor.stop)
        links = self.links
        links.look_up = self.reception.looking_up(self.publisher.look_up)
        links.run = self.reception.desk.run
        stack.callback(self.reception.close)
        recalling = Recalling(self._control.database, plan.keep_answers)
        stack.callback(recalling.close)
        links.recall, links.abandon = recalling.recall, recalling.abandon
        stack.push_async_callback(self.committing.close)
        links.commit, links.waited = self.committing.commit, self.committing.note
        leasing = Leasing(
            self._control.database,
            plan.spool,
            linked=lambda: links.holders,
            directory=lambda: self.publisher.directory,
        )
        stack.callback(leasing.close)
        links.lease = leasing.claim
        await self.publisher.refresh()
        await links.listen(self._link)
        stack.callback(links.close)
        self.workers.start()
        stack.push_async_callback(self._stop)
        listener = Listener(self._control.database, lambda _: self.publisher.hear())
        listener.start()
        stack.push_async_callback(asyncio.to_thread, listener.stop)
        for errand in (self.publisher.watch(), leasing.watch(), _renew(self._control.providers.keeper)):
            stack.callback(asyncio.create_task(errand).cancel)

    async def wait(self) -> None:
        """Until calls are answered. Raises `Complaint`."""
        waiting = self.links.wait_listening(self._control.plan.workers)
        try:
            await asyncio.wait_for(waiting, WORKER_START_SECONDS)
        except TimeoutError:
            seconds = int(WORKER_START_SECONDS)
            raise Complaint("app.worker_lost", kind="unavailable", seconds=seconds) from None

    def announce(self, presence: Presence) -> None:
        """Others find this gateway."""
        presence.says(gateway=self.public_url)

    async def roll(self) -> None:
        """Replace the workers one by one; no call is refused meanwhile."""
        grace = self._control.plan.grace
        await self.workers.roll(
            self.links.wait_for, lambda pid: self.links.say_leave(PATIENCE_SECONDS, pid), grace
        )

    def hand_over(self) -> None:
        """Another process accepts on the same sockets by now: this one has only to end."""
        self._handed = True

    async def _stop(self) -> None:
        plan = self._control.plan
        if self._handed:
            self.links.say_leave(PATIENCE_SECONDS)
        elif plan.leave:
            # Whoever shares calls out among machines learns that this one goes, and has time to see it.
            self.links.say_leave(PATIENCE_SECONDS)
            await asyncio.sleep(plan.leave)
        await self.workers.stop(plan.grace)


async def _nobody(_: bytes) -> Key | None:
    return None


async def _renew(keeper: Keeper) -> None:
    """Have the tokens of clouds renewed ahead of their end. Each process has its own: they are in its memory alone."""
    while True:
        try:
            await in_daemon_thread(keeper.renew_due)
        except Exception:
            log.exception("the tokens of clouds could not be renewed; tried again at once")
        await asyncio.sleep(RENEW_SECONDS)


def _worker_settings(plan: Plan, host: str, port: int) -> WorkerSettings:
    return WorkerSettings(
        host=host,
        port=port,
        spool=str(plan.spool),
        limits=plan.limits,
        tls_certificate=plan.tls[0] if plan.tls else None,
        tls_key=plan.tls[1] if plan.tls else None,
        cors=plan.cors,
        grace=plan.grace,
        commit=plan.commit,
        commit_wait=plan.commit_wait,
        private_networks=plan.private_networks,
    )
