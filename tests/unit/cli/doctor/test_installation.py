import socket
from pathlib import Path

import msgspec
import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.plan import Plan, plan_of
from counterpoint.app.presence import Presence
from counterpoint.app.runtime import InstanceLock
from counterpoint.app.settings import Settings
from counterpoint.cli.doctor import installation
from counterpoint.control.config import Configuration
from counterpoint.control.providers import NewProvider
from counterpoint.engines.manifest import MANIFEST, Manifest, encode_manifest
from tests.hosts import fake_host


@pytest.fixture
def settings(data: Path) -> Settings:
    settings = Settings(data=data)
    with open_control(settings):
        return settings


@pytest.fixture
def plan(settings: Settings) -> Plan:
    return plan_of(settings, Configuration())


def states(settings: Settings) -> dict[str, str]:
    found = [
        installation.data_folder(settings.data),
        installation.master_key(settings),
        installation.database(settings),
    ]
    return {item.check: item.state for item in found}


def test_what_a_start_made_is_fine(settings: Settings) -> None:
    assert states(settings) == {"data": "ok", "master_key": "ok", "database": "ok"}


def test_what_is_to_come_is_fine(tmp_path: Path) -> None:
    assert set(states(Settings(data=tmp_path / "new" / "folder")).values()) == {"ok"}


def test_what_others_can_read_is_found(settings: Settings) -> None:
    settings.data.chmod(0o755)
    (settings.data / "master.key").chmod(0o644)
    assert states(settings) == {"data": "warn", "master_key": "fail", "database": "ok"}


def test_a_broken_master_key_is_found(settings: Settings) -> None:
    (settings.data / "master.key").write_text("nonsense")
    assert installation.master_key(settings).state == "fail"


def test_a_damaged_database_is_found(settings: Settings) -> None:
    file = settings.data / "counterpoint.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    file.write_bytes(content)
    (settings.data / "counterpoint.sqlite3-wal").unlink(missing_ok=True)
    assert installation.database(settings).state == "fail"


def test_an_unreachable_database_is_found(settings: Settings) -> None:
    away = Settings(data=settings.data, database="postgresql://u:p@127.0.0.1:9/x")
    found = installation.database(away)
    assert found.state == "fail"
    assert ":p@" not in found.message


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert installation.data_folder(tmp_path / "file").state == "fail"
    assert installation.data_folder(tmp_path / "file" / "below").state == "fail"


def test_models(plan: Plan) -> None:
    assert [item.state for item in installation.models(plan)] == ["warn"]
    folder = plan.models / "tiny"
    folder.mkdir(parents=True)
    (folder / "w.gguf").write_bytes(b"weights")
    digest = "9adbd06b3a2a59f6a3a6d1cf4e4c4e7f8d2a2f5b"
    manifest = Manifest("tiny", "chat", "gguf", "w.gguf", digest, 7)
    (folder / MANIFEST).write_bytes(encode_manifest(manifest))
    (changed,) = installation.models(plan)
    assert changed.state == "fail"
    assert "SHA-256" in changed.message
    (folder / "w.gguf").unlink()
    (lost,) = installation.models(plan)
    assert "no weights" in lost.message


def test_a_port_that_is_taken(plan: Plan, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy = Plan(
            host="127.0.0.1", port=port, admin_port=0, workers=1, models=plan.models, spool=plan.spool
        )
        assert [item.state for item in installation.ports(busy, data)] == ["fail", "ok"]


def test_a_running_platform_is_asked(plan: Plan, data: Path) -> None:
    lock = InstanceLock(data)
    try:
        with fake_host() as host:
            host.answers["GET", "/healthz"] = (200, "ok")
            port = int(host.url.rpartition(":")[2])
            ours = Plan(
                host="127.0.0.1", port=port, admin_port=9, workers=1, models=plan.models, spool=plan.spool
            )
            assert [item.state for item in installation.ports(ours, data)] == ["ok", "warn"]
    finally:
        lock.release()


def test_a_running_platform_is_asked_where_it_answers(settings: Settings, plan: Plan) -> None:
    lock = InstanceLock(settings.data)
    try:
        with fake_host() as host, open_control(settings) as control:
            host.answers["GET", "/healthz"] = (200, "ok")
            presence = Presence(control.database, ("gateway", "studio"))
            presence.says(gateway=host.url, studio=host.url)
            presence.sign()
            found = installation.ports(plan, settings.data, installation.database_url(settings))
            assert [item.state for item in found] == ["ok", "ok"]
    finally:
        lock.release()


def test_providers_are_called(settings: Settings) -> None:
    assert [item.message for item in installation.providers(settings)] == ["none to call"]
    with fake_host() as host, open_control(settings) as control:
        host.lists("a")
        control.providers.add(NewProvider(name="mine", base_url=f"{host.url}/v1"))
        (found,) = installation.providers(settings)
        assert found.state == "ok"
    (found,) = installation.providers(settings)
    assert found.state == "fail"


def test_configuration(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    assert installation.configuration(None).state == "ok"
    path.write_text("")
    assert installation.configuration(path).state == "ok"
    path.write_text("[servr]")
    found = installation.configuration(path)
    assert found.state == "fail"
    assert f"{path}:1:" in found.message


def test_sockets(data: Path) -> None:
    found = installation.socket_folder(data)
    assert found.state == "ok"
    assert not Path(found.message).exists()


def test_processes_of_another_version_are_told_of(tmp_path: Path) -> None:
    with open_control(Settings(data=tmp_path)) as control:
        presence = Presence(control.database, ("gateway",))
        presence.row = msgspec.structs.replace(presence.row, version="0.0.1")
        presence.sign()
    found = installation.database(Settings(data=tmp_path))
    assert (found.state, "0.0.1" in found.message) == ("warn", True)
