"""The rows of the catalogue. Unknown is a state everywhere: `None` or empty, never a guess and never zero."""

from collections.abc import Mapping

import msgspec

from counterpoint.directory.values import PriceTier

CAPABILITIES = (
    "chat",
    "embed",
    "rerank",
    "image",
    "video",
    "transcribe",
    "speak",
    "moderate",
    "ocr",
    "realtime",
    "tools",
    "parallel_tools",
    "tool_choice",
    "structured_output",
    "reasoning",
    "images",
    "documents",
    "audio",
    "video_input",
    "audio_output",
    "image_output",
    "streaming",
    "caching",
    "web_search",
    "computer_use",
)
"""Every capability there is. The first ten are operations; `images`, `documents`, `audio`, `video_input` are what
a model reads besides text, `audio_output`, `image_output` what it writes besides text."""


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """An open catalogue that rows were built from, named as its licence asks.

    `version`: commit or package version; `date`: of that version. `fills`: what the publisher of this price list
    means by a class that it does not list: class to the class whose price it then has (see `schedules`).
    """

    name: str
    display: str
    url: str
    licence: str
    attribution: str
    version: str = ""
    date: str = ""
    fills: Mapping[str, str] = {}


class Maker(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who trained a model. `country`: ISO 3166 code of the company's seat, whose law binds it; empty: unknown.

    `orgs`: the names under which it publishes (`meta-llama` on hubs); `models`: regular expressions over model
    keys (see `naming`) that say a model is its own even where no organisation is named.
    """

    name: str
    display: str
    country: str = ""
    url: str = ""
    orgs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Model(msgspec.Struct, frozen=True, omit_defaults=True):
    """The weights, whoever serves them.

    `name`: the bare name, unique in the catalogue; `family`: the line it belongs to (`gpt-4o`, `llama-3.3`);
    `also`: other bare names it is known by. `parameters`, `active_parameters`: billions. Dates are ISO 8601, to
    the day or the month, as far as known: `released`; `deprecated`: announced as ending; `retires`: when its own
    maker stops serving it. `licence`: an SPDX identifier where there is one, `proprietary` for weights that are
    not published, empty if unknown. `open_weights`: `None` if unknown.
    """

    name: str
    maker: str = ""
    display: str = ""
    family: str = ""
    also: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    context: int | None = None
    max_output: int | None = None
    open_weights: bool | None = None
    licence: str = ""
    parameters: float | None = None
    active_parameters: float | None = None
    released: str | None = None
    knowledge: str | None = None
    deprecated: bool = False
    retires: str | None = None
    weights: str = ""


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A price, and when it holds.

    `since`: the first day, UTC (ISO date); `hours`: ranges `HH:MM-HH:MM`, UTC, joined by commas, the end
    excluded, possibly past midnight; `days`: ISO numbers of the weekdays (`12345`), empty: every day; `service`:
    `standard`, or the `batch`, `flex` or `priority` service of the host; `source`: where it comes from, if not
    from its list's. The rest is as in `directory.Price`.
    """

    tiers: tuple[PriceTier, ...] = ()
    since: str = ""
    hours: str = ""
    days: str = ""
    service: str = "standard"
    currency: str = "USD"
    request: int = 0
    web_search: int | None = None
    images: Mapping[str, int] = {}
    audio_hour: int | None = None
    characters: int | None = None
    source: str = ""


class PriceList(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an offering costs over time: of the schedules that hold at a time, the last one counts.

    `source`: name of the catalogue it comes from; `checked`: the day on which that catalogue last compared it
    with the host's own price page, or failing that the catalogue's own date.
    """

    schedules: tuple[Schedule, ...]
    source: str
    checked: str = ""


class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """One model at one host: an offering, before a host is configured and a date is chosen.

    `id`: the host's name for it. `region`: where the id is served, if the id says so (`eu`); `quantisation`: how
    far the weights were rounded, if the host says so. `capabilities`, `context`, `max_output`: as the host has
    them, empty if they are the model's. `others`: prices that other catalogues give and that differ, shown beside the
    one that counts. `retires`: when this host stops serving it.
    """

    host: str
    id: str
    model: str
    region: str = ""
    quantisation: str = ""
    capabilities: frozenset[str] | None = None
    context: int | None = None
    max_output: int | None = None
    prices: PriceList | None = None
    others: tuple[PriceList, ...] = ()
    deprecated: bool = False
    retires: str | None = None


class Clause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition on a model id, compared in lower case. Exactly one field is set; `any`: one of them holds,
    `all`: every one holds; `digits`: a template in which `#` is a digit and a last `*` anything. There are no
    regular expressions here: a catalogue that was fetched must not be able to slow the program down."""

    equals: str | None = None
    starts_with: str | None = None
    ends_with: str | None = None
    contains: str | None = None
    digits: str | None = None
    any: tuple["Clause", ...] | None = None
    all: tuple["Clause", ...] | None = None

    def holds(self, text: str) -> bool:
        """Whether `text` (lower case) fits."""
        if self.equals is not None:
            return text == self.equals
        if self.starts_with is not None:
            return text.startswith(self.starts_with)
        if self.ends_with is not None:
            return text.endswith(self.ends_with)
        if self.contains is not None:
            return self.contains in text
        if self.digits is not None:
            return _fits(self.digits, text)
        if self.any is not None:
            return any(clause.holds(text) for clause in self.any)
        return self.all is not None and all(clause.holds(text) for clause in self.all)


def _fits(template: str, text: str) -> bool:
    if template.endswith("*"):
        template = template[:-1]
        text = text[: len(template)]
    return len(text) == len(template) and all(
        letter.isdecimal() if sign == "#" else letter == sign
        for sign, letter in zip(template, text, strict=True)
    )


class MatchRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """At a host, every id that fits `when` is the listing `id` under another name (a snapshot, an alias)."""

    when: Clause
    id: str


class Setting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that a host's address needs from the operator, e.g. the account or the region."""

    description: str
    default: str = ""
    example: str = ""


AUTHS = ("header", "aws", "google", "entra", "ibm")
"""`header`: a secret that is sent as it is. `aws`: a key pair that signs each call. `google`, `entra`, `ibm`: what a
token is had for."""


class HostRow(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who serves: a data row that is all that is needed to talk to a host.

    `base_url` and the paths may hold `{settings}`. `dialects`: dialect name to path, best first. `auth_header` carries
    `auth_prefix` and the secret; for the dialects in `auth_headers` that header carries the secret alone. `auth`: the
    kinds of credentials that it takes (see `AUTHS`); `token_scope`: what a token of Google or Microsoft is asked for;
    `signing_service`: the name under which AWS knows the service. `base_urls`: `setting=value` to the address that
    holds for it in place of `base_url`. `body`: text fields that every request to it must carry.
    `serves`: glob patterns over model ids by dialect, where it does not serve every model in each.
    `models_path`: where the host lists its models, in the form of `models_dialect`. `country`: of the company
    that runs it, whose law binds it; `regions`: where it can be asked to compute, `retention`, `training`: what
    its terms say happens to API data; empty: unknown. `fallbacks`: hosts whose models this one resells at their
    price, where it lists none of its own. `first_hand`: makers, besides the one of the same name, whose models it
    serves as the maker itself. `origin`: where the row comes from.
    """

    name: str
    display: str
    base_url: str = ""
    dialects: Mapping[str, str] = {}
    settings: Mapping[str, Setting] = {}
    auth_header: str = "Authorization"
    auth_prefix: str = "Bearer "
    auth_headers: Mapping[str, str] = {}
    auth: tuple[str, ...] = ("header",)
    token_scope: str = ""
    signing_service: str = ""
    base_urls: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    needs_secret: bool = True
    secret_env: tuple[str, ...] = ()
    models_path: str = ""
    models_dialect: str = ""
    body: Mapping[str, str] = {}
    serves: Mapping[str, tuple[str, ...]] = {}
    quirks: tuple[str, ...] = ()
    company: str = ""
    country: str = ""
    regions: tuple[str, ...] = ()
    kind: str = "cloud"
    training: str = ""
    retention: str = ""
    terms_url: str = ""
    docs_url: str = ""
    secret_url: str = ""
    notes: str = ""
    fallbacks: tuple[str, ...] = ()
    first_hand: tuple[str, ...] = ()
    origin: str = "counterpoint"

    def makes(self, maker: str) -> bool:
        """Whether it serves that maker's models as the maker itself."""
        return bool(maker) and (self.name == maker or maker in self.first_hand)
