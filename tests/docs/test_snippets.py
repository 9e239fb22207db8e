"""What the documentation shows is run; the runner itself finds what is wrong on a page."""

from pathlib import Path

import pytest

from tests.docs.snippets import Reader, matches, parsed, reader_for, session
from tests.running import Running

ROOT = Path(__file__).resolve().parent.parent.parent
# Written by programs, or telling of the past.
NOT_FOLLOWED = {"cli.md", "configuration-reference.md", "conformance.md", "benchmarks.md"}
PAGES = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").glob("*.md") if p.name not in NOT_FOLLOWED)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_works(page: Path, platform: Running, tmp_path: Path) -> None:
    reader = reader_for(
        tmp_path / "reader",
        gateway=platform.gateway,
        studio=platform.studio,
        key=platform.key,
        data=platform.data,
    )
    reader.follow(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_well_formed(page: Path) -> None:
    """Every block says its language, so that none escapes being run by accident."""
    fences = [line for line in page.read_text("utf-8").splitlines() if line.lstrip().startswith("```")]
    assert len(fences) % 2 == 0
    assert all(fence.strip() != "```" for fence in fences[::2]), "a block without a language"
    parsed(page)


def follow(tmp_path: Path, text: str) -> int:
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    reader = reader_for(tmp_path / "reader", gateway="http://g", studio="http://s", key="k-1", data=tmp_path)
    assert isinstance(reader, Reader)
    return reader.follow(page)


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ echo one\none\n```",
        "```console\n$ echo one two\none…\n```",
        "```console\n$ export A=1\n```\n\n```console\n$ echo $A\n1\n```",
        "```console\n$ export A=cp-…\n$ echo $A http://127.0.0.1:8600/v1\nk-1 http://127.0.0.1:8600/v1\n```",
        "```console\n$ echo cp-2\ncp-…\n```",
        "```console\n$ printf '%s' \\\n  'a b'\na b\n```",
        "```console\n$ export A=1\n```\n\n```python\nimport os\nassert os.environ['A'] == '1'\n```",
        '<!--- skip: next "it would stop the machine" -->\n\n```console\n$ false\n```\n\n```console\n$ true\n```',
        "```sh\nfalse\n```",
        "```toml\na = 1\n```\n\n```console\n$ cat counterpoint.toml\na = 1\n```",
    ],
)
def test_a_good_page_passes(tmp_path: Path, text: str) -> None:
    follow(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Words.\n\n```console\n$ false\n```", "page.md:3: `false` ended with 1"),
        ("```console\n$ echo one\ntwo\n```", "page.md:1: `echo one` printed\none"),
        ("```console\n$ no-such-command\n```", "not found"),
        ("```python\nassert 1 == 2\n```", "page.md:1 failed"),
    ],
)
def test_a_bad_page_fails_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(AssertionError) as raised:
        follow(tmp_path, text)
    assert complaint in str(raised.value)


def test_a_session_is_taken_apart() -> None:
    assert list(session("$ a \\\n  b\nout\n$ c\n")) == [("a \\\n  b", "out"), ("c", "")]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [("", "x", True), ("a", "a\n", True), ("a…c", "abc", True), ("a…", "a\nb\n", True), ("a", "ab", False)],
)
def test_dots_stand_for_anything(expected: str, printed: str, *, same: bool) -> None:
    assert matches(expected, printed) is same
