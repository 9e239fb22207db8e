"""Host rows: read from TOML, checked, and turned into what a gateway worker connects with.

Adding a provider is a row and a secret: a file `<name>.toml` with the fields of `HostRow`, or one with a table for
each host. A row of the operator's replaces a bundled one of the same name. Host rows are never part of what
`catalog update` fetches: where secrets are sent is decided by the release and the operator alone.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from counterpoint.catalog.values import AUTHS, HostRow
from counterpoint.directory.values import Host, Signing
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

KINDS = ("cloud", "aggregator", "local", "custom")
"""Whose machines: a company's; a company's that passes calls on to others; one's own; whatever is configured."""

GENERATED = "hosts-generated.toml"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_QUIRK = re.compile(r"[a-z][a-z0-9_]*\Z")
_VARIABLE = re.compile(r"[A-Za-z0-9_]+\Z")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COUNTRY = re.compile(r"([A-Z]{2})?\Z")


class HostRowError(Complaint):
    """A host row that cannot be used: which file, which row, why."""

    def __init__(self, file: str, row: str, reason: str) -> None:
        super().__init__("catalog.host.bad_row", file=file, row=row, reason=reason)
        self.file, self.row, self.reason = file, row, reason


class Granted(msgspec.Struct, frozen=True):
    """What a cloud gave for a secret: a token, or a pair that signs."""

    token: str = ""
    signing: Signing | None = None

    def __repr__(self) -> str:
        return "Granted(...)"


NOTHING = Granted()


class ConnectError(ValueError):
    """A host that cannot be connected as asked."""


@cache
def bundled_hosts() -> dict[str, HostRow]:
    """The rows in the package: those written by hand, and those that the open catalogues describe."""
    data = files("counterpoint.catalog") / "data"
    rows = _read_file(data / GENERATED)
    for entry in sorted((data / "hosts").iterdir(), key=lambda item: item.name):
        rows |= _read_file(entry, "counterpoint")
    return rows


def read_hosts(paths: Iterable[Path]) -> dict[str, HostRow]:
    """Rows from files or folders of the operator; of two with one name the later counts."""
    rows: dict[str, HostRow] = {}
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            rows |= _read_file(file)
    return rows


def _read_file(path: Traversable | Path, origin: str = "operator") -> dict[str, HostRow]:
    """The row of a file `<name>.toml`, or the rows of a file with a table for each."""
    name = path.name.removesuffix(".toml")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HostRowError(str(path), name, str(error)) from error
    if "display" in table:
        return {name: parse_row(name, table, str(path), origin)}
    return {row: parse_row(row, fields, str(path), origin) for row, fields in table.items()}


def parse_row(name: str, fields: Any, file: str = "", origin: str = "operator") -> HostRow:
    """A row from its fields; raises `HostRowError`."""
    if not isinstance(fields, Mapping):
        raise HostRowError(file, name, say("catalog.host.no_table"))
    try:
        row = msgspec.convert({"origin": origin, **fields, "name": name}, HostRow)
    except msgspec.ValidationError as error:
        raise HostRowError(file, name, str(error)) from error
    problem = next(_problems(row), None)
    if problem:
        raise HostRowError(file, name, problem)
    return row


def _problems(row: HostRow) -> Iterator[str]:
    """What a type cannot say about a row."""
    if not _NAME.match(row.name):
        yield say("catalog.host.bad_name")
    yield from _bad_addresses(row)
    yield from _bad_settings(row)
    yield from _bad_headers(row)
    for quirk in row.quirks:
        if not _QUIRK.match(quirk):
            yield say("catalog.host.bad_quirk", value=quirk)
    for variable in row.secret_env:
        if not _VARIABLE.match(variable):
            yield say("catalog.host.bad_variable", value=variable)
    if not _COUNTRY.match(row.country):
        yield say("catalog.host.bad_country", value=row.country)
    for dialect in row.serves.keys() - row.dialects.keys():
        yield say("catalog.host.undeclared", field=dialect)
    for auth in row.auth or ("",):
        if auth not in AUTHS:
            yield say("catalog.host.bad_auth", value=auth, auths=", ".join(AUTHS))
    if "aws" in row.auth and not row.signing_service:
        yield say("catalog.host.no_service")
    if row.kind not in KINDS:
        yield say("catalog.host.bad_kind", value=row.kind, kinds=", ".join(KINDS))


def _bad_addresses(row: HostRow) -> Iterator[str]:
    if row.base_url and not re.match(r"https?://[^/\s]+|\{\w+\}", row.base_url):
        yield say("catalog.host.bad_url", field="base_url", value=row.base_url)
    for where, url in row.base_urls.items():
        if where.partition("=")[0] not in row.settings or not re.match(r"https?://[^/\s]+", url):
            yield say("catalog.host.bad_url", field=f"base_urls.{where}", value=url)
    if row.dialects and not row.base_url:
        yield say("catalog.host.no_url")
    for name, path in (*row.dialects.items(), ("models_path", row.models_path or "/")):
        if not path.startswith("/") or re.search(r"\s", path):
            yield say("catalog.host.bad_path", field=name, value=path)


def _bad_settings(row: HostRow) -> Iterator[str]:
    texts = (
        row.base_url,
        *row.base_urls.values(),
        *row.dialects.values(),
        row.models_path,
        *row.body.values(),
    )
    asked = {field for text in texts for field in placeholders(text)}
    for field in sorted(asked - set(row.settings) - {"model"}):
        yield say("catalog.host.undeclared", field=field)
    for field in sorted(set(row.settings) - asked):
        yield say("catalog.host.unused", field=field)


def _bad_headers(row: HostRow) -> Iterator[str]:
    for name in (row.auth_header, *row.auth_headers.values(), *row.headers):
        if not _TOKEN.match(name):
            yield say("catalog.host.bad_header", value=name)
    for value in (row.auth_prefix, *row.headers.values()):
        if not _is_clean(value):
            yield say("catalog.host.bad_header", value=repr(value))


def connect(
    row: HostRow,
    *,
    name: str = "",
    secret: str | None = None,
    settings: Mapping[str, str] | None = None,
    base_url: str = "",
    dialects: Mapping[str, str] | None = None,
    granted: Granted = NOTHING,
) -> Host:
    """What a worker connects with. `name`: of this use of the row (an organisation may have two); `base_url`,
    `dialects`: the operator's own, instead of the row's; `granted`: in place of a secret. Raises `ConnectError` with
    what is missing or wrong."""
    paths = dict(dialects or row.dialects)
    address = _address(row, settings or {}, base_url)
    if not address or not paths:
        raise ConnectError(say("catalog.connect.no_dialect", host=row.name))
    values = _values(row, settings or {}, {address, *paths.values(), *row.body.values()})
    if secret is None and row.needs_secret and granted is NOTHING:
        raise ConnectError(
            say("catalog.connect.no_secret", host=row.name, variable=(*row.secret_env, "API_KEY")[0])
        )
    url = _filled(address, values).rstrip("/")
    if not is_address(url):
        raise ConnectError(say("catalog.connect.bad_address", host=name or row.name, value=url))
    return Host(
        name=name or row.name,
        base_url=url,
        dialects={dialect: _filled(path, values) for dialect, path in paths.items()},
        headers=(*row.headers.items(), *_auth(row, secret), *_bearer(granted)),
        variants={
            dialect: (*row.headers.items(), (header, secret))
            for dialect, header in row.auth_headers.items()
            if secret and dialect in paths
        },
        quirks=frozenset(row.quirks),
        signing=granted.signing,
        serves=row.serves,
        body={field: _filled(text, values) for field, text in row.body.items()},
    )


def _address(row: HostRow, settings: Mapping[str, str], base_url: str) -> str:
    """The operator's own address; else the one that holds for his settings."""
    if base_url:
        return base_url
    for where, url in row.base_urls.items():
        name, _, value = where.partition("=")
        if (settings.get(name) or row.settings[name].default) == value:
            return url
    return row.base_url


def is_address(url: str) -> bool:
    """Whether calls can be sent there: paths are put behind it, so it has neither query nor fragment, and what
    signs a call is the secret, not a name and password in the address."""
    if not re.fullmatch(r"https?://[!-~]+", url) or set("?#@\\") & set(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port out of range, a bracket without its other half
        return False


def models_url(row: HostRow, *, settings: Mapping[str, str] | None = None, base_url: str = "") -> str:
    """Where a host lists its models; empty if it does not."""
    if not row.models_path:
        return ""
    address = _address(row, settings or {}, base_url)
    values = _values(row, settings or {}, {address, row.models_path})
    return _filled(address, values).rstrip("/") + _filled(row.models_path, values)


def placeholders(text: str) -> set[str]:
    """The names in braces in an address or path."""
    return set(_PLACEHOLDER.findall(text))


def _values(row: HostRow, settings: Mapping[str, str], texts: Iterable[str]) -> dict[str, str]:
    values = {}
    for field in sorted({field for text in texts for field in placeholders(text)} - {"model"}):
        declared = row.settings.get(field)
        value = settings.get(field) or (declared.default if declared else "")
        if not value:
            what = declared.description if declared else field
            raise ConnectError(say("catalog.connect.no_setting", host=row.name, setting=field, what=what))
        # A setting is a part of an address; it must not reach into another part of it.
        whole = row.base_url == f"{{{field}}}"
        if not re.fullmatch(r"https?://[^\s?#]+" if whole else r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
            raise ConnectError(say("catalog.connect.bad_setting", host=row.name, setting=field, value=value))
        values[field] = value
    return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    for field, value in values.items():
        text = text.replace(f"{{{field}}}", value)
    return text


def _auth(row: HostRow, secret: str | None) -> list[tuple[str, str]]:
    if not secret:
        return []
    if not _is_clean(secret):
        raise ConnectError(say("catalog.connect.bad_secret", host=row.name))
    return [(row.auth_header, row.auth_prefix + secret)]


def _bearer(granted: Granted) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {granted.token}")] if granted.token else []


def _is_clean(text: str) -> bool:
    """Whether a text can be the value of a header: no line breaks or other control characters, Latin-1 at most."""
    return all(" " <= letter <= "~" or "\xa0" <= letter <= "\xff" for letter in text)
