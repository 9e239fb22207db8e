"""The admin API over a real database, with what runs beside it held still."""

import contextlib
import functools
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic._internal._docs_extraction import extract_docstrings_from_cls

from counterpoint.api.application import create_app
from counterpoint.api.jobs import Jobs
from counterpoint.api.local import LocalModels
from counterpoint.api.relay import Relay
from counterpoint.api.services import Money, Services
from counterpoint.api.shapes.status import LedgerShape, StatusShape
from counterpoint.app.compose import Control, open_control
from counterpoint.app.knowing import Knowing
from counterpoint.app.settings import Settings
from counterpoint.engines.supervisor import Supervisor
from tests.databases import data_in

TOKEN = "an-admin-token-for-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OWN = {"Origin": "http://127.0.0.1:8601"}
GOOD = "a short sentence is good"


@pytest.fixture(scope="session", autouse=True)
def described_once() -> Iterator[None]:
    """Each application has what the shapes say of their fields parsed out of the source once more; it never changes."""
    with pytest.MonkeyPatch.context() as patch:
        known = functools.cache(extract_docstrings_from_cls)
        patch.setattr("pydantic._internal._fields.extract_docstrings_from_cls", known)
        yield


def set_up(control: Control) -> None:
    """The owner makes his account."""
    control.accounts.create_first(login="ada", name="Ada", password=GOOD)


class StillRunning:
    """A platform that is as it is told to be."""

    def __init__(self) -> None:
        self.ready = True
        self.shipped = 0
        self.watchers: list[Callable[[], None]] = []

    def status(self) -> StatusShape:
        return StatusShape(
            state="ready" if self.ready else "starting",
            version="0",
            gateway="http://127.0.0.1:8600",
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            ledger=LedgerShape(self.shipped, 0),
        )

    def is_ready(self) -> bool:
        return self.ready

    def metrics(self) -> str:
        return "# TYPE x gauge\nx 1\n"

    @contextlib.contextmanager
    def watched(self, wake: Callable[[], None]) -> Iterator[None]:
        self.watchers.append(wake)
        try:
            yield
        finally:
            self.watchers.remove(wake)


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Control]:
    with open_control(Settings(data=data_in(tmp_path))) as opened:
        yield opened


@pytest.fixture
def running() -> StillRunning:
    return StillRunning()


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="cp-") as folder:
        yield Path(folder)


@pytest.fixture
def services(control: Control, running: StillRunning, sockets: Path) -> Services:
    return services_over(control, running, sockets)


def services_over(control: Control, running: StillRunning, sockets: Path) -> Services:
    """The services of an installation that nothing runs beside."""
    supervisor = Supervisor(control.models.folder, sockets)
    return Services(
        running=running,
        sign_in=control.sign_in,
        accounts=control.accounts,
        tokens=control.tokens,
        keys=control.keys,
        providers=control.providers,
        rules=control.rules,
        routes=control.routes,
        projects=control.projects,
        usage=control.usage,
        audit=control.audit,
        money=Money(control.budgets, control.raising, control.pricing, control.focus),
        models=LocalModels(control.models, supervisor),
        jobs=Jobs(),
        catalog=lambda: control.catalog,
        directory=control.directory,
        relay=Relay("http://127.0.0.1:1", control.studio_key.text),
        groups=control.groups,
        knowledge=Knowing(control, str).service,
        admin_token=TOKEN,
        admin_hosts=("studio.example.com",),
    )


@pytest.fixture
def stranger(services: Services) -> Iterator[TestClient]:
    """A client without credentials."""
    with TestClient(create_app(services), base_url="http://127.0.0.1:8601") as client:
        yield client


@pytest.fixture
def operator(services: Services) -> Iterator[TestClient]:
    """A client with the operator's token."""
    with TestClient(create_app(services), base_url="http://127.0.0.1:8601", headers=BEARER) as client:
        yield client
