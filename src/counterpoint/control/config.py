"""What an operator declares in `counterpoint.toml`: the schema, as values.

The file is data with a schema; nothing in it is executed. What it declares belongs to it (see `ownership`):
it is read at each start and cannot be changed elsewhere. `config_check` reads it and says what is wrong.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from counterpoint.canonical import Severity
from counterpoint.control.config_evidence import AuditSection, LedgerSection, TelemetrySection
from counterpoint.control.config_knowledge import KnowledgeSection
from counterpoint.control.config_notifications import NotificationsSection
from counterpoint.directory.losspolicy import PolicyWord
from counterpoint.directory.routes import Check, PolicyName, Retrying, StickyBy, Timeouts
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
    proxies before the admin port, whose `X-Forwarded-*` headers are believed. `private_networks`: private
    addresses or networks that providers may be at; by default only this machine (`127.0.0.0/8`, `::1`), for local
    model servers. `gateway_url`: where studio and workers
    on other machines reach a gateway, a load balancer for instance; by default as gateways say it themselves.
    `grace`: how long answers in flight may take to end when a gateway stops (`30s`, seconds). `leave`: how long it
    says before that it is not ready any more, and answers all the same, so that a load balancer can turn away from
    it."""

    host: Text | None = None
    port: Port | None = None
    admin_port: Port | None = None
    workers: Annotated[int, Meta(ge=1, le=64)] | None = None
    data: Text | None = None
    cors_origins: tuple[Text, ...] = ()
    admin_hosts: tuple[Text, ...] = ()
    admin_proxies: tuple[Text, ...] = ()
    private_networks: tuple[Text, ...] | None = None
    gateway_url: Text | None = None
    grace: int | float | str = "30s"
    leave: int | float | str = 0
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
    say. `enabled`: whether it is in use. `data_classes`: patterns of the classes of data that may be sent there, by
    default any. `residency`: where it computes, and `jurisdiction`: whose law binds it, instead of what the catalogue
    says (ISO 3166 codes)."""

    name: Text
    host: Text | None = None
    base_url: Text | None = None
    dialects: dict[str, Text] = {}
    secret: Secret | None = None
    settings: dict[str, str] = {}
    models: tuple[Text, ...] | None = None
    enabled: bool = True
    data_classes: tuple[Text, ...] | None = None
    residency: tuple[Text, ...] | None = None
    jurisdiction: Text | None = None


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
    of the models it may use, none: all. `expires`: from when on it opens nothing. `user`: the login of whom it is for,
    whose limits bind it too."""

    name: Text
    project: Text = "default"
    sha256: Annotated[str, Meta(pattern="^[0-9a-fA-F]{64}$")] | None = None
    key: Secret | None = None
    models: tuple[Text, ...] = ()
    expires: datetime | None = None
    user: str = ""


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


Amount = str | int | float
"""An amount of money or a percentage: text, or a number, which is read as it is written."""


class RateSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a currency is worth: one unit of `currency` is `rate` of the organisation's, from `since` on (left out: ever
    since). `source`: who says so."""

    currency: Text
    rate: Amount
    since: datetime | None = None
    source: str = ""


class OrganisationSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`currency`: in which it counts (ISO 4217). `zone`: in which its days begin (IANA). `rates`: of other
    currencies."""

    currency: Text | None = None
    zone: Text | None = None
    rates: tuple[RateSection, ...] = ()


class PriceSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is paid instead of the list price. `offering`: a pattern over `host/model` and bare names; of several that
    fit, the first counts. `prices`: by token class, per million tokens (`request`: per call, `web_search`: per thousand
    searches, `audio_hour`, `characters`: per million), in `currency`; or a `discount` in percent. `since` is included,
    `until` is not. `reference`: the organisation's own, of the contract."""

    offering: Text
    prices: dict[str, Amount] = {}
    discount: Amount | None = None
    currency: Text = "USD"
    since: datetime | None = None
    until: datetime | None = None
    reference: str = ""


class LimitSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A budget, or another limit. `scope`: `organisation`, `project`, `key` or `user`; `subject`: whose, by name (of
    a key also `project/key`, of a person the login). `measure`: `money`, `tokens`, `requests` or `concurrent`. `per`:
    `minute`, `hour`, `day`, `week`, `month` or `total`. `amount`: in the organisation's currency, or a count.
    `models`: patterns of those that it counts. `route`: the route that a call which does not fit goes; left out: it
    is refused. `unpriced`: whether models without a known price may be called under it."""

    amount: Amount
    scope: Literal["organisation", "project", "key", "user"] = "organisation"
    subject: str = ""
    measure: Literal["money", "requests", "tokens", "concurrent"] = "money"
    per: Literal["minute", "hour", "day", "week", "month", "total"] | None = None
    models: tuple[Text, ...] = ()
    route: str = ""
    unpriced: bool = False


class TargetSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a route, as in `directory.routes.Target`; where there is nothing else to say its name will do."""

    model: Text
    weight: int = 1
    check: Check | None = None


class ConstraintsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As in `directory.routes.Constraints`, but that prices are in units of the organisation's currency per million
    tokens, and `losses` is a policy as a text."""

    capabilities: tuple[Text, ...] = ()
    context: int | None = None
    max_input_price: Amount | None = None
    max_output_price: Amount | None = None
    residency: tuple[Text, ...] = ()
    jurisdictions: tuple[Text, ...] = ()
    licences: tuple[Text, ...] = ()
    open_weights: bool = False
    makers: tuple[Text, ...] = ()
    hosts: tuple[Text, ...] = ()
    not_makers: tuple[Text, ...] = ()
    not_hosts: tuple[Text, ...] = ()
    losses: Text | None = None


class RouteSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As in `directory.routes.Route`."""

    name: Text
    policy: PolicyName = "priority"
    targets: tuple[TargetSection | Text, ...] = ()
    fallbacks: tuple[Text, ...] = ()
    constraints: ConstraintsSection = ConstraintsSection()
    sticky_by: StickyBy = "session"
    session_header: Text = "x-counterpoint-session"
    retrying: Retrying = Retrying()
    timeouts: Timeouts = Timeouts()
    hedge_after: float | None = None
    shadows: tuple[Text, ...] = ()
    shadow_share: int = 1000


class ProjectSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a project may send where. `name`: made if it is not there. `data_class`: of what it sends, as the
    organisation calls it. `constraints`: for every call of its keys, whatever the route says."""

    name: Text
    data_class: str = ""
    constraints: ConstraintsSection = ConstraintsSection()


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    server: ServerSection = ServerSection()
    database: DatabaseSection = DatabaseSection()
    providers: tuple[ProviderSection, ...] = ()
    rules: RulesSection = RulesSection()
    keys: tuple[KeySection, ...] = ()
    models: ModelsSection = ModelsSection()
    state: StateSection = StateSection()
    ledger: LedgerSection = LedgerSection()
    audit: AuditSection = AuditSection()
    telemetry: TelemetrySection = TelemetrySection()
    organisation: OrganisationSection = OrganisationSection()
    prices: tuple[PriceSection, ...] = ()
    limits: tuple[LimitSection, ...] = ()
    routes: tuple[RouteSection, ...] = ()
    projects: tuple[ProjectSection, ...] = ()
    notifications: NotificationsSection = NotificationsSection()
    knowledge: KnowledgeSection = KnowledgeSection()
