"""The tree passes the project's own checks, and each check finds what is planted for it."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scripts.checks import dead, fragments, layout, providers, sentences

CHECKS = [dead, fragments, layout, providers, sentences]
EXCEPTIONS = "scripts/checks/exceptions.toml"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.rpartition(".")[2])
def test_the_tree_passes(repository: Path, check: ModuleType) -> None:
    assert check.problems(repository) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small package that passes every check."""
    write(
        tmp_path,
        {
            EXCEPTIONS: "",
            "pyproject.toml": (
                '[tool.towncrier]\ndirectory = "changelog.d"\n[[tool.towncrier.type]]\ndirectory = "added"\n'
            ),
            "changelog.d/1.added.md": "Keys expire.\n",
            "src/counterpoint/keys.py": (
                '"""Keys are what callers show at the door."""\n'
                "from counterpoint.i18n import say\n\n\n"
                "def check(key: str) -> str:\n"
                '    kind = "late" if key else "early"\n'
                '    return say("keys.bad", key=key) + say(f"keys.why.{kind}") + check(key)\n'
            ),
            "src/counterpoint/i18n/en/keys.toml": (
                '[keys]\nbad = "The key {key} is bad."\n[keys.why]\nlate = "Late."\nearly = "Early."\n'
            ),
            "src/counterpoint/i18n/fr/keys.toml": (
                '[keys]\nbad = "La clé {key} est mauvaise."\n[keys.why]\nlate = "Tard."\nearly = "Tôt."\n'
            ),
            "tests/unit/test_keys.py": "",
        },
    )
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


KEYS = "src/counterpoint/keys.py"
ENGLISH = "src/counterpoint/i18n/en/keys.toml"
FRENCH = "src/counterpoint/i18n/fr/keys.toml"
WHY = '"""This module is here to be found out."""\n'


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.rpartition(".")[2])
def test_a_good_tree_has_no_problems(tree: Path, check: ModuleType) -> None:
    assert check.problems(tree) == []


@pytest.mark.parametrize(
    ("check", "files", "finding"),
    [
        (layout, {"src/counterpoint/new.py": f"{WHY}def f(): return 1\n"}, "new.py: has no test file"),
        (
            layout,
            {"src/counterpoint/a/__init__.py": f"{WHY}def f(): return 1\n"},
            "tests/unit/a/test_init.py",
        ),
        (layout, {"tests/unit/test_gone.py": ""}, "test_gone.py: tests a source file that is not there"),
        (layout, {"tests/unit/test_keys.py": "\n" * 501}, "test_keys.py: has 501 lines"),
        (layout, {"src/counterpoint/mute.py": '"""Mute."""\n'}, "mute.py: its docstring does not say why"),
        (layout, {EXCEPTIONS: '[long]\n"a.py" = "it is a table"'}, "'a.py' is no longer needed"),
        (layout, {EXCEPTIONS: '[untested]\n"a.py" = ""'}, "'a.py' gives no reason"),
        (providers, {"src/counterpoint/x.py": 'HOST = "https://api.openai.com"\n'}, "x.py:1: names"),
        (providers, {"src/counterpoint/x.py": "class GroqError(Exception): ...\n"}, "x.py:1: names"),
        (providers, {"src/counterpoint/x.py": "from a.mistral_api import b\n"}, "x.py:1: names"),
        (providers, {"src/counterpoint/x.py": "f(anthropic_version=1)\n"}, "x.py:1: names"),
        (sentences, {FRENCH: '[keys]\nbad = "{key}"\n'}, "'keys.why.late' is missing in fr"),
        (sentences, {ENGLISH: '[keys]\nbad = "{key}"\n'}, "'keys.why.late' is missing in en"),
        (sentences, {KEYS: 'say("keys.wrong")\n'}, "there is no sentence 'keys.wrong'"),
        (sentences, {KEYS: 'say("keys.bad" if x else "keys.worse", key=1)\n'}, "no sentence 'keys.worse'"),
        (sentences, {KEYS: 'say("keys.bad", name=1)\n'}, "'keys.bad' also needs key"),
        (sentences, {KEYS: 'raise Complaint("keys.bad", kind="invalid")\n'}, "'keys.bad' also needs key"),
        (sentences, {KEYS: 'say(f"keys.no.{x}")\n'}, "no sentence is like"),
        (
            sentences,
            {KEYS: 'option(help="keys.why.lat")\n'},
            "keys.py:1: there is no sentence 'keys.why.lat'",
        ),
        (
            sentences,
            {KEYS: 'say("keys.bad", key=1); say(f"keys.why.{x}"); y = "late"\n'},
            "'keys.why.early' is",
        ),
        (
            sentences,
            {KEYS: 'def tell(where, sentence): ...\ndef no(sentence): ...\nno("keys.wrong")\n'},
            "there is no sentence 'keys.wrong'",
        ),
        (fragments, {"changelog.d/1.news.md": "Keys expire.\n"}, "1.news.md: is not named"),
        (fragments, {"changelog.d/1.added.md": "keys expire\n"}, "1.added.md: is not a sentence"),
        (dead, {"src/counterpoint/x.py": "def lonely(): ...\n"}, "x.py:1: unused function 'lonely'"),
        (dead, {"src/counterpoint/x.py": "class Lonely: ...\n"}, "x.py:1: unused class 'Lonely'"),
        (dead, {"src/counterpoint/x.py": "import os\n"}, "x.py:1: unused import 'os'"),
        (dead, {EXCEPTIONS: '[dead]\nlonely = "called by a library"'}, "'lonely' is no longer needed"),
    ],
)
def test_a_planted_problem_is_found(
    tree: Path, check: ModuleType, files: dict[str, str], finding: str
) -> None:
    write(tree, files)
    assert any(finding in problem for problem in check.problems(tree)), check.problems(tree)


def test_sentences_must_be_filled_alike_and_translated(tree: Path) -> None:
    write(tree, {FRENCH: (tree / FRENCH).read_text("utf-8").replace("{key}", "{name}")})
    assert "i18n: 'keys.bad' is filled by ['key'] in en, by ['name'] in fr" in sentences.problems(tree)
    write(tree, {FRENCH: (tree / ENGLISH).read_text("utf-8")})
    assert "i18n: 'keys.bad' is not translated" in sentences.problems(tree)


def test_commands_to_type_are_in_no_language() -> None:
    typed = {"keys.examples": "keys add --name ci --days 90"}
    assert list(sentences.differences({"en": typed, "fr": typed})) == []


@pytest.mark.parametrize(
    ("check", "files"),
    [
        (layout, {"src/counterpoint/values.py": f"{WHY}class Value:\n    'A field.'\n    name: str\n"}),
        (layout, {"src/counterpoint/ports.py": f"{WHY}class Port:\n    def ask(self) -> None: ...\n"}),
        (layout, {"src/counterpoint/a/__init__.py": f"{WHY}from counterpoint.keys import check\n"}),
        (providers, {"src/counterpoint/x.py": f'"""As OpenAI documents it."""\n# and Groq too\n{WHY}'}),
        (providers, {"src/counterpoint/catalog/x.py": 'HOST = "openai"\n'}),
        (providers, {"src/counterpoint/x.py": 'VERTICES = "fireworksmith"\n'}),
        (dead, {"src/counterpoint/testing/double.py": "def for_tests(): ...\n"}),
        (dead, {"src/counterpoint/x.py": "@app.get('/x')\ndef shown(): ...\n"}),
        (
            dead,
            {
                "src/counterpoint/x.py": "def data_received(): ...\n",
                EXCEPTIONS: '[dead]\ndata_received = "called by asyncio"\n',
            },
        ),
    ],
)
def test_what_is_allowed_is_no_problem(tree: Path, check: ModuleType, files: dict[str, str]) -> None:
    write(tree, files)
    assert check.problems(tree) == []


def test_copied_code_is_found(repository: Path, tmp_path: Path) -> None:
    source = repository / "scripts/checks/sentences.py"
    shutil.copy(repository / ".jscpd.json", tmp_path)
    for name in ("one.py", "two.py"):
        shutil.copy(source, tmp_path / name)
    command = [str(Path(sys.executable).with_name("jscpd")), "--config", ".jscpd.json", "."]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "one.py" in result.stdout
    assert "two.py" in result.stdout
