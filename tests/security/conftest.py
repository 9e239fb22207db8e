"""One installation under attack, full of secrets that must be found nowhere afterwards."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.canary import CANARY, leaked
from tests.running import Running, running
from tests.staging.answers import Answer, answers
from tests.staging.words import PATIENCE

ADMIN_TOKEN = f"{CANARY}-admin-token-long-enough"
HOST_SECRET = f"{CANARY}-host-secret"
CONFIGURATION = """
[models]
pull = []

[[providers]]
name = "deaf"
base_url = "http://127.0.0.1:9/v1"
secret = "env:CANARY_HOST_SECRET"
models = ["m"]
"""


class Fort:
    """The running installation. `heard`: every byte that it said to anybody."""

    def __init__(self, platform: Running) -> None:
        self.platform = platform
        self.heard = b""
        self.log = platform.data.with_name(f"{platform.data.name}.up.log")

    def talk(self, address: str, data: bytes) -> list[Answer]:
        """Send bytes to the gateway or the admin port, read until it hangs up or has nothing more to say."""
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR) if b"connection: close" not in data.lower() else None
            got = b""
            try:
                while more := sock.recv(1 << 16):
                    got += more
            except ConnectionError:
                pass
        self.heard += got
        return answers(got)

    def gateway(self, data: bytes) -> list[Answer]:
        """The same, to the gateway."""
        return self.talk(self.platform.gateway, data)

    def admin(self, data: bytes) -> list[Answer]:
        """The same, to the admin port."""
        return self.talk(self.platform.studio, data)

    def ask(self, method: str, path: str, *lines: str, body: bytes = b"", token: str = ADMIN_TOKEN) -> Answer:
        """One call of the admin API, by a good program unless `lines` say otherwise."""
        told = {line.partition(":")[0].lower() for line in lines}
        own = [f"host: {urlsplit(self.platform.studio).netloc}"] if "host" not in told else []
        own += [f"authorization: Bearer {token}"] if token and "authorization" not in told else []
        own += ["content-type: application/json"] if body and "content-type" not in told else []
        head = [
            f"{method} {path} HTTP/1.1",
            *own,
            *lines,
            "connection: close",
            f"content-length: {len(body)}",
        ]
        (answer,) = self.admin("\r\n".join([*head, "", ""]).encode("latin-1") + body)
        return answer


@pytest.fixture(scope="session")
def fort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fort]:
    folder = tmp_path_factory.mktemp("fort")
    (folder / "counterpoint.toml").write_text(CONFIGURATION)
    (folder / "data" / "models").mkdir(parents=True)
    environment = {
        **os.environ,
        "COUNTERPOINT_ADMIN_TOKEN": ADMIN_TOKEN,
        "CANARY_HOST_SECRET": HOST_SECRET,
    }
    program = [Path(sys.executable).with_name("counterpoint")]
    options = ("--config", str(folder / "counterpoint.toml"))
    with running(program, folder / "data", *options, environment=environment) as platform:
        found = Fort(platform)
        yield found
        assert platform.stop() == 0
    leaks = leaked(folder)
    assert not leaks, leaks
    assert CANARY.encode() not in found.heard
