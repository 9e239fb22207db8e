"""A studio without a gateway of its own asks one that it knows of; tests/faults/test_fleet.py has whole ones."""

import asyncio
import socket
from pathlib import Path

import msgspec

from counterpoint.app.compose import open_control
from counterpoint.app.presence import Presence
from counterpoint.app.settings import Settings
from counterpoint.app.studio_role import StudioRole


def test_it_finds_a_gateway_that_lives_unless_it_is_told_where_one_is(tmp_path: Path) -> None:
    async def run() -> None:
        for told in (None, "https://ai.example.com"):
            settings = msgspec.structs.replace(Settings(data=tmp_path), gateway_url=told)
            with open_control(settings) as control, socket.create_server(("127.0.0.1", 0)) as sock:
                presence = Presence(control.database, ("studio",))
                studio = StudioRole(control, sock, tmp_path, presence, None)
                assert studio.gateway_url() == (told or "")
                other = Presence(control.database, ("gateway",))
                other.says(gateway="http://there:1")
                other.sign()
                studio.announce(presence)
                presence.sign()
                assert studio.gateway_url() == (told or "http://there:1")
                assert studio.sign_in().startswith(f"{studio.url}/sign-in?token=")
                other.leave()
                presence.leave()

    asyncio.run(run())
