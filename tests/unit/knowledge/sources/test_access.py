import unicodedata
from typing import Literal

import pytest

from counterpoint.knowledge.sources.access import Access, both, is_access_file


def rules(**files: str) -> Access:
    access = Access()
    for path, text in files.items():
        access.add(path, text.encode())
    return access


def seen(access: Access, path: str) -> set[str] | None:
    told = access.readers(path)
    return None if told is None else set(told)


TOP = """
[[rule]]
files = "*.pdf"
readers = ["everybody"]

[[rule]]
files = "**"
readers = ["Finance"]
"""
DEEP = """
[[rule]]
files = "plan.*"
readers = ["alice@example.com"]
"""


def test_the_nearest_rule_that_fits_holds() -> None:
    access = rules(**{"access.toml": TOP, "deep/access.toml": DEEP})
    assert seen(access, "a.pdf") == {"everybody"}
    assert seen(access, "a.txt") == {"Finance"}
    assert seen(access, "deep/plan.pdf") == {"alice@example.com"}
    assert seen(access, "deep/below/plan.pdf") == {"alice@example.com"}
    assert seen(access, "deep/other.pdf") == {"everybody"}


def test_a_file_s_own_rule_comes_first() -> None:
    access = rules(**{"access.toml": TOP, "a.pdf.access.toml": 'readers = ["bob@example.com"]'})
    assert seen(access, "a.pdf") == {"bob@example.com"}
    assert seen(access, "b.pdf") == {"everybody"}


def test_where_nothing_is_written_nothing_is_said() -> None:
    assert seen(rules(), "a.pdf") is None
    assert seen(rules(**{"deep/access.toml": TOP}), "a.pdf") is None
    assert seen(rules(**{"access.toml": '[[rule]]\nfiles = "*.pdf"\nreaders = []'}), "a.pdf") == set()


@pytest.mark.parametrize(
    "text",
    [
        "[[rule",
        '[[rule]]\nfiles = "*"',
        '[[rule]]\nfiles = "*"\nreader = ["everybody"]',
        '[[rule]]\nfiles = "*"\nreaders = "everybody"',
        '[[rules]]\nfiles = "*"\nreaders = ["everybody"]',
        "\x00",
        "a = " + "[" * 100_000,
        f'[[rule]]\nfiles = "{"x" * 1001}"\nreaders = ["everybody"]',
    ],
)
def test_what_cannot_be_read_is_for_nobody(text: str) -> None:
    access = rules(**{"access.toml": TOP})
    assert access.add("deep/access.toml", text.encode())
    assert access.add("own.pdf.access.toml", text.encode())
    assert seen(access, "deep/below/a.pdf") == set()
    assert seen(access, "own.pdf") == set()
    assert seen(access, "a.pdf") == {"everybody"}


def test_access_files_are_no_documents() -> None:
    assert is_access_file("deep/access.toml")
    assert is_access_file("plan.pdf.access.toml")
    assert is_access_file("deep/Access.TOML")
    assert not is_access_file("deep/my-access.toml")


FORMS: list[tuple[Literal["NFC", "NFD"], Literal["NFC", "NFD"]]] = [("NFC", "NFD"), ("NFD", "NFC")]


def test_how_accents_are_put_together_does_not_matter() -> None:
    for written, asked in FORMS:
        folder, rule, name = (
            unicodedata.normalize(written, each) for each in ("Été", "Salariés/**", "café.pdf")
        )
        access = rules(
            **{
                f"{folder}/access.toml": f'[[rule]]\nfiles = "{rule}"\nreaders = ["Finance"]',
                f"{folder}/{name}.access.toml": "readers = []",
            }
        )
        path, own = (unicodedata.normalize(asked, each) for each in ("Été/Salariés/x.pdf", "Été/café.pdf"))
        assert seen(access, path) == {"Finance"}
        assert seen(access, own) == set()


def test_a_share_that_spells_a_file_with_other_capitals_changes_no_right() -> None:
    access = rules(**{"Deep/Plan.PDF.Access.toml": "readers = []"})
    assert seen(access, "Deep/plan.pdf") == set()
    assert seen(access, "Deep/plan.txt") is None


def test_of_two_files_of_rules_about_the_same_none_holds() -> None:
    access = rules(**{"access.toml": TOP, "a.pdf.access.toml": 'readers = ["Finance"]'})
    assert access.add("Access.toml", TOP.encode())
    assert access.add("A.pdf.access.toml", b'readers = ["everybody"]')
    assert seen(access, "a.pdf") == set()
    assert seen(access, "b.pdf") == set()


EVERY = frozenset({"everybody"})
SOME, OTHERS = frozenset({"a", "b"}), frozenset({"b", "c"})


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (SOME, OTHERS, {"b"}),
        (SOME, SOME, SOME),
        (SOME, EVERY, SOME),
        (SOME, frozenset(), frozenset()),
        (SOME, None, frozenset()),
        (None, None, None),
        (None, EVERY, None),
    ],
)
def test_whom_both_let_in(
    one: frozenset[str] | None, other: frozenset[str] | None, told: frozenset[str] | None
) -> None:
    assert both(one, other) == both(other, one) == told


@pytest.mark.parametrize("pattern", ["HR\\*", "./HR/**", "../HR/*", "HR//*", "", "/"])
def test_a_pattern_that_can_mean_no_file_lets_nobody_in(pattern: str) -> None:
    rules = Access()
    told = f"[[rule]]\nfiles = '{pattern}'\nreaders = ['HR']\n[[rule]]\nfiles = '*'\nreaders = ['everybody']"
    assert "no file is called" in (rules.add("access.toml", told.encode()) or "")
    assert rules.readers("HR/pay.txt") == frozenset()


@pytest.mark.parametrize("pattern", ["/HR/**", "HR/", "**/HR/*", "[draft] {a}.txt", "..a/.b"])
def test_a_pattern_that_can_mean_a_file_is_none_of_those(pattern: str) -> None:
    assert Access().add("access.toml", f"[[rule]]\nfiles = '{pattern}'\nreaders = []".encode()) is None
