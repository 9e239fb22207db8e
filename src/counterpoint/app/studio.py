"""The admin port: the admin API and the studio's pages on uvicorn, in the control process's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


class _Quiet(uvicorn.Server):
    """uvicorn without its own signal handlers: the platform decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures nothing."""
        yield


class Studio:
    """Serves `application` until it is stopped. `lifespan`: tell it when it begins and ends."""

    def __init__(self, application: ASGIApp, *, lifespan: bool = True) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # `api.forwarded` decides whom to believe
            lifespan="on" if lifespan else "off",
            timeout_graceful_shutdown=5,
            ws="none",
        )
        self._server = _Quiet(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self, sock: socket.socket) -> None:
        """Accept on a bound socket; returns when requests are answered."""
        sock.listen(128)
        self._serving = asyncio.create_task(self._server.serve(sockets=[sock]))
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
                raise RuntimeError("the admin port's server ended before it had started")
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Complete what is under way, then end."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
