"""click, speaking the user's language: help texts are ids of sentences, looked up when they are shown.

click asks gettext for its own words, which would want compiled catalogues; its modules get a look-up in our
sentences instead. A test compares those with what the installed click says.
"""

from collections.abc import Callable, Sequence
from gettext import gettext
from typing import Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

from counterpoint.i18n import say, system_language
from counterpoint.i18n.catalogue import sentences

F = TypeVar("F", bound=Callable[..., Any])

_SPEAKING = (core, decorators, exceptions, formatting, parser, termui, types)
CLICK = (
    *("usage", "options", "arguments", "commands", "aborted", "extra_argument", "extra_arguments"),
    *("missing_command", "error", "try_help", "invalid", "invalid_for", "missing_argument", "missing_option"),
    *("missing_parameter", "no_such_option", "no_such_command", "did_you_mean", "did_you_mean_one"),
    *("default", "env_var", "required", "choose_from", "not_choice", "not_choices", "not_number"),
    *("out_of_range", "no_value", "needs_argument", "needs_arguments", "file", "directory", "path"),
    *("does_not_exist", "is_a_file", "is_a_directory", "not_readable", "repeat", "mismatch", "invalid_input"),
    *("unopened", "unknown_error"),
)
"""Sentences `cli.click.…`: in English word for word as click has them, since that is what they are found by."""


def translate(message: str) -> str:
    """One of click's own messages in the user's language."""
    language = system_language()
    if language == "en":
        return message
    return _clicks_words(language).get(message) or gettext(message)


def _clicks_words(language: str) -> dict[str, str]:
    english, other = sentences("en"), sentences(language)
    return {english[f"cli.click.{name}"]: other[f"cli.click.{name}"] for name in CLICK}


def _translate_plural(one: str, many: str, count: int) -> str:
    return translate(one if count == 1 else many)


for _module in _SPEAKING:
    for _name, _function in (("_", translate), ("ngettext", _translate_plural)):
        if hasattr(_module, _name):
            setattr(_module, _name, _function)


class _Worded:
    """A `help` that is stored as the id of a sentence and read as the sentence."""

    def _said(self) -> str | None:
        return say(self._sentence) if self._sentence else None

    def _store(self, sentence: str | None) -> None:
        self._sentence = sentence

    help = property(_said, _store)


class Option(_Worded, click.Option):
    """`help` and `metavar` are ids: of a sentence, and of one under `cli.metavar`."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value."""
        return say(f"cli.metavar.{self.metavar}") if self.metavar else super().make_metavar(ctx)


class Argument(_Worded, click.Argument):
    """As `Option`."""

    @property
    def human_readable_name(self) -> str:
        """As it is called in error messages."""
        return say(f"cli.metavar.{self.metavar}") if self.metavar else super().human_readable_name

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value, `[optional]`, `many...`."""
        shown = self.human_readable_name
        if not self.required:
            shown = f"[{shown}]"
        return shown + ("..." if self.nargs != 1 else "")


class _Formatter(click.HelpFormatter):
    def write_heading(self, heading: str) -> None:
        """French sets a space before the colon."""
        self.write(f"{'':>{self.current_indent}}{say('cli.heading', title=heading)}\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(_Worded, click.Command):
    """A command whose `help` is a sentence's id; `examples`: of one that holds lines to show as they are."""

    context_class = _Context

    def __init__(self, *args: Any, examples: str | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = examples

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, in the user's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = say("cli.show_help")
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first paragraph, whole: a list of commands wraps, it does not cut."""
        return (self.help or "").partition("\n\n")[0].replace("\n", " ").strip().removesuffix(".")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples."""
        if self.examples:
            with formatter.section(say("cli.examples")):
                for line in say(self.examples).strip().splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n" if line else "\n")


class Group(Command, click.Group):
    """Commands in the order in which they were added."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.subcommand_metavar = ""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """With the word for a command in the user's language."""
        pieces = [piece for piece in super().collect_usage_pieces(ctx) if piece]
        return [*pieces, say("cli.subcommand")]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were added: the order that a newcomer needs them in."""
        return list(self.commands)


def group(name: str, *, help: str, **settings: Any) -> Callable[[Callable[..., Any]], Group]:  # noqa: A002 - click's word
    """Declares a command group."""
    return click.group(name, cls=Group, help=help, **settings)


def command(name: str, *, help: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:  # noqa: A002 - click's word
    """Declares a command that stands alone."""
    return click.command(name, cls=Command, help=help, **settings)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Declares an option."""
    return click.option(*names, cls=Option, **settings)


def argument(*names: str, **settings: Any) -> Callable[[F], F]:
    """Declares an argument."""
    return click.argument(*names, cls=Argument, **settings)


def stack(wrappers: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    """Several options as one decorator, shown in this order."""

    def wrap(function: F) -> F:
        for wrapper in reversed(wrappers):
            function = wrapper(function)
        return function

    return wrap
