from pathlib import Path

import msgspec
import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.listening import told_to_others
from counterpoint.app.presence import Presence
from counterpoint.app.runtime import InstanceLock
from counterpoint.app.settings import Settings
from counterpoint.storage import processes
from tests.unit.cli.conftest import Run

BEYOND = 2**22 + 1
"""No process has that number (proc(5), pid_max)."""


def test_a_link_that_opens_the_studio_once(run: Run, data: Path) -> None:
    ran = run("sign-in", "--studio", "https://studio.example.com/")
    link = ran.out.strip()
    assert link.startswith("https://studio.example.com/sign-in?token=")
    with open_control(Settings(data=data)) as control:
        token = link.partition("=")[2]
        assert control.sign_in.redeem(token) is not None
        assert control.sign_in.redeem(token) is None


def test_it_says_whether_anybody_listens(run: Run, data: Path) -> None:
    ran = run("sign-in", "--json")
    assert ran.json["running"] is False
    assert ran.json["sign_in"].startswith("http://127.0.0.1:8601/sign-in?token=")
    assert "does not run" in run("sign-in").err
    lock = InstanceLock(data)
    try:
        assert run("sign-in", "--json").json["running"] is True
    finally:
        lock.release()


def test_the_link_leads_to_where_the_platform_runs(run: Run, data: Path) -> None:
    data.mkdir()
    lock = InstanceLock(data)
    try:
        with open_control(Settings(data=data)) as control:
            killed = Presence(control.database, ("studio",))
            killed.row = msgspec.structs.replace(
                killed.row, pid=BEYOND, addresses={"studio": "http://127.0.0.1:1"}
            )
            runs = Presence(control.database, ("studio",))
            runs.says(studio="http://127.0.0.1:9321")
            for each in (killed, runs):
                each.sign()
        assert run("sign-in").out.startswith("http://127.0.0.1:9321/sign-in?token=")
        assert run("sign-in", "--studio", "https://x").out.startswith("https://x/sign-in?token=")
        with open_control(Settings(data=data)) as control, control.database.write() as connection:
            processes.leave(connection, runs.row.id)
    finally:
        lock.release()
    assert run("sign-in").out.startswith("http://127.0.0.1:8601/sign-in?token=")


def test_a_link_is_one_that_a_browser_can_go_to(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOINT_HOST", "::")
    assert run("sign-in").out.startswith("http://[::1]:8601/sign-in?token=")


def test_the_link_leads_to_this_machine_by_an_address_that_is_let_in(run: Run, data: Path) -> None:
    with open_control(Settings(data=data)) as control:
        runs = Presence(control.database, ("studio",))
        runs.says(studio=told_to_others("http", ("0.0.0.0", 9321)))
        runs.sign()
        assert run("sign-in").out.startswith("http://127.0.0.1:9321/sign-in?token=")
        runs.row = msgspec.structs.replace(
            runs.row, host="another", addresses={"studio": "http://another:9321"}
        )
        runs.sign()
        assert run("sign-in").out.startswith("http://127.0.0.1:8601/sign-in?token=")
