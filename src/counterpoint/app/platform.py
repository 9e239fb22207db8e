"""Everything that `counterpoint up` runs, and the parts of it that run alone beside others, started in order and
stopped in the opposite one."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from counterpoint import __version__
from counterpoint.app import handover
from counterpoint.app.compose import Control, open_control
from counterpoint.app.gateway_role import GatewayRole
from counterpoint.app.handover import Door, take_sockets
from counterpoint.app.knowing import Knowing
from counterpoint.app.listening import enough, given_sockets, opened
from counterpoint.app.memory import few_arenas
from counterpoint.app.presence import Presence
from counterpoint.app.roles import ALL, Role
from counterpoint.app.runtime import SLOTS, InstanceLock, running_processes, runtime_folder
from counterpoint.app.settings import Settings
from counterpoint.app.studio_role import StudioRole
from counterpoint.app.telling import Ready, Reporter
from counterpoint.app.threads import in_daemon_thread
from counterpoint.app.worker_role import WorkerRole
from counterpoint.control.shelf import Shelf
from counterpoint.control.shelfmoving import move_in
from counterpoint.directory import LOCAL_HOST
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import parse_url


@dataclass
class _Start:
    """What a start needs and what came of it. `taken`: sockets of the process that this one takes over from, whose
    folder is `before`."""

    roles: Sequence[Role]
    slot: int
    stop: asyncio.Event
    given: list[socket.socket]
    before: Path | None = None
    taken: dict[str, list[socket.socket]] = field(default_factory=dict)
    gateway: GatewayRole | None = None
    studio: StudioRole | None = None


async def run(
    settings: Settings,
    reporter: Reporter,
    roles: Sequence[Role] = ALL,
    *,
    take_over: bool = False,
    given: Sequence[socket.socket] = (),
) -> int:
    """Run until SIGTERM or SIGINT. Returns 0 when everything ended in order. Raises `Complaint` when it cannot
    start; what had been started by then is stopped again. `take_over`: from the process that runs on this data folder,
    which ends when this one answers. `given`: sockets that the init system opened."""
    few_arenas()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    alone = _belongs_to_one(settings, roles)
    before = _predecessor(settings.data) if take_over else None
    lock = InstanceLock(settings.data, 1 if alone else SLOTS)
    async with AsyncExitStack() as stack:
        stack.callback(lock.release)
        control = await asyncio.to_thread(open_control, settings, starting="gateway" in roles)
        stack.callback(control.close)
        await asyncio.to_thread(_declare, control, roles)
        start = _Start(roles, lock.slot, stop, list(given), before)
        starting = asyncio.create_task(_start(control, reporter, stack, start))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.wait((starting,))
        if not starting.cancelled():
            reporter.ready(starting.result())
            await stopping
        stopping.cancel()
        reporter.stopping()
    return 0


def inherited() -> list[socket.socket]:
    """What the init system opened for this process."""
    return given_sockets(os.environ)


def _belongs_to_one(settings: Settings, roles: Sequence[Role]) -> bool:
    """Whether the database is one that a single process has for itself. Raises `Complaint` when parts of the platform
    are to share such a one: each would have its own, and none would see what the others do."""
    embedded = settings.database is None or parse_url(settings.database).drivername == "sqlite"
    if embedded and tuple(roles) != ALL:
        raise Complaint("app.needs_postgresql", role=roles[0])
    return embedded


def _predecessor(data: Path) -> Path:
    """The folder of the process that answers calls on this data folder. Raises `Complaint`."""
    for slot in running_processes(data):
        folder = runtime_folder(data, slot)
        if (folder / handover.NAME).exists():
            return folder
    raise Complaint("app.door.nobody", kind="not_found", data=data)


def _declare(control: Control, roles: Sequence[Role]) -> None:
    """A part that has no configuration file says nothing about what those of others declare."""
    if control.settings.config is None and tuple(roles) != ALL:
        return
    with control.database.alone():
        control.declare()


async def _start(control: Control, reporter: Reporter, stack: AsyncExitStack, start: _Start) -> Ready:
    """Start every part; `stack` stops them, the last one first."""
    plan = control.plan
    if "gateway" in start.roles and "studio" in start.roles and plan.port and plan.port == plan.admin_port:
        # Binding would tell nothing: it is one program, and its sockets share ports.
        raise Complaint("control.config.same_port", kind="conflict", port=plan.port)
    listeners = _listeners(control, stack, start)
    folder = runtime_folder(control.settings.data, start.slot)
    for left in folder.iterdir():  # by a process that was killed
        left.unlink(missing_ok=True)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    if "gateway" in start.roles:
        reporter.step(say("app.step.models"))
        await in_daemon_thread(lambda: control.pull_models(reporter))
    reporter.step(say("app.step.processes"))
    await asyncio.to_thread(move_in, control.settings.data, Shelf(control.database))
    presence = Presence(control.database, tuple(start.roles))
    await asyncio.to_thread(presence.sign)
    knowing = Knowing(control, lambda: _gateway(control, presence, start))
    stack.push_async_callback(asyncio.to_thread, knowing.close)
    if "gateway" in start.roles:
        start.gateway = GatewayRole(control, listeners["gateway"], folder)
        await start.gateway.start(stack)
    if "studio" in start.roles:
        (listener,) = listeners["studio"]
        start.studio = StudioRole(control, listener, folder, presence, start.gateway, knowing)
        await start.studio.start(stack)
    if start.gateway is not None:
        await start.gateway.wait()
        start.gateway.announce(presence)
    if start.studio is not None:
        start.studio.announce(presence)
    await asyncio.to_thread(presence.sign)
    stack.push_async_callback(
        asyncio.to_thread, presence.leave
    )  # first of all: nobody is to be sent here any more
    stack.callback(asyncio.create_task(presence.stay()).cancel)
    if "worker" in start.roles:
        _begin_work(control, presence, knowing, stack, start)
    await _open_door(folder, listeners, stack, start)
    if start.before is not None:
        await asyncio.to_thread(handover.ask, start.before, "leave")
    return _ready(control, start)


def _listeners(control: Control, stack: AsyncExitStack, start: _Start) -> dict[str, list[socket.socket]]:
    plan, taken = control.plan, {}
    if start.before is not None:
        taken = take_sockets(start.before)
    if start.given:
        first = "gateway" if "gateway" in start.roles else "studio"
        taken.setdefault(first, start.given)
    found: dict[str, list[socket.socket]] = {}
    if "gateway" in start.roles:
        found["gateway"] = (
            enough(taken["gateway"], plan.workers)
            if taken.get("gateway")
            else opened(plan.host, plan.port, "--port", plan.workers)
        )
    if "studio" in start.roles:
        found["studio"] = taken.get("studio") or opened(plan.host, plan.admin_port, "--admin-port")
    for sock in (each for several in found.values() for each in several):
        stack.callback(sock.close)
    return found


def _gateway(control: Control, presence: Presence, start: _Start) -> str:
    """The address of one, as of now."""
    if start.gateway is not None:
        return start.gateway.url
    return control.settings.gateway_url or presence.gateway()


def _begin_work(
    control: Control, presence: Presence, knowing: Knowing, stack: AsyncExitStack, start: _Start
) -> None:
    worker = WorkerRole(control, presence, lambda: _gateway(control, presence, start), knowing)
    worker.start(stack)
    if start.gateway is not None:
        start.gateway.reception.begun = worker.workshop.batches.begin


async def _open_door(
    folder: Path, listeners: dict[str, list[socket.socket]], stack: AsyncExitStack, start: _Start
) -> None:
    gateway = start.gateway
    if gateway is None:
        return

    async def leave() -> None:
        gateway.hand_over()
        start.stop.set()

    door = Door(folder, {"reload": gateway.roll, "leave": leave}, listeners)
    stack.callback(door.close)
    loop = asyncio.get_running_loop()
    rolling: set[asyncio.Task[None]] = set()

    def roll() -> None:
        task = asyncio.create_task(gateway.roll())
        rolling.add(task)
        task.add_done_callback(rolling.discard)

    loop.add_signal_handler(signal.SIGHUP, roll)
    stack.callback(loop.remove_signal_handler, signal.SIGHUP)


def _ready(control: Control, start: _Start) -> Ready:
    gateway, studio = start.gateway, start.studio
    offerings = gateway.publisher.directory.offerings if gateway is not None else ()
    local = [item for item in offerings if item.host == LOCAL_HOST]
    return Ready(
        gateway=gateway.url if gateway is not None else "",
        studio=studio.url if studio is not None else "",
        sign_in=studio.sign_in() if studio is not None else "",
        key=control.beginning.demo_key,
        models=tuple(item.id for item in local),
        version=__version__,
        chat_model=next((item.id for item in local if "chat" in item.capabilities), None),
    )
