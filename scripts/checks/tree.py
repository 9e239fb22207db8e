"""The source tree as the checks see it, and the exceptions that were granted."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path("src/counterpoint")


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Every Python file below those folders, with its path from the root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root)


@cache
def parsed(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def exceptions(root: Path, check: str) -> dict[str, str]:
    """What that check lets pass, each with its reason."""
    granted = tomllib.loads((root / "scripts/checks/exceptions.toml").read_text("utf-8"))
    found: dict[str, str] = granted.get(check, {})
    return found


def stale(granted: dict[str, str], met: set[str], check: str) -> Iterator[str]:
    """Exceptions that nothing needs any more, or that give no reason."""
    for name, reason in granted.items():
        if name not in met:
            yield f"scripts/checks/exceptions.toml: [{check}] {name!r} is no longer needed"
        if len(reason.split()) < 3:
            yield f"scripts/checks/exceptions.toml: [{check}] {name!r} gives no reason"
