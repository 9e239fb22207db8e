import ast
import importlib
from pathlib import Path

import click
import pytest

from counterpoint.cli import wording
from counterpoint.cli.program import SECTIONS, root
from counterpoint.cli.wording import CLICK, translate
from counterpoint.i18n import say
from counterpoint.i18n.catalogue import sentences
from tests.unit.cli.conftest import Run


def clicks_strings() -> set[str]:
    """Every string in click's sources."""
    folder = Path(click.__file__).parent
    return {
        node.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_our_english_is_what_the_installed_click_says() -> None:
    said = clicks_strings()
    assert [name for name in CLICK if sentences("en")[f"cli.click.{name}"] not in said] == []


def test_every_message_of_click_is_in_the_list() -> None:
    assert set(CLICK) == {
        name.removeprefix("cli.click.") for name in sentences("en") if name.startswith("cli.click.")
    }


def test_click_speaks_french(run: Run) -> None:
    ran = run("keys", "create", lang="fr")
    assert ran.code == 2
    assert "Il manque l'argument" in ran.err
    assert "affiche l'aide" in ran.err
    assert "Usage" not in ran.err


def test_a_message_without_translation_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "system_language", lambda: "fr")
    assert translate("Something new in click.") == "Something new in click."


def every_command() -> list[tuple[str, ...]]:
    """Paths of all commands and groups."""
    found: list[tuple[str, ...]] = []
    for name in (name for _, names in SECTIONS for name in names):
        module = importlib.import_module(f"counterpoint.cli.commands.{name}")
        shown = name.replace("_", "-")
        found.append((shown,))
        if isinstance(module.command, click.Group):
            found += [(shown, inner) for inner in module.command.commands]
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("path", every_command(), ids=" ".join)
def test_every_help_reads_in_both_languages(path: tuple[str, ...], lang: str, run: Run) -> None:
    ran = run(*path, "--help", lang=lang)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert say("cli.show_help", lang=lang) in ran.out


def test_options_are_described(run: Run) -> None:
    undescribed = []
    for path in every_command():
        found: click.Command = root
        for name in path:
            assert isinstance(found, click.Group)
            step = found.get_command(click.Context(found), name)
            assert step is not None
            found = step
        undescribed += [(*path, item.name) for item in found.params if not getattr(item, "help", None)]
    assert undescribed == []
