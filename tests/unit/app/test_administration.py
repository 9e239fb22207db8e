"""How the platform is, told while a real worker runs and after it is gone."""

import asyncio
from pathlib import Path

from counterpoint.app.administration import Parts, services_of
from counterpoint.app.compose import Control, open_control
from counterpoint.app.publishing import Publisher
from counterpoint.app.settings import Settings
from counterpoint.control.shipper import Shipper
from counterpoint.engines.supervisor import Supervisor
from tests.unit.app.rig import Rig, with_worker
from tests.unit.serving.talk import until


def parts_of(control: Control, rig: Rig, sockets: Path) -> Parts:
    return Parts(
        Supervisor(control.models.folder, sockets),
        rig.workers,
        rig.links,
        Shipper(control.database, rig.spool),
        Publisher(control.database, control.models.folder, control.directory, rig.links.publish),
    )


def test_status_follows_what_runs(tmp_path: Path) -> None:
    async def look(rig: Rig) -> None:
        with open_control(Settings(data=tmp_path / "data")) as control:
            parts = parts_of(control, rig, tmp_path)
            parts.gateway = "http://127.0.0.1:1"
            status = parts.status()
            assert (status.state, parts.is_ready()) == ("ready", True)
            assert [(worker.name, worker.state) for worker in status.workers] == [("worker-1", "listening")]
            assert status.workers[0].pid == rig.workers.pids["worker-1"]
            assert status.ledger.error is None
            assert status.components["python"]
            assert status.licences.keys() == status.components.keys()
            assert all(status.licences.values())

            rig.links.close()
            async with asyncio.timeout(30):
                await until(lambda: not parts.is_ready())
            assert parts.status().state == "starting"

    with_worker(tmp_path, look)


def test_services_are_those_of_the_installation(tmp_path: Path) -> None:
    async def look(rig: Rig) -> None:
        settings = Settings(data=tmp_path / "data", admin_token="a-token-for-admins", admin_hosts=("x",))
        with open_control(settings) as control:
            parts = parts_of(control, rig, tmp_path)
            services = services_of(control, parts)
            assert services.keys is control.keys
            assert services.providers is control.providers
            assert services.models.store is control.models
            assert services.admin_token == "a-token-for-admins"
            assert services.admin_hosts == ("x",)
            assert services.directory() is parts.directory

    with_worker(tmp_path, look)
