"""`counterpoint up`: starts everything and says, in one calm block, how to reach it."""

import asyncio
import importlib
import json
import logging
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import exits, output, progress
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import command as declare
from counterpoint.cli.wording import option
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.app.telling import Progress, Ready

_PORT = click.IntRange(0, 65535)
_LOOPBACK = ("127.", "[::1]", "localhost")


@declare("up", help="cli.up.help", examples="cli.up.examples")
@option("--host", metavar="address", help="cli.up.host")
@option("--port", type=_PORT, metavar="port", help="cli.up.port")
@option("--admin-port", type=_PORT, metavar="port", help="cli.up.admin_port")
@option("--workers", type=click.IntRange(1, 64), metavar="count", help="cli.up.workers")
@option("--verbose", "-v", is_flag=True, help="cli.up.verbose")
@place_options
@json_option
def command(as_json: bool, verbose: bool, place: Place, **given: Any) -> None:
    """Runs the platform until it is told to stop."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    settings = place.settings(**given)
    run = importlib.import_module("counterpoint.app.platform").run
    teller = Teller(as_json=as_json)
    try:
        code: int = asyncio.run(run(settings, teller))
    finally:
        teller.close()
    exits.leave(code)


class Teller:
    """Tells on standard error what goes on, and on standard output, once, how to reach it."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._shown: progress.Shown | None = None

    def step(self, sentence: str) -> None:
        """Something begins."""
        self.close()
        output.note(f"{sentence} …")

    def progress(self, progress_: "Progress") -> None:
        """A download goes on."""
        if self._shown is None:
            self._shown = progress.shown()
        self._shown.update(progress_.name, progress_.done, progress_.total, progress_.seconds_left)

    def ready(self, ready: "Ready") -> None:
        """Everything stands."""
        self.close()
        if self._as_json:
            click.echo(json.dumps(as_object(ready)))
        else:
            click.echo(block(ready))

    def stopping(self) -> None:
        """A signal came."""
        self.close()
        output.note(say("cli.up.stopping"))

    def close(self) -> None:
        """Takes away what shows a download."""
        if self._shown is not None:
            self._shown.close()
            self._shown = None


def as_object(ready: "Ready") -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "gateway": ready.gateway,
        "studio": ready.studio,
        "sign_in": ready.sign_in,
        "key": ready.key,
        "models": list(ready.models),
        "version": ready.version,
    }


def block(ready: "Ready") -> str:
    """How to reach everything, for people."""
    facts = [
        (say("cli.up.base_with_version"), f"{ready.gateway}/v1"),
        (say("cli.up.base_without_version"), ready.gateway),
        (say("cli.up.studio"), ready.studio),
        (say("cli.up.key"), ready.key or say("cli.up.no_key")),
        (say("cli.up.models"), ", ".join(ready.models) or say("cli.up.no_models")),
    ]
    width = max(len(label) for label, _ in facts)
    lines = [
        "",
        click.style(say("cli.up.ready", version=ready.version), bold=True),
        "",
        *(f"  {click.style(label.ljust(width), dim=True)}  {value}" for label, value in facts),
        "",
        f"  {say('cli.up.sign_in')}",
        f"  {ready.sign_in}",
        "",
        f"  {say('cli.up.try_it')}",
        "",
        curl(ready),
        "",
    ]
    if ready.gateway.startswith("http:") and not ready.gateway[7:].startswith(_LOOPBACK):
        lines += [f"  {say('cli.up.open_without_tls')}", ""]
    return "\n".join([*lines, f"  {say('cli.up.how_to_stop')}"])


def curl(ready: "Ready") -> str:
    """A command that works as it stands: a chat where there is a model for it, else the list of models."""
    key = ready.key or say("cli.up.your_key")
    authorization = f"  -H 'Authorization: Bearer {key}'"
    if ready.chat_model is None:
        return f"curl {ready.gateway}/v1/models \\\n{authorization}"
    body = {
        "model": ready.chat_model,
        "messages": [{"role": "user", "content": say("cli.up.question")}],
    }
    return "\n".join(
        [
            f"curl {ready.gateway}/v1/chat/completions \\",
            f"{authorization} \\",
            "  -H 'Content-Type: application/json' \\",
            f"  -d '{json.dumps(body, ensure_ascii=False)}'",
        ]
    )
