"""One test file for each source file, no file too long to read in one go, each module says why it exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

from scripts.checks.tree import PACKAGE, exceptions, parsed, python_files, stale

LONGEST = 500
UNIT_TESTS = Path("tests/unit")
SHORTEST_DOCSTRING = 4  # words: fewer only repeat the file's name


def problems(root: Path) -> list[str]:
    """All three."""
    return [*untested(root), *too_long(root), *unexplained(root)]


def test_file_of(source: Path) -> Path:
    """Where the tests of `src/counterpoint/a/b.py` are."""
    inner = source.relative_to(PACKAGE)
    name = "init" if inner.stem == "__init__" else inner.stem.strip("_")
    return UNIT_TESTS / inner.parent / f"test_{name}.py"


def has_behaviour(module: ast.Module) -> bool:
    """Whether anything in it can go wrong: modules of fields, ports and gathered names have nothing to test."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not all(map(is_bare, node.body))
        for node in ast.walk(module)
    )


def is_bare(statement: ast.stmt) -> bool:
    """A docstring or an ellipsis."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def untested(root: Path) -> Iterator[str]:
    """Sources without a test file, and test files without a source."""
    granted, met, wanted = exceptions(root, "untested"), set(), set()
    for source in python_files(root, str(PACKAGE)):
        test = test_file_of(source)
        wanted.add(test)
        if (root / test).exists():
            continue
        if not has_behaviour(parsed(root / source)):
            continue
        met.add(str(source))
        if str(source) not in granted:
            yield f"{source}: has no test file {test}"
    for test in python_files(root, str(UNIT_TESTS)):
        if test.name.startswith("test_") and test not in wanted:
            yield f"{test}: tests a source file that is not there"
    yield from stale(granted, met, "untested")


def too_long(root: Path) -> Iterator[str]:
    """Files that nobody reads in one go."""
    granted, met = exceptions(root, "long"), set()
    for path in python_files(root, "src", "tests", "scripts", "benchmarks"):
        lines = len((root / path).read_text("utf-8").splitlines())
        if lines > LONGEST:
            met.add(str(path))
            if str(path) not in granted:
                yield f"{path}: has {lines} lines, more than {LONGEST}"
    yield from stale(granted, met, "long")


def unexplained(root: Path) -> Iterator[str]:
    """Modules that do not say why they exist."""
    for path in python_files(root, "src", "scripts", "benchmarks"):
        said = ast.get_docstring(parsed(root / path)) or ""
        if len(said.split()) < SHORTEST_DOCSTRING:
            yield f"{path}: its docstring does not say why the module exists"
