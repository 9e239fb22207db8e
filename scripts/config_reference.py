"""Writes docs/configuration-reference.md from the schema that reads counterpoint.toml; a test keeps it fresh.

Usage: python -m scripts.config_reference
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from counterpoint.control.config import Configuration

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "configuration-reference.md"
HEAD = """\
# counterpoint.toml

Every table and setting of the configuration file. This page is written from the schema by
`python -m scripts.config_reference`; [Configuration](configuration.md) says how the file is used. What has no
default may be left out unless it is marked as required. A *secret* never stands in the file: it is
`{ env = "NAME" }` or `{ file = "PATH" }`, or short `"env:NAME"`. Where a date and time is asked, a date will do: it is
the midnight with which it begins in the organisation's zone, as this file says it, else in UTC."""
# "`host`, `port`: the gateway": the names that a docstring explains together.
EXPLAINED = re.compile(r"(?:^|(?<=\s))((?:`[a-z_0-9*]+`(?:, )?)+): ")


def page() -> str:
    """The whole page."""
    return "\n\n".join([HEAD, *sections(Configuration, "", "")]) + "\n"


def sections(struct: type, path: str, heading: str) -> Iterator[str]:
    """One table of the file, then the tables in it."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    inner = [(field, nested) for field in info.fields if (nested := table_of(field.type))]
    if heading:
        intro, meanings = explained(docstring(struct))
        yield f"## `{heading}`"
        if intro:
            yield intro
        rows = [row(field, meanings) for field in info.fields if not table_of(field.type)]
        if rows:
            yield "\n".join(["| setting | type | default | |", "|---|---|---|---|", *rows])
    for field, nested in inner:
        name = f"{path}.{field.encode_name}".lstrip(".")
        many = isinstance(field.type, inspect.VarTupleType)
        yield from sections(nested, name, f"[[{name}]]" if many else f"[{name}]")


def table_of(kind: inspect.Type) -> type | None:
    """The struct behind a table or an array of tables; a secret is a value to its reader."""
    match kind:
        case inspect.StructType(cls=struct):
            return None if struct.__name__ == "SecretSource" else struct
        case inspect.VarTupleType(item_type=inspect.StructType(cls=struct)):
            return struct
        case inspect.UnionType(types=types):
            found = [table for each in types if (table := table_of(each))]
            return found[0] if found else None
    return None


def docstring(struct: type) -> str:
    """What it says of itself and of what it inherits."""
    ours = [each for each in struct.__mro__ if each not in {msgspec.Struct, object}]
    return max((" ".join((each.__doc__ or "").split()) for each in ours), key=len)


def explained(text: str) -> tuple[str, dict[str, str]]:
    """What comes before the first explanation of a setting, and the explanations."""
    intro, *rest = EXPLAINED.split(text)
    meanings = {}
    for names, meaning in zip(rest[::2], rest[1::2], strict=True):
        for name in re.findall(r"`([^`]+)`", names):
            meanings[name] = meaning.strip().rstrip(".;,")
    return intro.strip(), meanings


def row(field: inspect.Field, meanings: dict[str, str]) -> str:
    """A line of the table."""
    meaning = next((text for name, text in meanings.items() if fnmatchcase(field.encode_name, name)), "")
    default = "**required**" if field.required else shown(default_of(field))
    return f"| `{field.encode_name}` | {word(field.type)} | {default} | {meaning[:1].upper()}{meaning[1:]} |"


def default_of(field: inspect.Field) -> Any:
    """As the schema has it."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def shown(value: Any) -> str:
    """As the file would have it; nothing for what is simply absent."""
    if value is None or value in ((), {}, ""):
        return ""
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def word(kind: inspect.Type) -> str:
    """What to write there."""
    match kind:
        case inspect.UnionType(types=types):
            names = [word(each) for each in types if not isinstance(each, inspect.NoneType)]
            return "secret" if "secret" in names else " or ".join(dict.fromkeys(names))
        case inspect.StructType():
            return "secret"
        case inspect.VarTupleType(item_type=item):
            return f"list of {word(item)}"
        case inspect.DictType(value_type=value):
            return f"table of {word(value)}"
        case inspect.IntType(ge=least, le=most) if least is not None and most is not None:
            return f"integer, {least} to {most}"
        case inspect.DateTimeType():
            return "date and time"
        case inspect.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
    return {"StrType": "text", "BoolType": "true or false", "IntType": "integer", "FloatType": "number"}[
        type(kind).__name__
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
