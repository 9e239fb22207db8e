"""The import contracts bite: a violation planted in a copy of the tree is found by the contract it breaks.

What the contracts read is the source; that a worker's imports stay small is also checked by importing them.
"""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Where a module is planted, what it imports, and the contract that must say no.
PLANTED = [
    ("canonical/planted.py", "import counterpoint.dialects", "rooms"),
    ("canonical/planted.py", "import counterpoint.i18n", "rooms"),
    ("wire/planted.py", "def late() -> None:\n    from counterpoint.ledger import Entry", "rooms"),
    ("ledger/planted.py", "from counterpoint.serving import values", "rooms"),
    ("serving/planted.py", "import counterpoint.storage.planted", "rooms"),
    ("gateway/planted.py", "import counterpoint.control.planted", "rooms"),
    ("control/planted.py", "import counterpoint.gateway.planted", "rooms"),
    ("control/planted.py", "from counterpoint.api import planted", "rooms"),
    ("app/planted.py", "import counterpoint.testing.planted", "rooms"),
    ("unplaced/planted.py", "import counterpoint.canonical", "rooms"),
    (
        "dialects/openai_chat/planted.py",
        "import counterpoint.dialects.anthropic_messages.planted",
        "dialects",
    ),
    (
        "dialects/anthropic_messages/planted.py",
        "import counterpoint.dialects.openai_chat.planted",
        "dialects",
    ),
    ("dialects/openai_embeddings/planted.py", "import counterpoint.dialects.anthropic_messages", "dialects"),
    ("dialects/base.py", "import counterpoint.dialects.openai_chat.planted", "dialects"),
    ("dialects/unplaced/planted.py", "import counterpoint.canonical", "dialects"),
    ("gateway/planted.py", "import sqlalchemy", "data-plane"),
    ("gateway/planted.py", "from counterpoint.storage import planted", "data-plane"),
    ("transport/planted.py", "from cryptography import x509", "data-plane"),
    ("dialects/openai_chat/planted.py", "from pydantic import BaseModel", "data-plane"),
    ("serving/planted.py", "from starlette.responses import Response", "data-plane"),
    ("ledger/spool.py", "import rich", "data-plane"),
    ("engines/client.py", "import click", "data-plane"),
    ("app/worker.py", "from counterpoint.storage import planted", "data-plane"),
]
# Rooms that a planted line imports from; storage is where SQLAlchemy is at home.
PEERS = {
    "api/planted.py": "",
    "control/planted.py": "",
    "gateway/planted.py": "",
    "storage/planted.py": "import sqlalchemy",
    "testing/planted.py": "",
    "dialects/anthropic_messages/planted.py": "",
    "dialects/openai_chat/planted.py": "",
}


def lint(tree: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(
        [*command, *(["--contract", contract] if contract else [])],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def add(tree: Path, name: str, lines: str) -> None:
    """The lines at the end of that module, which is made if need be, in a package that is one."""
    module = tree / "src/counterpoint" / name
    module.parent.mkdir(exist_ok=True)
    (module.parent / "__init__.py").touch()
    with module.open("a") as file:
        file.write(f"\n{lines}\n")


@pytest.fixture
def tree(repository: Path, tmp_path: Path) -> Path:
    shutil.copytree(
        repository / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.json*")
    )
    shutil.copy(repository / ".importlinter", tmp_path)
    return tmp_path


def test_the_tree_keeps_every_contract(repository: Path) -> None:
    result = lint(repository)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_a_planted_violation_is_found(tree: Path, module: str, line: str, contract: str) -> None:
    for peer, content in PEERS.items():
        add(tree, peer, content)
    add(tree, module, line)
    result = lint(tree, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
    assert Path(module).parts[0] in result.stdout


def test_every_contract_has_a_planted_violation(repository: Path) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(repository / ".importlinter")
    declared = {name.rpartition(":")[2] for name in contracts.sections() if ":contract:" in name}
    assert declared == {contract for _, _, contract in PLANTED}


def test_a_data_plane_module_loads_none_of_the_control_planes_libraries(repository: Path) -> None:
    """Importing a module runs its parents' `__init__`, which the contract cannot see."""
    contracts = configparser.ConfigParser()
    contracts.read(repository / ".importlinter")
    contract = contracts["importlinter:contract:data-plane"]
    program = f"""
import importlib, pkgutil, sys
for expression in {contract["source_modules"].split()!r}:
    package = importlib.import_module(expression)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), expression + "."):
        importlib.import_module(module.name)
print(*sorted(set({contract["forbidden_modules"].split()!r}) & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == ""
