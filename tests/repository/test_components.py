"""What is said of a program that is missing, and when it counts as there."""

import os
import re
from pathlib import Path

import pytest

from scripts.components import COMPONENTS, Component, declared, wanted


def test_every_component_says_how_to_get_it(repository: Path) -> None:
    assert COMPONENTS
    for component in COMPONENTS.values():
        assert bool(component.npm) != bool(component.command and component.apt)
        assert component.remedy() in component.lack()
        assert component.used_by[0] in component.lack()
        assert all((repository / user).exists() for user in component.used_by)


def test_what_a_test_asks_for_is_installed_before_the_tests(repository: Path) -> None:
    asked = {
        name
        for file in (repository / "tests").rglob("*.py")
        for name in re.findall(r'component\("([a-z-]+)"\)', file.read_text("utf-8"))
    }
    assert asked >= {"chromium", "nginx"}
    assert asked <= {each.name for each in wanted(["tests"])}


def test_a_missing_program_is_named_with_the_command_that_installs_it() -> None:
    sed = declared('[sed]\ncommand = "no-such-sed"\napt = "sed"\nused_by = ["tests/x"]')["sed"]
    assert sed.path() is None
    assert sed.lack() == "sed is missing, which tests/x needs: run `apt-get install sed`"


def test_a_program_on_the_path_is_found() -> None:
    found = Component(name="shell", used_by=("tests",), command="sh", apt="dash").path()
    assert found is not None
    assert found.name == "sh"


@pytest.mark.parametrize(("age", "there"), [(-10, False), (10, True)])
def test_npm_packages_older_than_their_lock_file_are_missing(
    tmp_path: Path, age: int, *, there: bool
) -> None:
    installed = tmp_path / "clients" / "node_modules"
    installed.mkdir(parents=True)
    lock = tmp_path / "clients" / "package-lock.json"
    lock.touch()
    clients = Component(name="clients", used_by=("tests/clients",), npm="clients")
    assert clients.path(tmp_path) is None
    marker = installed / ".package-lock.json"
    marker.touch()
    now = lock.stat().st_mtime
    os.utime(marker, (now + age, now + age))
    assert clients.path(tmp_path) == (installed if there else None)
