"""The root command: which commands there are, in which order, and what an error becomes.

Nothing of a command is imported before it is called, so that help and completion answer at once.
"""

import importlib
import os
import sys
from typing import Any

import click

from counterpoint import __version__
from counterpoint.cli import exits, output
from counterpoint.cli.wording import Command, Group, Option
from counterpoint.i18n import say

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("start", ("up", "gateway", "studio", "worker", "sign_in", "doctor", "version")),
    ("models", ("models", "catalog", "routes", "explain", "dialects")),
    ("knowledge", ("sources", "search", "ask", "groups", "knowledge")),
    (
        "access",
        (
            "providers",
            "keys",
            "budgets",
            "prices",
            "usage",
            "reconcile",
            "audit",
            "config",
            "backup",
            "restore",
        ),
    ),
)
"""Sections of the help, and the modules of `commands` in it: the attribute `command` of each is a command."""
_PACKAGE = "counterpoint.cli.commands"
_GAP = 2


class Root(Group):
    """`counterpoint` itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As the help shows them."""
        return [name.replace("_", "-") for _, names in SECTIONS for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found = importlib.import_module(f"{_PACKAGE}.{cmd_name.replace('-', '_')}").command
        if not isinstance(found, Command):
            raise TypeError(f"{_PACKAGE}.{cmd_name} has no command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With the nearest command where there is none of that name."""
        name = args[0]
        if not ctx.resilient_parsing and name not in self.list_commands(ctx) and not name.startswith("-"):
            raise click.NoSuchCommand(name, possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command. Its output is flushed here, where it is still known that a reader may have left."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python would complain once more when it flushes the closed pipe at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            exits.leave(exits.BROKEN_PIPE)
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the sentences alone, no module is imported for it."""
        longest = max(map(len, self.list_commands(ctx)))
        for section, names in SECTIONS:
            with formatter.section(say(f"cli.section.{section}")):
                rows = [(name.replace("_", "-").ljust(longest), say(f"cli.summary.{name}")) for name in names]
                formatter.write_dl(rows, col_spacing=_GAP)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Exit codes and the environment."""
        for title, table in (("cli.exit_codes.title", _EXITS), ("cli.environment.title", _VARIABLES)):
            with formatter.section(say(title)):
                formatter.write_dl([(name, say(sentence)) for name, sentence in table], col_spacing=_GAP)

    def main(self, *args: Any, **settings: Any) -> Any:
        """Runs a command line and exits with a code that means something."""
        settings.setdefault("color", output.coloured())
        settings["standalone_mode"] = False
        try:
            result = super().main(*args, **settings)
        except click.Abort:
            output.note(say("cli.aborted"))
            sys.exit(exits.INTERRUPTED)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except Exception as error:  # noqa: BLE001 - the last place where an error can be put into words
            sys.exit(exits.explain(error))
        sys.exit(result if isinstance(result, int) else exits.OK)


_EXITS = (
    ("0", "cli.exit_codes.ok"),
    ("1", "cli.exit_codes.no"),
    ("2", "cli.exit_codes.usage"),
    ("3", "cli.exit_codes.not_found"),
    ("4", "cli.exit_codes.refused"),
    ("5", "cli.exit_codes.unreachable"),
    ("70", "cli.exit_codes.defect"),
    ("130", "cli.exit_codes.interrupted"),
)
_VARIABLES = (
    ("COUNTERPOINT_DATA", "cli.environment.data"),
    ("COUNTERPOINT_CONFIG", "cli.environment.config"),
    ("COUNTERPOINT_LANG", "cli.environment.language"),
    ("COUNTERPOINT_DEBUG=1", "cli.environment.debug"),
    ("NO_COLOR=1", "cli.environment.colour"),
)


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"counterpoint {__version__}")
        ctx.exit()


root = Root(
    name="counterpoint",
    help="cli.help",
    params=[
        Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_version,
            help="cli.show_version",
        )
    ],
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
