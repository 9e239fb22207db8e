import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run


def test_what_a_command_changes_is_its_act(run: Run) -> None:
    assert run("keys", "create", "ci-bot").code == 0
    listed = run("audit", "list", "--words", "ci-bot")
    assert "+key ci-bot" in listed.out
    assert "keys create" in listed.out
    (act,) = json.loads(run("audit", "list", "--words", "ci-bot", "--json").out)["items"]
    assert act["actor"]["kind"] == "command"
    assert "Nothing was done" in run("audit", "list", "--words", "nothing-of-that-name").err


def test_a_backup_and_what_is_restored_from_it_are_acts(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert run("backup", str(archive)).code == 0
    assert run("keys", "create", "after").code == 0
    assert run("restore", str(archive), "--replace").code == 0
    acts = [act["action"].split()[-1] for act in json.loads(run("audit", "list", "--json").out)["items"]]
    assert acts[0] == "restore"
    assert "create" not in acts  # the archive had not heard of it
    assert run("audit", "verify").code == 0


def test_an_export_is_checked_and_names_what_is_broken(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "one")
    file = tmp_path / "audit.jsonl"
    assert run("audit", "export", "-o", str(file)).code == 0
    whole = run("audit", "verify", str(file))
    assert whole.code == 0
    assert "The log is whole" in whole.err
    lines = file.read_text().splitlines()
    broken = json.loads(lines[1])
    broken["origin"] = "elsewhere"
    file.write_text("\n".join([lines[0], json.dumps(broken), *lines[2:]]))
    found = run("audit", "verify", str(file))
    assert found.code == 1
    assert "act 2 (line 2)" in found.err
    assert json.loads(run("audit", "verify", str(file), "--json").out)["fault"] == "altered"
    assert run("audit", "verify").code == 0
    assert run("audit", "export").out.count("\n") > len(lines)  # the export before is an act, too


def test_an_export_goes_to_the_newest_anchor_its_own_act_included(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, anchor, file = (tmp_path / name for name in ("counterpoint.toml", "anchors", "audit.jsonl"))
    config.write_text(f'[audit]\nanchor = "{anchor}"\n')
    monkeypatch.setenv("COUNTERPOINT_CONFIG", str(config))
    assert run("keys", "create", "one").code == 0
    assert run("audit", "export", "-o", str(file)).code == 0
    assert json.loads(file.read_text().splitlines()[-1])["action"] == "counterpoint audit export"
    assert run("audit", "verify", str(file), "--anchor", str(anchor)).code == 0
    assert run("keys", "create", "two").code == 0
    late = run("audit", "verify", str(file), "--anchor", str(anchor))
    assert late.code == 1
    assert "after the export" in late.err
