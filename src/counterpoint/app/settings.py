"""Where this installation is and how it listens: from the command line, else the environment, else the default.

What the configuration file says about the same comes between the environment and the default: the file is the
same on every machine of an installation, the environment belongs to one.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.control.config import Configuration
from counterpoint.control.config_check import load
from counterpoint.control.reaching import check_networks
from counterpoint.control.secretsources import read_secret
from counterpoint.i18n.complaint import Complaint

CONFIG_NAME = "counterpoint.toml"
_INTEGERS = {"port": (0, 65535), "admin_port": (0, 65535), "workers": (1, 64)}
_VARIABLES = {
    "host": "COUNTERPOINT_HOST",
    "port": "COUNTERPOINT_PORT",
    "admin_port": "COUNTERPOINT_ADMIN_PORT",
    "workers": "COUNTERPOINT_WORKERS",
    "database": "COUNTERPOINT_DATABASE_URL",
    "admin_token": "COUNTERPOINT_ADMIN_TOKEN",
    "demo_key": "COUNTERPOINT_DEMO_KEY",
    "master_key": "COUNTERPOINT_MASTER_KEY",
    "gateway_url": "COUNTERPOINT_GATEWAY_URL",
}


_DECLARED = ("host", "port", "admin_port", "workers", "gateway_url")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`data`: the folder of the database, the models and the master key. `config`: the configuration file, if
    there is one; `configuration`: what it says. `host`, `port`: of the gateway; `admin_port`: of the studio and
    the admin API (0: any free port). `workers`: gateway processes; `None`: as many as suit this machine.
    `database`: a URL; `None`: SQLite in `data`. `admin_hosts`: names by which the admin port may be called,
    beside this machine's own. `admin_proxies`: reverse proxies before it, whose word is taken.
    `private_networks`: private addresses that may be called, `None`: this machine's own. `gateway_url`: where
    studio and workers of other machines reach a gateway, where that is not what the gateway itself knows."""

    data: Path
    config: Path | None = None
    configuration: Configuration = Configuration()
    host: str = "127.0.0.1"
    port: int = 8600
    admin_port: int = 8601
    workers: int | None = None
    database: str | None = None
    admin_hosts: tuple[str, ...] = ()
    admin_proxies: tuple[str, ...] = ()
    private_networks: tuple[str, ...] | None = None
    admin_token: str | None = None
    demo_key: str | None = None
    master_key: str | None = None
    gateway_url: str | None = None

    def __repr__(self) -> str:
        return f"Settings({str(self.data)!r})"


def read_settings(
    environ: Mapping[str, str] = os.environ,
    *,
    data: str | None = None,
    config: str | None = None,
    **given: Any,
) -> Settings:
    """`data`, `config`, `given`: what the command line says, `None` for what it does not. Raises `Complaint`."""
    path = config_file(environ, config)
    configuration = load(path, environ=environ) if path else Configuration()
    found = _declared(configuration, path, environ)
    for name, variable in _VARIABLES.items():
        if given.get(name) is not None:
            found[name] = given[name]
        elif said := environ.get(
            variable, ""
        ).strip():  # what put it there may have ended it with a line's end
            found[name] = _read(name, variable, said)
    server = configuration.server
    hosts = (*server.admin_hosts, *_listed(environ, "COUNTERPOINT_ADMIN_HOSTS"))
    proxies = (*server.admin_proxies, *_listed(environ, "COUNTERPOINT_ADMIN_PROXIES"))
    return Settings(
        data=_data(configuration, path, environ, data),
        config=path,
        configuration=configuration,
        admin_hosts=tuple(name.lower() for name in hosts),
        admin_proxies=proxies,
        private_networks=_private_networks(configuration, environ),
        **found,
    )


def _private_networks(configuration: Configuration, environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """The environment's, though it be an empty list, else what the file says."""
    if "COUNTERPOINT_PRIVATE_NETWORKS" not in environ:
        return configuration.server.private_networks
    networks = _listed(environ, "COUNTERPOINT_PRIVATE_NETWORKS")
    check_networks(networks)
    return tuple(networks)


def _listed(environ: Mapping[str, str], variable: str) -> list[str]:
    return [name.strip() for name in environ.get(variable, "").split(",") if name.strip()]


def _declared(configuration: Configuration, path: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """What the file says."""
    server = configuration.server
    said = {name: getattr(server, name) for name in _DECLARED}
    url = configuration.database.url
    if url is not None and path is not None:
        plain = isinstance(url, str) and not url.startswith(("env:", "file:"))
        said["database"] = url if plain else read_secret(url, path.parent, environ)
    return {name: value for name, value in said.items() if value is not None}


def _data(
    configuration: Configuration, path: Path | None, environ: Mapping[str, str], given: str | None
) -> Path:
    declared = configuration.server.data
    if declared and path and not given and not environ.get("COUNTERPOINT_DATA"):
        return (path.parent / Path(declared).expanduser()).absolute()
    return data_folder(environ, given)


def data_folder(environ: Mapping[str, str], given: str | None = None) -> Path:
    """As given, as COUNTERPOINT_DATA says, or where the XDG base directory specification wants it."""
    chosen = given or environ.get("COUNTERPOINT_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    base = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local/share")
    return Path(base) / "counterpoint"


def config_file(environ: Mapping[str, str], given: str | None = None) -> Path | None:
    """As given, as COUNTERPOINT_CONFIG says, or `counterpoint.toml` in the current folder if it is there.

    Raises `Complaint` when one was named that is not there: going on without it would drop what it declares.
    """
    chosen = given or environ.get("COUNTERPOINT_CONFIG")
    if chosen:
        path = Path(chosen).expanduser().absolute()
        if not path.is_file():
            raise Complaint("app.settings.no_config", kind="not_found", path=path)
        return path
    path = Path(CONFIG_NAME).absolute()
    return path if path.is_file() else None


def _read(name: str, variable: str, text: str) -> Any:
    if name not in _INTEGERS:
        return text
    least, most = _INTEGERS[name]
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise Complaint("app.settings.not_in_range", variable=variable, value=text, least=least, most=most)
    return int(text)
