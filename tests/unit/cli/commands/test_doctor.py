from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run

ALWAYS = {
    *("python", "platform", "processor", "memory", "files", "clock", "isolation"),
    *("config", "disk", "data", "sockets", "master_key", "database", "gateway", "studio", "models"),
}


def test_a_fresh_machine_has_no_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOINT_PORT", "0")
    monkeypatch.setenv("COUNTERPOINT_ADMIN_PORT", "0")
    found = run("doctor", "--json")
    assert found.code == 0
    assert found.json["ok"] is True
    assert {item["check"] for item in found.json["checks"]} == ALWAYS
    for item in found.json["checks"]:
        assert item.keys() == {"check", "state", "message", "advice"}
        assert (item["advice"] is None) == (item["state"] == "ok")


def test_nothing_is_changed(run: Run, data: Path) -> None:
    run("doctor")
    assert not data.exists()


def test_a_failure_is_a_no_with_advice(run: Run, tmp_path: Path) -> None:
    (tmp_path / "counterpoint.toml").write_text("[server]\nprot = 1\n")
    ran = run("doctor")
    assert ran.code == 1
    assert "FAIL  Configuration" in ran.out
    assert "Not working: 1." in ran.out


def test_a_warning_is_no_failure(run: Run) -> None:
    ran = run("doctor", "--data", str(Path.cwd() / "elsewhere"))
    assert "→ 'counterpoint models pull'" in ran.out


def test_french(run: Run) -> None:
    ran = run("doctor", lang="fr")
    assert "Isolement" in ran.out
    assert "avis  Modèle local" in ran.out
