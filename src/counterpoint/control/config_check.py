"""Reads the configuration file and says everything that is wrong with it: file, line, reason, and what to write
instead where that can be guessed."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from counterpoint.catalog.values import HostRow
from counterpoint.control import config_rules
from counterpoint.control.config import Configuration
from counterpoint.control.schema import Fault, faults, midnights
from counterpoint.control.tomllines import Path as KeyPath
from counterpoint.control.tomllines import Position, locate
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

FILE_NAME = "counterpoint.toml"
_TOML_PLACE = re.compile(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong. `line`, `column`: from 1; `path`: `providers[0].secret`, empty for the file."""

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """As compilers say it, so that editors can jump there."""
        where = f"{self.path}: " if self.path else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {where}{self.message}{hint}"


class ConfigurationError(Complaint):
    """The file cannot be used; `problems` says why, in the system's language."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        listed = "\n".join(str(problem) for problem in problems)
        super().__init__("control.config.invalid", path=str(path), count=len(problems), problems=listed)
        self.problems = problems


def check(
    path: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    hosts: Mapping[str, HostRow] | None = None,
    lang: str | None = None,
) -> list[Problem]:
    """All problems, in the order of the file. `hosts`: the catalogue's, to know their names and needs."""
    return _read(path, environ, hosts, lang)[1]


def placed(path: Path, fault: Fault, lang: str | None = None) -> Problem:
    """What was found wrong with a file that can be read, where it stands there."""
    return _problem(path, fault, locate(path.read_text("utf-8")), lang)


def load(
    path: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    hosts: Mapping[str, HostRow] | None = None,
) -> Configuration:
    """The configuration. Raises `ConfigurationError`."""
    configuration, problems = _read(path, environ, hosts, None)
    if configuration is None or problems:
        raise ConfigurationError(path, problems)
    return configuration


def _read(
    path: Path, environ: Mapping[str, str], hosts: Mapping[str, HostRow] | None, lang: str | None
) -> tuple[Configuration | None, list[Problem]]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        return None, [_whole(path, "control.config.unreadable", lang, reason=error.strerror or str(error))]
    except UnicodeDecodeError:
        return None, [_whole(path, "control.config.unreadable", lang, reason="UTF-8")]
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_broken(path, text, str(error), lang)]
    configuration = None
    found = faults(plain, Configuration)
    if not found:
        configuration = msgspec.convert(midnights(plain, _zone(plain)), Configuration)
        found = config_rules.faults(configuration, folder=path.parent, environ=environ, hosts=hosts)
    places = locate(text)
    problems = [_problem(path, fault, places, lang) for fault in found]
    return configuration, sorted(problems, key=lambda problem: (problem.line, problem.column))


def _zone(plain: dict[str, Any]) -> tzinfo:
    """In which dates without a time begin: the organisation's, if the file says it and it is one, else UTC."""
    try:
        return ZoneInfo(plain.get("organisation", {}).get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC  # what is wrong with it is told with the other faults


def _whole(path: Path, sentence: str, lang: str | None, **values: Any) -> Problem:
    return Problem(str(path), 1, 1, "", say(sentence, lang=lang, **values))


def _broken(path: Path, text: str, error: str, lang: str | None) -> Problem:
    found = _TOML_PLACE.match(error)
    reason = found[1] if found else error
    lines = text.splitlines() or [""]
    line, column = (int(found[2]), int(found[3])) if found and found[2] else (len(lines), len(lines[-1]) + 1)
    return Problem(str(path), line, column, "", say("control.config.not_toml", lang=lang, reason=reason))


def _problem(path: Path, fault: Fault, places: dict[KeyPath, Position], lang: str | None) -> Problem:
    place = fault.path
    while place and place not in places:
        place = place[:-1]
    line, column = places.get(place, (1, 1))
    hint = say("control.config.did_you_mean", lang=lang, name=fault.hint) if fault.hint else None
    return Problem(
        str(path), line, column, _shown(fault.path), say(fault.sentence, lang=lang, **fault.values), hint
    )


def _shown(path: KeyPath) -> str:
    text = ""
    for name in path:
        if isinstance(name, int):
            text += f"[{name}]"
        else:
            quoted = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
            text += f".{quoted}" if text else quoted
    return text
