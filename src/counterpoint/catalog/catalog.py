"""The loaded catalogue: look-ups by model, by host, by id. Held by the control process and the command line only."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from counterpoint.catalog.archive import Archive, Row
from counterpoint.catalog.naming import Parsed, key_of, parse
from counterpoint.catalog.schedules import price_at
from counterpoint.catalog.values import HostRow, Listing, Maker, MatchRule, Model, PriceList, Source
from counterpoint.directory.values import Price


class Catalog:
    """Look-ups over an archive and the host rows. Indexes are built when they are first needed.

    `origin`: where the archive came from; `problem`: why a newer one on this machine was not used, if so.
    """

    def __init__(
        self, archive: Archive, hosts: Mapping[str, HostRow], *, origin: str = "", problem: str = ""
    ) -> None:
        self._archive = archive
        self.hosts = dict(hosts)
        self.origin = origin
        self.problem = problem

    @property
    def date(self) -> str:
        """The date of the newest source."""
        return self._archive.date

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model, by name."""
        return self._archive.models

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The open catalogues behind the rows."""
        return {source.name: source for source in self._archive.sources}

    @cached_property
    def makers(self) -> Mapping[str, Maker]:
        """Makers by name."""
        return {maker.name: maker for maker in self._archive.makers}

    def model(self, name: str) -> Model | None:
        """The model that goes by this name, in any spelling and under any name it is known by."""
        found = self._by_name.get(name)
        return found or self._by_key.get(key_of(name)) or self.identify(name)

    def identify(self, model_id: str) -> Model | None:
        """The model that a host's id names, whatever host that is."""
        return self._known(parse(model_id))

    def _known(self, parsed: Parsed) -> Model | None:
        return self._by_key.get(parsed.key) or self._by_key.get(parsed.base)

    def listings_at(self, host: str) -> tuple[Listing, ...]:
        """What a host offers."""
        return tuple(self._archive.listing(host, row) for row in self._archive.listings.get(host, ()))

    def count_at(self, host: HostRow) -> tuple[int, int]:
        """How many models a host offers, and how many of them are its company's own."""
        names = {row.model for row in self._archive.listings.get(host.name, ())}
        models = (self._by_name.get(name) for name in names)
        own = sum(model is not None and host.makes(model.maker) for model in models)
        return len(names), own

    def listings_of(self, model: str) -> tuple[Listing, ...]:
        """Who offers a model, by host and id."""
        return tuple(self._archive.listing(host, row) for host, row in self._by_model.get(model, ()))

    def hosts_of(self, model: str) -> tuple[str, ...]:
        """The names of the hosts that offer a model."""
        return tuple(dict.fromkeys(host for host, _ in self._by_model.get(model, ())))

    def find(self, host: str, model_id: str, region: str = "") -> Listing | None:
        """The listing of an id at a host: by its name, by a pattern of the host's, or at a host that it resells."""
        row = self._exact(host, model_id, region) or self._by_rule(host, model_id)
        if row:
            return self._archive.listing(host, row)
        behind = self.hosts[host].fallbacks if host in self.hosts else ()
        for other in behind:
            row = self._exact(other, model_id, region) or self._by_rule(other, model_id)
            if row:
                return self._archive.listing(other, row)
        return None

    def price_of(self, listing: Listing, when: datetime, *, service: str = "standard") -> Price | None:
        """What a listing costs at a time; `None`: unknown."""
        if listing.prices is None:
            return None
        return price_at(listing.prices, when, service=service, fills=self.fills)

    @cached_property
    def fills(self) -> Mapping[str, Mapping[str, str]]:
        """By source, what its publisher means by a token class that a price list leaves out."""
        return {source.name: source.fills for source in self._archive.sources if source.fills}

    def checked(self, prices: PriceList) -> str:
        """The day on which a price list was last compared with the host's page, as far as its source says."""
        source = self.sources.get(prices.source)
        return prices.checked or (source.date if source else "")

    def _exact(self, host: str, model_id: str, region: str) -> Row | None:
        rows = self._by_id.get(host, {}).get(model_id.lower())
        if not rows:
            return None
        return next(
            (row for row in rows if row.region == region), rows[0] if len(rows) == 1 else _undecided(rows)
        )

    def _by_rule(self, host: str, model_id: str) -> Row | None:
        text = model_id.lower()
        rules: tuple[MatchRule, ...] = self._archive.rules.get(host, ())
        for rule in rules:
            if rule.when.holds(text):
                return self._exact(host, rule.id, "")
        return None

    @cached_property
    def _by_name(self) -> Mapping[str, Model]:
        return {model.name: model for model in self._archive.models}

    @cached_property
    def _by_key(self) -> Mapping[str, Model]:
        found = {key_of(name): model for model in self._archive.models for name in model.also}
        return found | {key_of(model.name): model for model in self._archive.models}

    @cached_property
    def _by_id(self) -> Mapping[str, Mapping[str, list[Row]]]:
        index: dict[str, dict[str, list[Row]]] = {}
        for host, rows in self._archive.listings.items():
            of_host = index.setdefault(host, {})
            for row in rows:
                of_host.setdefault(row.id.lower(), []).append(row)
        return index

    @cached_property
    def _by_model(self) -> Mapping[str, list[tuple[str, Row]]]:
        index: dict[str, list[tuple[str, Row]]] = {}
        for host in sorted(self._archive.listings):
            for row in self._archive.listings[host]:
                index.setdefault(row.model, []).append((host, row))
        return index


def _undecided(rows: list[Row]) -> Row:
    """One row for an id that is listed by region only: its price is known only if it is the same everywhere."""
    if len({row.prices for row in rows}) == 1:
        return rows[0]
    first = rows[0]
    return Row(
        id=first.id,
        model=first.model,
        quantisation=first.quantisation,
        capabilities=first.capabilities,
        context=first.context,
        max_output=first.max_output,
        deprecated=first.deprecated,
        retires=first.retires,
    )
