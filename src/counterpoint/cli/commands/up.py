"""`counterpoint up`: starts everything and says, in one calm block, how to reach it."""

import asyncio
import importlib
import json
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import exits, output, progress
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import command as declare
from counterpoint.cli.wording import option, stack
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.app.settings import Settings
    from counterpoint.app.telling import Progress, Ready

PORT = click.IntRange(0, 65535)
_LOOPBACK = ("127.", "[::1]", "localhost")


@declare("up", help="cli.up.help", examples="cli.up.examples")
@option("--host", metavar="address", help="cli.up.host")
@option("--port", type=PORT, metavar="port", help="cli.up.port")
@option("--admin-port", type=PORT, metavar="port", help="cli.up.admin_port")
@option("--workers", type=click.IntRange(1, 64), metavar="count", help="cli.up.workers")
@option("--verbose", "-v", is_flag=True, help="cli.up.verbose")
@place_options
@json_option
def command(as_json: bool, verbose: bool, place: Place, **given: Any) -> None:
    """Runs the platform until it is told to stop."""
    log_to_stderr(verbose=verbose)
    start(place.settings(**given), ("gateway", "studio", "worker"), as_json=as_json)


def log_to_stderr(*, verbose: bool) -> None:
    """What goes wrong, and with `verbose` what goes on."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def start(settings: "Settings", roles: Sequence[str], *, as_json: bool, **how: Any) -> None:
    """Runs these parts of the platform until they are told to stop, and leaves with an exit code."""
    platform = importlib.import_module("counterpoint.app.platform")
    teller = Teller(as_json=as_json)
    try:
        code: int = asyncio.run(platform.run(settings, teller, roles, given=platform.inherited(), **how))
    finally:
        teller.close()
    exits.leave(code)


def part_of(role: str, options: Sequence[Callable[[Any], Any]]) -> Any:
    """The command that runs one part of the platform alone, with its own options."""

    def run(as_json: bool, verbose: bool, place: Place, **given: Any) -> None:
        log_to_stderr(verbose=verbose)
        start(place.settings(**given), (role,), as_json=as_json)

    shared: list[Any] = [
        option("--verbose", "-v", is_flag=True, help="cli.up.verbose"),
        place_options,
        json_option,
    ]
    both: list[Any] = [*options, *shared]
    wrapped: Any = stack(both)(run)
    return declare(role, help=f"cli.{role}.help", examples=f"cli.{role}.examples")(wrapped)


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
        elif ready.gateway and ready.studio:
            click.echo(block(ready))
        else:
            click.echo(part(ready))

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


def part(ready: "Ready") -> str:
    """How to reach a part of the platform, for people."""
    facts = [
        (say("cli.up.gateway"), ready.gateway),
        (say("cli.up.studio"), ready.studio),
        (say("cli.up.sign_in"), ready.sign_in),
    ]
    lines = [f"  {label}  {value}" for label, value in facts if value]
    return "\n".join([say("cli.up.ready", version=ready.version), *lines, say("cli.up.how_to_stop")])


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
