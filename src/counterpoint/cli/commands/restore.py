"""`counterpoint restore`: an installation from a backup, on SQLite or PostgreSQL, wherever it was written."""

import importlib
from pathlib import Path

import click

from counterpoint.cli import output
from counterpoint.cli.commands.backup import Rows
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint


@declare("restore", help="cli.restore.help", examples="cli.restore.examples")
@argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="file", help="cli.restore.file")
@option("--replace", is_flag=True, help="cli.restore.replace")
@place_options
@json_option
def command(file: Path, replace: bool, as_json: bool, place: Place) -> None:
    """Reads the archive."""
    settings = place.settings()
    if importlib.import_module("counterpoint.app.runtime").is_running(settings.data):
        raise Complaint("cli.config.running", kind="conflict", data=settings.data)
    restoring = importlib.import_module("counterpoint.control.backups.restoring")
    databases = importlib.import_module("counterpoint.storage.database")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    teller = Rows()
    opened = databases.open_database(settings.database or databases.sqlite_url(settings.data))
    try:
        manifest = restoring.restore(
            opened, settings.data, file, given=settings.master_key, replace=replace, told=teller.told
        )
    finally:
        teller.close()
        opened.close()
    with place.open() as control:
        knowing = importlib.import_module("counterpoint.app.knowing").Knowing(control, str)
        try:
            restoring.bring(file, knowing.originals().keep)
        finally:
            knowing.close()
        control.note()  # the log goes on from where the archive had it
    rows = sum(member.rows for member in manifest.tables.values())
    if as_json:
        output.print_json({"rows": rows, "schema": manifest.schema, "version": manifest.version})
        return
    output.note(say("cli.restore.done", rows=rows, version=manifest.version))
