import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.control.tomllines import locate

TEXT = '''\
# a comment with [brackets] and "quotes"
title = "x = 1 # not a comment"

[server]
port = 8600   # the gateway's
tls.cert = "a"
"quoted key".'and this' = 1

[[providers]]
name = "one"
settings = { region = "eu", "deep er" = { x = 1 } }

[providers.extra]
note = """
[not.a.table]
key = "no" """
literal = \'\'\'
'quoted' \'\'\'

[[providers]]
name = 'two'
models = [
  "a",  # one
  "b]",
  { c = [1, 2] },
]
when = 2026-01-01T00:00:00Z
[[providers.keys]]
id = 1
[[providers.keys]]
id = 2
'''


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} if path else set()
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        found |= paths(child, (*path, name))
    return found


def test_every_value_has_its_place() -> None:
    assert set(locate(TEXT)) == paths(tomllib.loads(TEXT))


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("title",), 2, 1),
        (("server",), 4, 1),
        (("server", "port"), 5, 1),
        (("server", "tls", "cert"), 6, 1),
        (("server", "quoted key", "and this"), 7, 1),
        (("providers", 0), 9, 1),
        (("providers", 0, "settings", "deep er", "x"), 11, 43),
        (("providers", 0, "extra", "note"), 14, 1),
        (("providers", 0, "extra", "literal"), 17, 1),
        (("providers", 1), 20, 1),
        (("providers", 1, "models", 1), 24, 3),
        (("providers", 1, "models", 2, "c", 1), 25, 13),
        (("providers", 1, "when"), 27, 1),
        (("providers", 1, "keys", 1, "id"), 31, 1),
    ],
)
def test_lines_and_columns_are_those_of_the_text(path: tuple[str | int, ...], line: int, column: int) -> None:
    assert locate(TEXT)[path] == (line, column)


def test_windows_line_ends_count_once() -> None:
    assert locate("a = 1\r\n\r\nb = [\r\n 1,\r\n]\r\n")["b", 0] == (4, 2)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
SCALARS = (
    WORDS.map(lambda word: '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"')
    | WORDS.map(lambda word: "'" + word.replace("'", "") + "'")
    | WORDS.map(lambda word: '"""\n' + word.replace("\\", "\\\\").replace('"', '\\"') + '\n]"""')
    | st.integers(-(10**9), 10**9).map(str)
    | st.sampled_from(["true", "1.5", "inf", "2026-01-01", "2026-01-01 10:00:00", "1e3"])
)
KEYS = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=3, unique=True)


def inline(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arrays = st.lists(children, max_size=3).map(lambda items: "[ " + ", # c\n".join(items) + " ]")
    tables = st.tuples(KEYS, st.lists(children, min_size=3, max_size=3)).map(
        lambda pair: "{" + ", ".join(f"{name} = {value}" for name, value in zip(*pair, strict=False)) + "}"
    )
    return arrays | tables


VALUES = st.recursive(SCALARS, inline, max_leaves=6)


@given(st.lists(st.tuples(KEYS, st.lists(VALUES, min_size=3, max_size=3)), max_size=4))
@settings(max_examples=150)
def test_any_file_that_toml_reads_is_located_in_full(sections: list[tuple[list[str], list[str]]]) -> None:
    text = ""
    for names, values in sections:
        text += "[[table]] # here\n"
        for name, value in zip(names, values, strict=False):
            text += f"\t{name} = {value} # there\n"
    assert set(locate(text)) == paths(tomllib.loads(text))
