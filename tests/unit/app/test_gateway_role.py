"""Where others are told that a gateway answers; tests/faults/test_fleet.py has whole gateways, as processes."""

import asyncio
import socket
from pathlib import Path

import msgspec

from counterpoint.app.compose import open_control
from counterpoint.app.gateway_role import GatewayRole
from counterpoint.app.presence import Presence
from counterpoint.app.settings import Settings


def test_others_are_told_the_address_that_the_operator_says(tmp_path: Path) -> None:
    async def run() -> None:
        settings = Settings(data=tmp_path)
        with socket.create_server(("127.0.0.1", 0)) as sock:
            port = sock.getsockname()[1]
            for told, address in ((None, f"http://127.0.0.1:{port}"), ("https://ai.example.com",) * 2):
                given = msgspec.structs.replace(settings, gateway_url=told)
                with open_control(given) as control:
                    gateway = GatewayRole(control, [sock], tmp_path)
                    presence = Presence(control.database, ("gateway",))
                    gateway.announce(presence)
                    presence.sign()
                    assert presence.gateway() == address
                    assert gateway.url == f"http://127.0.0.1:{port}"
                    presence.leave()

    asyncio.run(run())
