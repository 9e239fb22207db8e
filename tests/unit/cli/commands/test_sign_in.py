from pathlib import Path

from counterpoint.app.compose import open_control
from counterpoint.app.runtime import InstanceLock
from counterpoint.app.settings import Settings
from tests.unit.cli.conftest import Run


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
