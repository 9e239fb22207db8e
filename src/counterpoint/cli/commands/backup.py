"""`counterpoint backup`: the whole installation as one file, while it serves."""

import importlib
from pathlib import Path

import click

from counterpoint.cli import output, progress
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint

NAMED = 5
"""So many lost documents are named; all of them with --json."""


@declare("backup", help="cli.backup.help", examples="cli.backup.examples")
@argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="file", help="cli.backup.file")
@option("--with-master-key", is_flag=True, help="cli.backup.with_master_key")
@place_options
@json_option
def command(file: Path, with_master_key: bool, as_json: bool, place: Place) -> None:
    """Writes the archive."""
    saving = importlib.import_module("counterpoint.control.backups.saving")
    masterkey = importlib.import_module("counterpoint.control.masterkey")
    with place.open() as control:
        if not importlib.import_module("counterpoint.app.runtime").is_running(control.settings.data):
            control.ship_rest()
        config = control.settings.config
        packed = masterkey.written_master_keys(control.masters).encode() if with_master_key else None
        knowing = importlib.import_module("counterpoint.app.knowing").Knowing(control, str)
        teller = Rows()
        try:
            saved = saving.save(
                control.database,
                file,
                configuration=config.read_bytes() if config is not None else None,
                master_key=packed,
                originals=knowing.originals(),
                told=teller.told,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise Complaint(
                "cli.backup.cannot_write", kind="unavailable", file=file, reason=reason
            ) from error
        finally:
            teller.close()
            knowing.close()
        control.note()  # what is known leaves the place
    manifest, lost = saved.manifest, list(saved.lost)
    rows = sum(member.rows for member in manifest.tables.values())
    size = file.stat().st_size
    if as_json:
        output.print_json(
            {"file": str(file), "rows": rows, "bytes": size, "schema": manifest.schema, "lost": lost}
        )
        return
    output.note(say("cli.backup.done", file=file, rows=rows, size=numbers.size(size)))
    if lost:
        names = ", ".join(lost[:NAMED]) + (", …" if len(lost) > NAMED else "")
        output.note(say("cli.backup.lost", count=len(lost), names=names))
    output.note(say("cli.backup.opens" if with_master_key else "cli.backup.sealed"))


class Rows:
    """Shows how many rows are done: one line, or one for each tenth where nobody looks."""

    def __init__(self) -> None:
        self._shown = progress.shown(progress.rows)

    def told(self, done: int, total: int, seconds_left: float | None) -> None:
        """It goes on."""
        self._shown.update(say("cli.backup.rows"), done, total, seconds_left)

    def close(self) -> None:
        """Nothing more to show."""
        self._shown.close()
