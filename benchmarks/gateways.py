"""The gateways that are measured: how each is started, called and taken down.

All of them run at the same time on one core and are measured in turn, so that what else the machine does
meets them alike. A peer that is not installed is left out.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import command_line, family
from benchmarks.traffic import ANTHROPIC, ANTHROPIC_MODEL, OPENAI, OPENAI_MODEL, Dialect

HERE = Path(__file__).resolve().parent
KEY = "cp-benchmark-0123456789abcdef0123456789abcdef"
START_SECONDS = 90.0


@dataclass
class Place:
    """Where gateways run: the mock upstream's port, a folder for files, the core (`None`: any)."""

    upstream: int
    folder: Path
    gateway_core: int | None


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What is started here runs on that core, and its children with it."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, own if core is None else {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


class Gateway:
    """One of them. `name` is how it is called on the command line and in the tables."""

    name = ""
    peer = False  # someone else's product: what it cannot do is reported and does not fail the run
    connections = 64
    prefixed = False  # whether models are called `provider/model`
    headers = b""

    def __init__(self) -> None:
        self.port = 0
        self.stream_port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.log: Path | None = None

    def missing(self) -> str:
        """Why it cannot run here; empty if it can."""
        return ""

    def version(self) -> str:
        """As it says itself."""
        return ""

    def start(self, place: Place) -> None:
        """Start it; `ready` says when it serves."""
        raise NotImplementedError

    def _spawn(
        self, place: Place, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> None:
        self.log = place.folder / f"{self.name}.log"
        with self.log.open("wb") as log, on_core(place.gateway_core):
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=place.folder,
                env={**os.environ, **(environment or {})},
            )

    def wait(self) -> None:
        """Until its ports accept connections."""
        end = time.monotonic() + START_SECONDS
        for port in {self.port, self.stream_port}:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if self.process is not None and self.process.poll() is not None:
                        raise RuntimeError(f"{self.name} ended at its start:\n{self.tail()}") from None
                    if time.monotonic() > end:
                        raise RuntimeError(f"{self.name} does not listen:\n{self.tail()}") from None
                    time.sleep(0.1)

    def tail(self) -> str:
        """The end of what it printed."""
        return self.log.read_text("utf-8", "replace")[-3000:] if self.log and self.log.exists() else ""

    def processes(self) -> tuple[list[int], list[int]]:
        """Those that serve requests, and those beside them."""
        return (family(self.process.pid), []) if self.process else ([], [])

    def stop(self) -> None:
        """Take it down, with all its processes."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Direct(Gateway):
    """No gateway at all: what the load generator and the upstream take by themselves."""

    name = "direct"

    def start(self, place: Place) -> None:
        self.port = self.stream_port = place.upstream


class Nginx(Gateway):
    """The yardstick: a plain keep-alive proxy in C."""

    name = "nginx"
    _paths = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))

    def missing(self) -> str:
        return "" if shutil.which("nginx", path=self._paths) else "nginx is not installed (make components)"

    def version(self) -> str:
        command = [shutil.which("nginx", path=self._paths) or "nginx", "-v"]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        return said.stderr.strip().rpartition("/")[2]

    def start(self, place: Place) -> None:
        self.port, self.stream_port = free_port(), free_port()
        settings = (HERE / "nginx.conf").read_text()
        values = {
            "folder": place.folder,
            "upstream": place.upstream,
            "whole": self.port,
            "stream": self.stream_port,
        }
        for name, value in values.items():
            settings = settings.replace(f"{{{name}}}", str(value))
        file = place.folder / "nginx.conf"
        file.write_text(settings)
        program = shutil.which("nginx", path=self._paths) or "nginx"
        self._spawn(place, [program, "-p", place.folder, "-c", file])


class Envoy(Gateway):
    """The other yardstick: a plain keep-alive proxy, as service meshes have it."""

    name = "envoy"
    peer = True

    def __init__(self, program: str | None = None) -> None:
        super().__init__()
        self._program = program or shutil.which("envoy")

    def missing(self) -> str:
        return "" if self._program else "envoy is not installed"

    def version(self) -> str:
        said = subprocess.run([self._program or "", "--version"], capture_output=True, text=True, check=False)
        return next((word for word in said.stdout.split("/") if word[:1].isdigit() and "." in word), "")

    def start(self, place: Place) -> None:
        self.port = self.stream_port = free_port()
        file = place.folder / "envoy.json"  # JSON is YAML
        file.write_text(json.dumps(_envoy(self.port, place.upstream)))
        words: list[str | Path] = [
            self._program or "",
            "-c",
            file,
            "--concurrency",
            "1",
            "--log-level",
            "error",
        ]
        self._spawn(place, [*words, "--use-dynamic-base-id"])


def _envoy(port: int, upstream: int) -> dict[str, Any]:
    """One listener, one route, one cluster; no log, no statistics of its own beyond what it always keeps."""

    def address(number: int) -> dict[str, Any]:
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    typed = "type.googleapis.com/envoy.extensions.filters"
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{typed}.http.router.v3.Router"},
    }
    route = {"match": {"prefix": "/"}, "route": {"cluster": "mock", "timeout": "0s"}}
    proxy = {
        "@type": f"{typed}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": proxy}]
    endpoint = {"endpoint": {"address": address(upstream)}}
    cluster = {
        "name": "mock",
        "type": "STATIC",
        "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [{"max_connections": 4096, "max_requests": 4096}]},
        "load_assignment": {"cluster_name": "mock", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }
    listener = {"address": address(port), "filter_chains": [{"filters": filters}]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


LIMITS = """
[[limits]]
amount = "1000000"
unpriced = true

[[limits]]
measure = "requests"
per = "minute"
amount = 100000000

[[limits]]
measure = "tokens"
per = "minute"
amount = 1000000000000

"""
"""A budget of the organisation, requests and tokens a minute: every call reserves and settles all three."""
ROUTE = """
[[routes]]
name = "routed"
targets = ["mock/gpt-4o-mini", "mock-messages/claude-haiku-4-5"]

"""


class Counterpoint(Gateway):
    """The whole product with one gateway worker: key check, routing, prices, ledger."""

    name = "counterpoint"
    settings = ROUTE
    prefixed = True
    program = Path(sys.executable).with_name("counterpoint")

    def version(self) -> str:
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        return said.stdout.strip().rpartition(" ")[2]

    def start(self, place: Place) -> None:
        self.port = self.stream_port = free_port()
        data = place.folder / self.name
        file = place.folder / f"{self.name}.toml"
        provider = '[[providers]]\nname = "{}"\nhost = "{}"\nbase_url = "{}"\nsecret = "env:MOCK_SECRET"\n\n'
        upstream = f"http://127.0.0.1:{place.upstream}"
        file.write_text(
            provider.format("mock", "openai", f"{upstream}/v1")
            + provider.format("mock-messages", "anthropic", upstream)
            + "[models]\npull = []\n"
            + self.settings
        )
        options = ["--json", "--data", str(data), "--config", str(file), "--workers", "1"]
        ports = ["--port", str(self.port), "--admin-port", str(free_port())]
        self._spawn(
            place,
            [self.program, "up", *options, *ports],
            {"COUNTERPOINT_DEMO_KEY": KEY, "MOCK_SECRET": "none"},
        )

    def wait(self) -> None:
        """Its sockets accept before its worker is there, whose work would be taken for that of others then."""
        super().wait()
        end = time.monotonic() + START_SECONDS
        while not self.processes()[0]:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} has no worker:\n{self.tail()}")
            time.sleep(0.1)

    def processes(self) -> tuple[list[int], list[int]]:
        if self.process is None:
            return [], []
        every = family(self.process.pid)
        workers = [pid for pid in every if "counterpoint.app.worker" in command_line(pid)]
        return workers, [pid for pid in every if pid not in workers]


class Limited(Counterpoint):
    """The same with a budget and limits on every call."""

    name = "counterpoint-limited"
    settings = LIMITS

    def version(self) -> str:
        return ""


class Committed(Limited):
    """And with answers whose end waits until their entry stands in the database."""

    name = "counterpoint-committed"
    settings = LIMITS + '[ledger]\ncommit = "database"\n'


class Plane(Counterpoint):
    """Counterpoint's worker alone, fed by hand: for work on the data plane, not for comparison."""

    name = "plane"

    def version(self) -> str:
        return ""

    def start(self, place: Place) -> None:
        self.port = self.stream_port = free_port()
        words = [sys.executable, "-m", "benchmarks.plane", str(self.port), str(place.upstream), KEY]
        path = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
        self._spawn(place, [*words, place.folder / "plane"], {"PYTHONPATH": path})


class LiteLLM(Gateway):
    """With a master key, one worker, logs off."""

    name = "litellm"
    peer = True
    connections = 4

    def __init__(self, program: str | None = None) -> None:
        super().__init__()
        self._program = program or shutil.which("litellm")

    def missing(self) -> str:
        return "" if self._program else "litellm is not installed"

    def version(self) -> str:
        python = Path(self._program or "").with_name("python")
        code = "import importlib.metadata as m; print(m.version('litellm'))"
        said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
        return said.stdout.strip()

    def start(self, place: Place) -> None:
        self.port = self.stream_port = free_port()
        file = place.folder / "litellm.json"  # JSON is YAML
        host = f"http://127.0.0.1:{place.upstream}/v1"
        model = {"model": f"openai/{OPENAI_MODEL}", "api_base": host, "api_key": "none"}
        settings = {
            "model_list": [{"model_name": OPENAI_MODEL, "litellm_params": model}],
            "general_settings": {"master_key": KEY},
            "litellm_settings": {"telemetry": False},
        }
        file.write_text(json.dumps(settings))
        words = [self._program or "litellm", "--config", str(file), "--host", "127.0.0.1"]
        self._spawn(
            place,
            [*words, "--port", str(self.port), "--num_workers", "1"],
            {"LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "DISABLE_ADMIN_UI": "True"},
        )


class Portkey(Gateway):
    """The open gateway on Node; it checks no key."""

    name = "portkey"
    peer = True
    connections = 4

    def __init__(self, program: str | None = None) -> None:
        super().__init__()
        self._program = Path(program) if program else _global_portkey()

    def missing(self) -> str:
        there = self._program is not None and self._program.exists()
        return "" if there else "@portkey-ai/gateway is not installed"

    def version(self) -> str:
        package = (self._program or HERE).parent.parent / "package.json"
        return str(json.loads(package.read_text())["version"])

    def start(self, place: Place) -> None:
        self.port = self.stream_port = free_port()
        self.headers = (
            f"x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:{place.upstream}/v1\r\n"
        ).encode()
        words = ["node", self._program or "", f"--port={self.port}", "--headless"]
        self._spawn(place, words, {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"})


def _global_portkey() -> Path | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    said = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False)
    return Path(said.stdout.strip()) / "@portkey-ai" / "gateway" / "build" / "start-server.js"


@dataclass(frozen=True)
class Row:
    """One row of the tables: a gateway, called in one dialect. `relayed`: the answer is the upstream's own,
    byte for byte. `provider`: which of Counterpoint's hosts is asked. `route`: the route that is called instead."""

    name: str
    gateway: Gateway
    dialect: Dialect = OPENAI
    relayed: bool = True
    provider: str = "mock"
    route: str = ""

    @property
    def called(self) -> str:
        """What the gateway is asked for."""
        return self.route or (f"{self.provider}/{self.model}" if self.gateway.prefixed else self.model)

    @property
    def model(self) -> str:
        """As the provider calls it."""
        return ANTHROPIC_MODEL if self.provider == "mock-messages" else OPENAI_MODEL


def rows(litellm: str | None, portkey: str | None, envoy: str | None = None) -> list[Row]:
    """All that could be measured, in the order of the tables."""
    counterpoint, plane = Counterpoint(), Plane()
    return [
        Row("direct", Direct()),
        Row("nginx", Nginx()),
        Row("envoy", Envoy(envoy)),
        Row("counterpoint", counterpoint),
        Row("counterpoint, Messages", counterpoint, ANTHROPIC, provider="mock-messages"),
        Row("counterpoint, translating", counterpoint, ANTHROPIC, relayed=False),
        Row("counterpoint, by a route", counterpoint, route="routed"),
        Row("counterpoint, limits", Limited()),
        Row("counterpoint, limits and commit", Committed()),
        Row("litellm", LiteLLM(litellm), relayed=False),
        Row("portkey", Portkey(portkey), relayed=False),
        Row("plane", plane),
        Row("plane, Messages", plane, ANTHROPIC, provider="mock-messages"),
        Row("plane, translating", plane, ANTHROPIC, relayed=False),
    ]
