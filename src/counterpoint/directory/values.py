"""The values of the directory. Money is in micro-units (1e-6) of `currency` per million tokens."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from counterpoint.canonical.globs import fits
from counterpoint.directory.losspolicy import LossRule
from counterpoint.directory.routes import Project, Route
from counterpoint.limits import Limit

LOCAL_HOST = "local"
"""The host name under which models in process are offered."""


class PriceTier(msgspec.Struct, frozen=True, omit_defaults=True):
    """Prices that hold from `above` input tokens on (0: from the first). Micro-units per million tokens of
    each class; `None`: no price is known for that class, so a usage that has it has no known price."""

    above: int = 0
    input: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None
    audio_in: int | None = None
    audio_out: int | None = None
    audio_cache_read: int | None = None
    image_in: int | None = None
    image_out: int | None = None


class Price(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one offering costs. `tiers` ascend by `above`. `marginal`: a tier prices only the tokens above its
    threshold (otherwise the tier that the whole input reaches prices everything). `request`: micro-units per
    call. `web_search`: micro-units per thousand searches. `images`: micro-units per picture by its kind, the most
    particular first: `hd/1024x1792`, `1024x1792`, empty for any. `audio_hour`: micro-units per hour of audio heard.
    `characters`: micro-units per million characters spoken."""

    tiers: tuple[PriceTier, ...] = ()
    currency: str = "USD"
    marginal: bool = False
    request: int = 0
    web_search: int | None = None
    images: Mapping[str, int] = {}
    audio_hour: int | None = None
    characters: int | None = None


FREE = Price(
    tiers=(
        PriceTier(
            input=0,
            cache_read=0,
            cache_write=0,
            cache_write_1h=0,
            output=0,
            reasoning=0,
            audio_in=0,
            audio_out=0,
            audio_cache_read=0,
            image_in=0,
            image_out=0,
        ),
    ),
    web_search=0,
    images={"": 0},
    audio_hour=0,
    characters=0,
)
"""A model on one's own machine: it costs nothing per token."""


class Key(msgspec.Struct, frozen=True, omit_defaults=True):
    """A client's key, without the key. `expires`: epoch seconds. `models`: glob patterns over `host/model` and
    bare names; empty allows all. `pair_secret`: set where the directory has the key by the public half of a pair:
    with what its holder signs (never print it). `user`: the account that it was made for, if for one."""

    id: str
    name: str
    project: str
    organisation: str
    expires: float | None = None
    models: tuple[str, ...] = ()
    pair_secret: str = ""
    user: str = ""

    def __repr__(self) -> str:
        return f"Key({self.id!r}, {self.name!r})"


class Signing(msgspec.Struct, frozen=True, omit_defaults=True):
    """The key pair with which each call to a host is signed (AWS Signature Version 4). `session`: what short-lived
    pairs come with."""

    access_key: str
    secret: str
    region: str
    service: str
    session: str = ""

    def __repr__(self) -> str:
        return f"Signing({self.access_key!r}, {self.region!r}, {self.service!r})"


class Host(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who serves: where it is and how to talk to it. `dialects`: dialect name to URL path, which may hold
    `{model}`, best first. `headers`: sent with every request, credentials included (never print a Host); `variants`: by
    dialect, what is sent instead. `signing`: set where every call is signed besides. `body`: text fields
    that every request body must carry. `serves`: glob patterns of the models that a dialect serves, if not all.
    `jurisdiction`, `residency`, `data_classes`, `catalogued`: as its offerings have them, for models that no list
    has."""

    name: str
    base_url: str = ""
    dialects: Mapping[str, str] = {}
    headers: tuple[tuple[str, str], ...] = ()
    quirks: frozenset[str] = frozenset()
    connect_timeout: float = 10.0
    first_event_timeout: float = 600.0
    idle_timeout: float = 120.0
    variants: Mapping[str, tuple[tuple[str, str], ...]] = {}
    signing: Signing | None = None
    body: Mapping[str, str] = {}
    serves: Mapping[str, tuple[str, ...]] = {}
    jurisdiction: str = ""
    residency: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    catalogued: str = ""

    def __repr__(self) -> str:
        return f"Host({self.name!r})"

    def takes(self, dialect: str, model: str) -> bool:
        """Whether it serves that model in that dialect, as far as it says."""
        patterns = self.serves.get(dialect)
        return patterns is None or fits(model, patterns)


class Weights(msgspec.Struct, frozen=True, omit_defaults=True):
    """The file of a model on one's own machine: its `size` in bytes, its SHA-256, and what is in it."""

    size: int = 0
    digest: str = ""
    format: str = ""
    family: str = ""
    parameters: int | None = None
    quantisation: str = ""


class Offering(msgspec.Struct, frozen=True, omit_defaults=True):
    """One model at one host. `id` is the host's own name for it, `model` the family's name that bare names are
    matched with, `price` is `None` when unknown. `capabilities`: `chat`, `embed`, `tools`, `images`, ...
    `weights`: of a model in process. What is not known of the rest is empty: `licence` (SPDX, or `proprietary`),
    `open_weights`, `jurisdiction` (ISO 3166 code of the country whose law binds the host), `maker_country`,
    `residency` (where it may be computed: every code in it may be). `data_classes`: glob patterns of the classes of
    data that may be sent there; empty: any. `catalogued`: what the catalogue calls the host, where the operator calls
    it otherwise."""

    host: str
    id: str
    model: str
    maker: str = ""
    display: str = ""
    context: int | None = None
    max_output: int | None = None
    price: Price | None = None
    capabilities: frozenset[str] = frozenset()
    created: int = 0
    retires: str | None = None
    weights: Weights | None = None
    licence: str = ""
    open_weights: bool | None = None
    jurisdiction: str = ""
    maker_country: str = ""
    residency: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    catalogued: str = ""

    @property
    def name(self) -> str:
        """`host/id`, by which it is called exactly."""
        return f"{self.host}/{self.id}"


class Rules(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the organisation resolves bare names. `aliases`: ordered (glob pattern, target) pairs, the first that
    matches wins; a target is a bare name or `host/model`. `prefer`: host names, best first; hosts not named
    come after, by name. `losses`: what is to happen when a translation loses something; the first that fits
    counts."""

    aliases: tuple[tuple[str, str], ...] = ()
    prefer: tuple[str, ...] = ()
    losses: tuple[LossRule, ...] = ()


class Directory(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything at one revision. `keys`: SHA-256 of the key (32 bytes) to its record; and of the public half of a
    key pair, see `keytext.digest_of_pair`. `projects`: by id. `currency`: of the organisation; `rates`: how much
    of it one unit of another currency is; a currency that is not there has no known rate. `zone`: in which its days
    begin."""

    revision: int = 0
    keys: Mapping[bytes, Key] = {}
    hosts: Mapping[str, Host] = {}
    offerings: tuple[Offering, ...] = ()
    rules: Rules = Rules()
    routes: tuple[Route, ...] = ()
    projects: Mapping[str, Project] = {}
    limits: tuple[Limit, ...] = ()
    currency: str = "USD"
    rates: Mapping[str, Decimal] = {}
    zone: str = "UTC"

    def __repr__(self) -> str:
        return f"Directory(revision={self.revision}, keys={len(self.keys)}, offerings={len(self.offerings)})"
