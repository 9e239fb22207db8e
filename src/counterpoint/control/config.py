"""What an operator declares in `counterpoint.toml`: the schema, as values.

The file is data with a schema; nothing in it is executed. What it declares belongs to it (see `ownership`):
it is read at each start and cannot be changed elsewhere. `config_check` reads it and says what is wrong.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from counterpoint.canonical import Severity
from counterpoint.directory.losspolicy import PolicyWord
from counterpoint.serving.values import Limits

Port = Annotated[int, Meta(ge=0, le=65535)]
Text = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[float, Meta(gt=0)]


class SecretSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a secret is, never the secret itself: `env`: a variable's name; `file`: a path, relative to the
    configuration file. Exactly one."""

    env: Text | None = None
    file: Text | None = None


Secret = SecretSource | str
"""As a table, or short: `env:NAME`, `file:PATH`."""


class ServerLimits(Limits, frozen=True, forbid_unknown_fields=True):
    """`serving.Limits`, as they are called there."""


class TlsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PEM files, relative to the configuration file. `cert`: the certificate and its chain. `key`: its private
    key."""

    cert: Text
    key: Text


class ServerSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`host`, `port`: the gateway; `admin_port`: studio and admin API, on the same host. `workers`: gateway
    processes. `data`: the folder of all that is kept, relative to the configuration file. `cors_origins`:
    origins whose pages may call the gateway from a browser, `*` for any. `admin_hosts`: names, beside this
    machine's own, by which the admin port may be called. `admin_proxies`: addresses or networks of reverse
    proxies before the admin port, whose `X-Forwarded-*` headers are believed."""

    host: Text | None = None
    port: Port | None = None
    admin_port: Port | None = None
    workers: Annotated[int, Meta(ge=1, le=64)] | None = None
    data: Text | None = None
    cors_origins: tuple[Text, ...] = ()
    admin_hosts: tuple[Text, ...] = ()
    admin_proxies: tuple[Text, ...] = ()
    tls: TlsSection | None = None
    limits: ServerLimits = ServerLimits()


class DatabaseSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`url`: as text when it holds no password, else where it is."""

    url: Secret | None = None


class ProviderSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One configured host. `name`: how it is called in `host/model`. `host`: its row in the catalogue, by
    default the one called `name`, or `custom` when `base_url` is given. `base_url`: its address, instead of the
    row's. `dialects`: dialect to path, instead of the row's. `secret`: its API key. `settings`: what the row asks
    for (a region, an account). `models`: the ids that it serves, where neither the host nor the catalogue can
    say. `enabled`: whether it is in use."""

    name: Text
    host: Text | None = None
    base_url: Text | None = None
    dialects: dict[str, Text] = {}
    secret: Secret | None = None
    settings: dict[str, str] = {}
    models: tuple[Text, ...] | None = None
    enabled: bool = True


class LossSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to happen when a translation would lose something. `models`: a pattern over models' names; the first
    that fits counts. `policy`: `allow`, `warn` (the losses are in a header of their own) or `refuse`. `severity`: the
    lightest losses that are meant, with all graver ones; said neither here nor by codes, it is `degraded`. `codes`:
    patterns of the losses' codes that are meant besides, or alone."""

    models: Text = "*"
    policy: PolicyWord
    severity: Severity | None = None
    codes: tuple[Text, ...] = ()


class RulesSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`aliases`: pattern to target, in order. `prefer`: hosts, best first. `losses`: what is to happen when a
    translation would lose something, in order."""

    aliases: dict[str, Text] = {}
    prefer: tuple[Text, ...] = ()
    losses: tuple[LossSection, ...] = ()


class KeySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declared key. Give either `sha256` or `key`. `name`: unique in its project. `project`: made if it is not
    there. `sha256`: of the key's text, 64 hexadecimal digits. `key`: where the key's text is. `models`: patterns
    of the models it may use, none: all. `expires`: from when on it opens nothing."""

    name: Text
    project: Text = "default"
    sha256: Annotated[str, Meta(pattern="^[0-9a-fA-F]{64}$")] | None = None
    key: Secret | None = None
    models: tuple[Text, ...] = ()
    expires: datetime | None = None


class ModelsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Models on this machine. `keep_alive`: how long an unused one stays loaded (`5m`, seconds, `-1`: for
    ever). `memory_limit`: of all loaded ones (`8GiB`). `pull`: fetched at the start if absent."""

    keep_alive: int | float | str | None = None
    memory_limit: int | str | None = None
    pull: tuple[Text, ...] | None = None


class StateSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers and conversations that clients may come back to. `keep`: how long after their last use (`30d`, `12h`,
    seconds)."""

    keep: int | float | str = "30d"


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    server: ServerSection = ServerSection()
    database: DatabaseSection = DatabaseSection()
    providers: tuple[ProviderSection, ...] = ()
    rules: RulesSection = RulesSection()
    keys: tuple[KeySection, ...] = ()
    models: ModelsSection = ModelsSection()
    state: StateSection = StateSection()
