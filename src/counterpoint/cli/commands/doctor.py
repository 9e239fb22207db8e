"""`counterpoint doctor`: looks at the machine and the installation, and says what to do."""

import importlib
import os
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from counterpoint.cli import exits, output
from counterpoint.cli.doctor.findings import Finding, told
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import command as declare
from counterpoint.cli.wording import option
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.app.settings import Settings

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
_STATE_WIDTH = 6
_NAME_WIDTH = 18


@declare("doctor", help="cli.doctor.help", examples="cli.doctor.examples")
@option("--online", is_flag=True, help="cli.doctor.online")
@json_option
@place_options
def command(online: bool, as_json: bool, place: Place) -> None:
    """Exit code 1 when something does not work."""
    findings = []
    for finding in look(place, online=online):
        findings.append(finding)
        if not as_json:
            _show(finding)
    failed = [finding for finding in findings if finding.state == "fail"]
    warned = [finding for finding in findings if finding.state == "warn"]
    if as_json:
        output.print_json({"ok": not failed, "checks": findings})
    else:
        click.echo()
        click.echo(_verdict(len(failed), len(warned)))
    if failed:
        exits.leave(exits.NO)


def look(place: Place, *, online: bool) -> Iterator[Finding]:
    """All checks, in an order in which each makes sense to whoever reads the one before."""
    system = importlib.import_module("counterpoint.cli.doctor.system")
    yield system.python_version()
    yield system.c_library()
    yield system.processor()
    yield system.memory()
    yield system.open_files()
    yield system.clock()
    yield system.isolation()
    own = importlib.import_module("counterpoint.cli.doctor.installation")
    settings, refusal = _settings(place)
    if refusal is not None:
        yield refusal
    else:
        yield own.configuration(settings.config, str(settings.data))
    plan = importlib.import_module("counterpoint.app.plan").plan_of(settings, settings.configuration)
    yield system.disk(settings.data)
    yield own.data_folder(settings.data)
    yield own.socket_folder(settings.data)
    yield own.master_key(settings)
    yield own.database(settings)
    yield from own.ports(plan, settings.data, own.database_url(settings))
    yield from own.models(plan)
    if online:
        yield from own.providers(settings)


def _settings(place: Place) -> "tuple[Settings, Finding | None]":
    """As a start would have them; without the file when that is what is wrong."""
    try:
        return place.settings(), None
    except Complaint as complaint:
        reading = importlib.import_module("counterpoint.app.settings")
        folder = reading.data_folder(os.environ, place.data)
        settings: Settings = reading.Settings(data=folder)
        return settings, told("config", "fail", complaint.text())


def _show(finding: Finding) -> None:
    state = click.style(
        say(f"cli.doctor.state.{finding.state}").ljust(_STATE_WIDTH), fg=_COLOURS[finding.state]
    )
    name = say(f"cli.doctor.name.{finding.check}").ljust(_NAME_WIDTH)
    indent = " " * (_STATE_WIDTH + _NAME_WIDTH)
    first, *more = _wrapped(finding.message)
    click.echo(f"{state}{name}{first}")
    for line in more:
        click.echo(f"{indent}{line}")
    for number, line in enumerate(_wrapped(finding.advice) if finding.advice else ()):
        click.echo(f"{indent}{'  ' if number else '→ '}{line}")


def _wrapped(text: str) -> list[str]:
    """Lines that fit beside the names; paths stay in one piece."""
    width = output.width()
    if width is None:
        return [text.replace("\n", " ")]
    room = max(30, width - _STATE_WIDTH - _NAME_WIDTH - 2)
    return [
        line
        for part in text.splitlines()
        for line in textwrap.wrap(part, room, break_long_words=False, break_on_hyphens=False) or [""]
    ]


def _verdict(failed: int, warned: int) -> str:
    if failed:
        return say("cli.doctor.verdict.fail", count=failed)
    if warned:
        return say("cli.doctor.verdict.warn", count=warned)
    return say("cli.doctor.verdict.ok")
