"""The part that people and scripts administer the platform with: the admin API and the studio's pages. Several may run
over one PostgreSQL; what it asks of the gateway, it asks of any."""

import asyncio
import socket
from contextlib import AsyncExitStack
from pathlib import Path

from counterpoint.api.application import create_app
from counterpoint.api.forwarded import Forwarded, networks
from counterpoint.api.studio import StudioPages, built
from counterpoint.app.administration import Parts, services_of
from counterpoint.app.compose import Control
from counterpoint.app.gateway_role import GatewayRole
from counterpoint.app.knowing import Knowing
from counterpoint.app.listening import told_to_others, url_of
from counterpoint.app.presence import Presence
from counterpoint.app.publishing import Publisher
from counterpoint.app.studio import Studio
from counterpoint.directory import Directory
from counterpoint.engines.supervisor import Supervisor


class StudioRole:
    """`gateway`: the one in the same process, if there is one; `knowing`: what it shares with others there."""

    def __init__(
        self,
        control: Control,
        listener: socket.socket,
        folder: Path,
        presence: Presence,
        gateway: GatewayRole | None,
        knowing: Knowing | None = None,
    ) -> None:
        self._control = control
        self._listener = listener
        self._presence = presence
        self._gateway = gateway
        self.url = url_of("http", listener.getsockname())
        plan = control.plan
        if gateway is not None:
            self._own_publisher = None
            self._parts = Parts(
                gateway.supervisor,
                gateway.workers,
                gateway.links,
                gateway.shipper,
                gateway.publisher,
                presence,
                gateway.observing,
            )
            self._parts.gateway = gateway.url
        else:
            self._own_publisher = Publisher(control.database, plan.models, self._directory, lambda _: None)
            supervisor = Supervisor(plan.models, folder, plan.run, plan.models_memory)
            self._parts = Parts(supervisor, None, None, None, self._own_publisher, presence)
        self._services = services_of(control, self._parts, self.gateway_url, knowing)

    def _directory(self) -> Directory:
        return self._control.directory(asking=False)

    def gateway_url(self) -> str:
        """Where a gateway answers, as of now; empty when none does."""
        if self._gateway is not None:
            return self._gateway.url
        return self._control.settings.gateway_url or self._presence.gateway()

    async def start(self, stack: AsyncExitStack) -> None:
        """Returns when requests are answered."""
        if self._own_publisher is not None:
            await self._own_publisher.refresh()
            stack.callback(asyncio.create_task(self._own_publisher.watch()).cancel)
        services = self._services
        stack.callback(services.relay.close)
        application, pages = create_app(services), built()
        whole = StudioPages(application, pages) if pages else application
        studio = Studio(Forwarded(whole, networks(self._control.settings.admin_proxies)))
        await studio.start(self._listener)
        stack.push_async_callback(studio.stop)
        stack.callback(services.closing.set)

    def announce(self, presence: Presence) -> None:
        """Others find this studio."""
        presence.says(studio=told_to_others("http", self._listener.getsockname()))

    def sign_in(self) -> str:
        """A link that opens the studio, once."""
        return f"{self.url}/sign-in?token={self._services.sign_in.new_link()}"
