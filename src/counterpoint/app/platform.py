"""Everything that `counterpoint up` runs, started in order and stopped in the opposite one."""

import asyncio
import errno
import logging
import shutil
import signal
import socket
from contextlib import AsyncExitStack

from counterpoint import __version__
from counterpoint.api.application import create_app
from counterpoint.api.forwarded import Forwarded, networks
from counterpoint.api.studio import StudioPages, built
from counterpoint.app.administration import Parts, services_of
from counterpoint.app.compose import Control, open_control
from counterpoint.app.frames import WorkerSettings
from counterpoint.app.links import WorkerLinks
from counterpoint.app.plan import Plan
from counterpoint.app.publishing import Publisher
from counterpoint.app.recalling import Recalling
from counterpoint.app.runtime import InstanceLock, runtime_folder
from counterpoint.app.settings import Settings
from counterpoint.app.shelving import Shelving
from counterpoint.app.studio import Studio
from counterpoint.app.telling import Ready, Reporter
from counterpoint.app.threads import in_daemon_thread
from counterpoint.app.workers import Workers
from counterpoint.control.credentials.keeper import Keeper
from counterpoint.control.shipper import Shipper
from counterpoint.directory import LOCAL_HOST, Key
from counterpoint.engines.supervisor import Supervisor
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint
from counterpoint.serving.server import bind

log = logging.getLogger(__name__)

WORKER_START_SECONDS = 60.0
DISCOVER_SECONDS = 60.0
RENEW_SECONDS = 1.0


async def run(settings: Settings, reporter: Reporter) -> int:
    """Run until SIGTERM or SIGINT. Returns 0 when everything ended in order. Raises `Complaint` when it cannot
    start; what had been started by then is stopped again."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = InstanceLock(settings.data)
    async with AsyncExitStack() as stack:
        stack.callback(lock.release)
        control = await asyncio.to_thread(open_control, settings, starting=True)
        stack.callback(control.close)
        await asyncio.to_thread(control.declare)
        starting = asyncio.create_task(_start(control, reporter, stack))
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


async def _start(control: Control, reporter: Reporter, stack: AsyncExitStack) -> Ready:
    """Start every part; `stack` stops them, the last one first."""
    plan = control.plan
    if plan.port and plan.port == plan.admin_port:
        # Binding would tell nothing: it is one program, and its sockets share ports.
        raise Complaint("control.config.same_port", kind="conflict", port=plan.port)
    gateway = _bind(plan.host, plan.port, "--port")
    stack.callback(gateway.close)
    admin = _bind(plan.host, plan.admin_port, "--admin-port")
    stack.callback(admin.close)
    sockets = runtime_folder(control.settings.data)
    stack.callback(shutil.rmtree, sockets, ignore_errors=True)  # whatever a killed process left in it, too

    reporter.step(say("app.step.models"))
    await in_daemon_thread(lambda: control.pull_models(reporter))

    reporter.step(say("app.step.processes"))
    shipper = Shipper(control.database, plan.spool)
    shipper.start()
    stack.push_async_callback(asyncio.to_thread, shipper.stop)
    supervisor = Supervisor(plan.models, sockets, plan.run, plan.models_memory)
    stack.push_async_callback(supervisor.stop)

    address = gateway.getsockname()
    links = WorkerLinks(_worker_settings(plan, address[0], address[1]), _nobody, supervisor.ensure)
    keeper = control.providers.keeper
    publisher = Publisher(
        control.database, plan.models, control.directory, links.publish, lambda: keeper.version
    )
    url = _url("https" if plan.tls else "http", address)
    shelving = Shelving(
        control.settings.data / "shelf", lambda: publisher.directory, url, plan.tls[0] if plan.tls else None
    )
    links.look_up = shelving.looking_up(publisher.look_up)
    links.run = shelving.desk.run
    recalling = Recalling(control.database, plan.keep_answers)
    stack.callback(recalling.close)
    links.recall, links.abandon = recalling.recall, recalling.abandon
    await publisher.refresh()
    await links.listen(sockets / "control.sock")
    stack.callback(links.close)
    workers = Workers(sockets / "control.sock", plan.workers)
    workers.start()
    stack.push_async_callback(workers.stop, plan.grace)
    for errand in (publisher.watch(), recalling.tidy(), _discover(control), _renew(keeper)):
        stack.callback(asyncio.create_task(errand).cancel)

    parts = Parts(supervisor, workers, links, shipper, publisher)
    parts.gateway = url
    services = services_of(control, parts)
    stack.callback(services.relay.close)
    application, pages = create_app(services), built()
    whole = StudioPages(application, pages) if pages else application
    studio = Studio(Forwarded(whole, networks(control.settings.admin_proxies)))
    await studio.start(admin)
    stack.push_async_callback(studio.stop)
    stack.callback(services.closing.set)
    try:
        await asyncio.wait_for(links.wait_listening(plan.workers), WORKER_START_SECONDS)
    except TimeoutError:
        raise Complaint("app.worker_lost", kind="unavailable", seconds=int(WORKER_START_SECONDS)) from None
    stack.push_async_callback(shelving.stop)
    await shelving.batches.go_on()
    studio_url = _url("http", admin.getsockname())
    local = [item for item in publisher.directory.offerings if item.host == LOCAL_HOST]
    return Ready(
        gateway=parts.gateway,
        studio=studio_url,
        sign_in=f"{studio_url}/sign-in?token={services.sign_in.new_link()}",
        key=control.beginning.demo_key,
        models=tuple(item.id for item in local),
        version=__version__,
        chat_model=next((item.id for item in local if "chat" in item.capabilities), None),
    )


async def _nobody(_: bytes) -> Key | None:
    return None


async def _discover(control: Control) -> None:
    """Ask servers of one's own what they serve, now and every minute: their models come and go."""
    while True:
        try:
            await in_daemon_thread(control.providers.discover)
        except Exception:
            log.exception("the servers of one's own could not be asked for their models; asked again later")
        await asyncio.sleep(DISCOVER_SECONDS)


async def _renew(keeper: Keeper) -> None:
    """Have the tokens of clouds renewed ahead of their end."""
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
    )


def _bind(host: str, port: int, option: str) -> socket.socket:
    try:
        return bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            complaint = Complaint("app.port_taken", kind="conflict", host=host, port=port, option=option)
        else:  # no address of this machine, no such name, a port that only root may take
            reason = error.strerror or str(error)
            complaint = Complaint("app.cannot_listen", host=host, port=port, reason=reason)
        raise complaint from None


def _url(scheme: str, address: tuple[str, int]) -> str:
    """How to reach an address that was bound: a browser cannot go to 0.0.0.0."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address[0], address[0])  # noqa: S104 - it is compared
    return f"{scheme}://{f'[{host}]' if ':' in host and '[' not in host else host}:{address[1]}"
