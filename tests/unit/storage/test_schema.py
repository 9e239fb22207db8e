import ast
from pathlib import Path

from counterpoint import storage
from counterpoint.storage.schema import metadata


def test_every_table_that_is_defined_anywhere_is_known() -> None:
    folder = Path(storage.__file__).parent
    defined = set()
    for path in folder.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Table":
                name = node.args[0]
                assert isinstance(name, ast.Constant)
                defined.add(name.value)
    assert defined <= metadata.tables.keys()
