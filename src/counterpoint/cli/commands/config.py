"""`counterpoint config`: whether the configuration can be used, and what it comes to."""

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from counterpoint.cli import exits, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import argument, group
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.app.settings import Settings

_SECRETS = ("admin_token", "demo_key", "master_key")


@group("config", help="cli.config.help", examples="cli.config.examples")
def command() -> None:
    """The configuration."""


@command.command("check", help="cli.config.check")
@argument("file", required=False, metavar="file", type=click.Path(dir_okay=False), help="cli.config.file")
@json_option
@place_options
def check(file: str | None, as_json: bool, place: Place) -> None:
    """Exit code 1 when the file cannot be used."""
    path = _file(file, place)
    verdict = importlib.import_module("counterpoint.app.rehearsal").judge(path, data=place.data)
    problems = verdict.problems
    if as_json:
        output.print_json({"file": str(path), "ok": not problems, "problems": problems})
    elif problems:
        for problem in problems:
            click.echo(str(problem))
    else:
        click.echo(say("cli.config.fine", file=path))
    if verdict.alone:
        output.note(say("cli.config.alone", reason=verdict.alone.rstrip(".")))
    if problems:
        exits.leave(exits.NO)


@command.command("show", help="cli.config.show")
@json_option
@place_options
def show(as_json: bool, place: Place) -> None:
    """What the options, the environment and the file come to."""
    settings = place.settings()
    values = _values(settings)
    if as_json:
        output.print_json({"settings": values, "file": msgspec.to_builtins(settings.configuration)})
        return
    output.print_facts((name, "" if value is None else str(value)) for name, value in values.items())
    declared = settings.configuration
    output.print_facts(
        (name, ", ".join(item.name for item in getattr(declared, name))) for name in ("providers", "keys")
    )


@command.command("rotate-master-key", help="cli.config.rotate")
@json_option
@place_options
def rotate(as_json: bool, place: Place) -> None:
    """Encrypts every secret with a new key."""
    settings = place.settings()
    if importlib.import_module("counterpoint.app.runtime").is_running(settings.data):
        raise Complaint("cli.config.running", kind="conflict", data=settings.data)
    rotation = importlib.import_module("counterpoint.control.rotation")
    with place.open() as control:
        count: int = rotation.rotate_master_key(control.database, settings.data, settings.master_key)
    if as_json:
        output.print_json({"secrets": count})
        return
    output.note(say("cli.config.rotated", count=count))


def _values(settings: "Settings") -> dict[str, Any]:
    """Without secrets: of those only whether they are set."""
    values: dict[str, Any] = {
        name: getattr(settings, name) for name in settings.__struct_fields__ if name != "configuration"
    }
    for name in _SECRETS:
        values[name] = say("cli.config.set") if values[name] else None
    database = importlib.import_module("counterpoint.storage.database")
    url = settings.database or database.sqlite_url(settings.data)
    values["database"] = database.parse_url(url).render_as_string(hide_password=True)
    for name in ("admin_hosts", "admin_proxies"):
        values[name] = ", ".join(getattr(settings, name)) or None
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}


def _file(given: str | None, place: Place) -> Path:
    """The file named here, or the one that a start would read."""
    environ = os.environ
    found: Path | None = importlib.import_module("counterpoint.app.settings").config_file(
        environ, given or place.config
    )
    if found is None:
        raise Complaint("cli.config.none", kind="not_found")
    return found
