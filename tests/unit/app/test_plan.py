"""What the configuration file means for the processes."""

from pathlib import Path

from counterpoint.app.plan import plan_of
from counterpoint.app.settings import Settings
from counterpoint.control.config import Configuration, ModelsSection, ServerSection, TlsSection
from counterpoint.engines.running import RunSettings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    plan = plan_of(Settings(data=tmp_path), Configuration())
    assert (plan.host, plan.port, plan.admin_port, plan.workers) == ("127.0.0.1", 8600, 8601, 1)
    assert plan.run == RunSettings()
    assert plan.tls is None


def test_the_file_fills_in_what_the_settings_leave_open(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, config=tmp_path / "conf" / "counterpoint.toml", workers=2)
    server = ServerSection(workers=3, tls=TlsSection(cert="a.pem", key="/b.pem"), cors_origins=("*",))
    models = ModelsSection(keep_alive="5m", memory_limit="2GiB")
    plan = plan_of(settings, Configuration(server=server, models=models))
    assert plan.workers == 2
    assert plan.tls == (str(tmp_path / "conf" / "a.pem"), "/b.pem")
    assert (plan.run.keep_alive, plan.models_memory) == (300.0, 2 * 1024**3)
    assert plan.cors == ("*",)


def test_for_ever_can_be_said(tmp_path: Path) -> None:
    for value in (-1, "-1"):
        models = ModelsSection(keep_alive=value)
        assert plan_of(Settings(data=tmp_path), Configuration(models=models)).run.keep_alive == -1
