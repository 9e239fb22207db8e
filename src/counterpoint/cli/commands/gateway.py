"""`counterpoint gateway`: the part that answers calls, beside others of its kind over one PostgreSQL."""

import importlib
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import output
from counterpoint.cli.commands.up import PORT, log_to_stderr, start
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import command as declare
from counterpoint.cli.wording import option
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from pathlib import Path


@declare("gateway", help="cli.gateway.help", examples="cli.gateway.examples")
@option("--host", metavar="address", help="cli.up.host")
@option("--port", type=PORT, metavar="port", help="cli.up.port")
@option("--workers", type=click.IntRange(1, 64), metavar="count", help="cli.up.workers")
@option("--reload", "reloading", is_flag=True, help="cli.gateway.reload")
@option("--take-over", is_flag=True, help="cli.gateway.take_over")
@option("--verbose", "-v", is_flag=True, help="cli.up.verbose")
@place_options
@json_option
def command(
    as_json: bool, verbose: bool, place: Place, reloading: bool, take_over: bool, **given: Any
) -> None:
    """Runs it until it is told to stop."""
    log_to_stderr(verbose=verbose)
    settings = place.settings(**given)
    if reloading:
        reload(settings.data)
        output.note(say("cli.gateway.reloaded"))
        return
    start(settings, ("gateway",), as_json=as_json, take_over=take_over)


def reload(data: "Path") -> None:
    """Have every gateway on that data folder replace its workers, and wait for it. Raises `Complaint`."""
    runtime = importlib.import_module("counterpoint.app.runtime")
    handover = importlib.import_module("counterpoint.app.handover")
    folders = [runtime.runtime_folder(data, slot) for slot in runtime.running_processes(data)]
    found = [folder for folder in folders if (folder / handover.NAME).exists()]
    if not found:
        raise Complaint("app.door.nobody", kind="not_found", data=data)
    for folder in found:
        handover.ask(folder, "reload")
