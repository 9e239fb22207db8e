"""Writes docs/cli.md from the commands themselves; a test fails where it is out of date.

Usage: python -m scripts.cli_reference
"""

import os
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
WIDTH = 96
HEAD = """\
# Command line

Every command with its options, as `--help` prints it. This page is written from the code by
`python -m scripts.cli_reference`. Commands that list or show take `--json`; exit codes are listed below."""


def page() -> str:
    """The whole page, in English whoever writes it."""
    os.environ["COUNTERPOINT_LANG"] = "en"
    from counterpoint.cli.program import root  # noqa: PLC0415 - its words are looked up in the language above

    parts = [HEAD]
    for name, command, context in commands(root, None, "counterpoint"):
        depth = min(name.count(" ") + 2, 4)
        parts.append(f"{'#' * depth} {name}\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def commands(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """A command and all below it, in the order of its help."""
    settings = {
        **command.context_settings,
        "terminal_width": WIDTH,
        "max_content_width": WIDTH,
        "color": False,
    }
    context = command.context_class(command, parent, info_name=name.rpartition(" ")[2], **settings)
    yield name, command, context
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                yield from commands(found, context, f"{name} {inner}")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
