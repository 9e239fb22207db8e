"""What every test gets: no network but loopback, hypothesis profiles, and the way to the shared data."""

import gc
import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import HealthCheck, Phase, settings

from scripts.components import COMPONENTS
from tests.canary import pytest_sessionfinish
from tests.running import Running, running
from tests.scheduling import ByFolder

if TYPE_CHECKING:
    from tests.papers import Papers

__all__ = ["pytest_sessionfinish"]  # a hook: pytest finds it here
REPOSITORY = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
DISK_GIGABYTES = 2.0
"""What a whole run leaves in the temporary folder."""

# `deadline=None`: a machine shared by several runs is slow now and then; slowness is no property of the code.
settings.register_profile(
    "default", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("default"), max_examples=150, print_blob=True)
settings.register_profile("deep", parent=settings.get_profile("default"), max_examples=5000)
settings.register_profile(
    "quick", parent=settings.get_profile("default"), max_examples=10, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "default"))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """pytest-xdist asks for it."""
    return ByFolder(config, log)


class NetworkIsOffError(RuntimeError):
    """A test tried to reach something else than this machine. Not an OSError: code that copes with an
    unreachable host must not hide it."""


def _is_local(host: Any) -> bool:
    if host in {None, "", b"", "localhost", b"localhost"}:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): it sees every socket that Python opens, whichever library does it.

    uvloop connects in C, past it; but it, too, resolves names through `getaddrinfo` or is given an address.
    """
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        # Unix sockets have a path for an address; `None`: a datagram socket that is connected already.
        if isinstance(address, tuple) and address and not _is_local(address[0]):
            raise NetworkIsOffError(f"{event} to {address!r}: the network is off in tests, except loopback")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not _is_local(arguments[0]):
        raise NetworkIsOffError(f"name look-up of {arguments[0]!r}: the network is off in tests")


sys.addaudithook(_refuse_network)


def pytest_configure(config: pytest.Config) -> None:
    """In CI, on a disk that is too small, nothing is begun: everything would fail, each in its own way."""
    if IN_CI and not hasattr(config, "workerinput"):
        free = free_gigabytes()
        if free < DISK_GIGABYTES:
            where = tempfile.gettempdir()
            raise pytest.UsageError(f"{where} has {free:.1f} GB free; the tests take {DISK_GIGABYTES}")
        config.pluginmanager.register(Failures(config))


def free_gigabytes() -> float:
    """Where tests put their files."""
    return shutil.disk_usage(tempfile.gettempdir()).free / 1e9


class Failures:
    """Says at once what failed, and how the machine was then: a run that is cut off says nothing else."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """pytest asks for it after each step of a test."""
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and reporter is not None:
            machine = f"load {os.getloadavg()[0]:.1f}, {free_gigabytes():.1f} GB of disk free"
            reporter.write_line("")
            reporter.write_line(f"FAILED {report.nodeid} ({report.when}, {report.duration:.0f} s; {machine})")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is passed over: what skips elsewhere, because something is missing, fails there."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not accept: {where}"
    return report


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look through a gigabyte of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that holds data too large or not licensed to ship: `shared / "data" / …`.

    It stands beside the source tree, or where `COUNTERPOINT_SHARED` says. Skips where it is absent, except in
    CI, where its absence is a failure.
    """
    folder = Path(os.environ.get("COUNTERPOINT_SHARED") or REPOSITORY.parent / "shared").resolve()
    if not (folder / "data").is_dir():
        lack(f"needs the shared test data, which is not at {folder}: set COUNTERPOINT_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def component() -> Callable[[str], Path]:
    """Where a program of scripts/components.toml is: `component("nginx")`. Skips where it is missing, saying
    which command installs it, except in CI, where that is a failure."""

    def find(name: str) -> Path:
        wanted = COMPONENTS[name]
        return wanted.path() or lack(wanted.lack())

    return find


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Counterpoint as `counterpoint up` starts it, with the demo models. Tests that use it stand in one folder of
    `tests.scheduling`, so that one worker starts it once; they leave it as they found it."""
    with running(
        [Path(sys.executable).with_name("counterpoint")], tmp_path_factory.mktemp("platform") / "data"
    ) as started:
        yield started


def lack(reason: str) -> NoReturn:
    """Something is missing on this machine: no test is passed over in CI."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def papers(tmp_path: Path) -> "Iterator[Papers]":
    """A platform with documents, empty."""
    from counterpoint.app.compose import open_control  # noqa: PLC0415 - few tests need it
    from counterpoint.app.settings import Settings  # noqa: PLC0415
    from tests.databases import data_in  # noqa: PLC0415
    from tests.papers import Papers  # noqa: PLC0415

    with open_control(Settings(data=data_in(tmp_path))) as control:
        yield Papers(control, tmp_path)
