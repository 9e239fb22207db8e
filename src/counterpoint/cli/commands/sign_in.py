"""`counterpoint sign-in`: a new link into the studio, for whoever may read the data folder."""

import importlib
import urllib.parse

import click

from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import command as declare
from counterpoint.cli.wording import option
from counterpoint.i18n import say


@declare("sign-in", help="cli.sign_in.help")
@option("--studio", metavar="url", help="cli.sign_in.studio")
@json_option
@place_options
def command(studio: str | None, as_json: bool, place: Place) -> None:
    """Makes a link."""
    settings = place.settings()
    running = importlib.import_module("counterpoint.app.runtime").is_running(settings.data)
    address = importlib.import_module("counterpoint.app.presence").running_address
    configured = importlib.import_module("counterpoint.app.listening").url_of
    with place.open() as control:
        base = studio or address(control.database, settings.data, "studio", here=True)
        token = control.sign_in.new_link()
    base = base or configured("http", (settings.host, settings.admin_port))
    link = f"{base.rstrip('/')}/sign-in?token={urllib.parse.quote(token)}"
    if as_json:
        output.print_json({"sign_in": link, "running": running})
        return
    click.echo(link)
    output.note(say("cli.sign_in.once"))
    if not running:
        output.note(say("cli.sign_in.not_running"))
