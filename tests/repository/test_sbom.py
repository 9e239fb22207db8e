"""The bill of materials names every file by hash, and every package by a licence that a company may accept."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import sbom

STRONG_COPYLEFT = re.compile(
    r"\b(A?GPL|GNU (Affero )?General Public|SSPL|BUSL|Commons Clause)", re.IGNORECASE
)


@pytest.fixture(scope="module")
def bill(repository: Path) -> Any:
    command = [sys.executable, "-m", "scripts.sbom"]
    return json.loads(subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout)


def test_it_holds_what_runs_and_not_what_tests(bill: Any) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    names = {component["name"] for component in bill["components"]}
    assert {"httptools", "msgspec", "uvloop", "sqlalchemy"} <= names
    assert not {"pytest", "mypy", "sphinx", "openai"} & names
    assert bill["metadata"]["component"]["name"] == "counterpoint"


def test_every_package_has_its_files_hashes(bill: Any) -> None:
    for component in bill["components"]:
        hashes = [each for file in component["externalReferences"] for each in file.get("hashes", [])]
        assert hashes, component["name"]
        assert all(each["alg"] == "SHA-256" and len(each["content"]) == 64 for each in hashes)


def test_every_package_has_a_licence_that_is_no_strong_copyleft(bill: Any) -> None:
    for component in [*bill["components"], bill["metadata"]["component"]]:
        assert component.get("licenses"), component["name"]
        assert any(not STRONG_COPYLEFT.search(choice) for choice in choices(component["licenses"])), component


def choices(licences: list[dict[str, Any]]) -> list[str]:
    """Where a package leaves it to us under which licence we take it, each of them."""
    (one,) = licences
    return str(one.get("expression") or one["license"]["name"]).split(" OR ")


@pytest.mark.parametrize(
    ("expression", "taken"),
    [("Apache-2.0 OR GPL-2.0-or-later", True), ("GPL-3.0-only", False), ("MIT AND AGPL-3.0-only", False)],
)
def test_one_choice_that_may_be_taken_is_enough(expression: str, *, taken: bool) -> None:
    found = choices([{"expression": expression}])
    assert any(not STRONG_COPYLEFT.search(choice) for choice in found) is taken


@pytest.mark.parametrize(
    ("fields", "classifiers", "expected"),
    [
        ({"License-Expression": "MIT"}, [], {"expression": "MIT"}),
        ({}, ["License :: OSI Approved :: MIT License"], {"license": {"name": "MIT License"}}),
        ({"License": "BSD\n\nRedistribution and use…"}, [], {"license": {"name": "BSD"}}),
        ({}, ["Programming Language :: Python"], None),
    ],
)
def test_a_licence_is_read_wherever_a_package_states_it(
    fields: dict[str, str], classifiers: list[str], expected: dict[str, Any] | None
) -> None:
    assert sbom.licence(fields, classifiers) == expected
