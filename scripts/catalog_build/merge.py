"""From claims to makers, models and listings."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from counterpoint.catalog.archive import Row
from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.catalog.values import CAPABILITIES, Clause, MatchRule, Model, PriceList, Schedule
from counterpoint.directory.values import PriceTier
from scripts.catalog_build import genai
from scripts.catalog_build.claims import Claim, by_place
from scripts.catalog_build.identity import Identities, Makers
from scripts.catalog_build.pricing import Decision, Prices, exact_ids
from scripts.catalog_build.rules import Rules

OPERATIONS = CAPABILITIES[:10]
T = TypeVar("T")


class Merge:
    """All claims in, the catalogue's rows out. Deterministic: every choice has an order."""

    def __init__(
        self,
        claims: list[Claim],
        providers: dict[str, list[genai.Entry]],
        rules: Rules,
        makers: Makers,
        dates: dict[str, str],
    ) -> None:
        self.rules = rules
        self.makers = makers
        self.claims = [*claims, *_entry_claims(providers, rules)]
        self.identities = Identities(self.claims, rules.table["own"])
        self.prices = Prices(providers, self.identities, dates)
        self.providers = providers
        self.table: list[PriceList] = []
        self._positions: dict[bytes, int] = {}
        self.groups: dict[str, list[Claim]] = {}
        for claim in self.claims:
            self.groups.setdefault(self.identities.of(claim.parsed), []).append(claim)
        self.models: dict[str, Model] = {}

    def run(self) -> tuple[tuple[Model, ...], dict[str, tuple[Row, ...]], dict[str, tuple[MatchRule, ...]]]:
        """Models by name, listings by host, match rules by host."""
        for key in sorted(self.groups):
            self.models[key] = self._model(key, self.groups[key])
        names = Counter(model.name for model in self.models.values())
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ValueError(f"names given to two models: {twice}")
        listings: dict[str, list[Row]] = {}
        spelled: dict[tuple[str, str, str], list[Claim]] = {}
        for claims in by_place(claim for claim in self.claims if claim.host).values():
            first = claims[0]
            spelled.setdefault((first.host, first.id.lower(), first.region), []).extend(claims)
        for (host, _, region), claims in sorted(spelled.items()):
            listings.setdefault(host, []).append(self._row(host, region, claims))
        rows = {
            host: tuple(sorted(found, key=lambda row: (row.id, row.region)))
            for host, found in listings.items()
        }
        rules = {host: self._rules(host, rows[host]) for host in sorted(rows)}
        models = tuple(sorted(self.models.values(), key=lambda model: model.name))
        return models, rows, {host: found for host, found in rules.items() if found}

    # --- models ---------------------------------------------------------------------------------------------------

    def _model(self, key: str, claims: list[Claim]) -> Model:
        maker = self.makers.vote(claims, key)
        own = [claim for claim in claims if self.makers.is_own(claim.host, maker)]
        name = self._name(claims, own)
        capabilities = _capabilities(claims, own)
        if not capabilities & set(OPERATIONS):
            capabilities |= self._presumed(claims)
        is_open, licence = self._licence(maker, key, claims, own)
        own_retires = sorted(claim.retires for claim in own if claim.retires)
        known = [claim for claim in claims if claim.parameters is not None]
        return Model(
            name=name,
            maker=maker,
            display=_display(claims, own) or name,
            family=_most(claim.family for claim in claims if claim.family) or "",
            also=tuple(sorted({self.identities.name_of(claim.parsed) for claim in claims} - {name})),
            capabilities=capabilities,
            # What one host makes of published weights is not the model's limit, even if the host is its maker's.
            context=_first_or_most([] if is_open else own, claims, "context"),
            max_output=_first_or_most([] if is_open else own, claims, "max_output"),
            open_weights=is_open,
            licence=licence,
            parameters=known[0].parameters if known else None,
            active_parameters=known[0].active_parameters if known else None,
            released=_released(claims, own) or self.rules.date_in(maker, name),
            knowledge=_first_or_most(own, claims, "knowledge"),
            deprecated=any(claim.deprecated for claim in own),
            retires=own_retires[0] if own_retires else None,
            weights=_most(claim.weights for claim in claims if claim.weights) or "",
        )

    def _name(self, claims: list[Claim], own: list[Claim]) -> str:
        """As the maker's own host writes it; else as most do, the spelling with the point of a number first."""
        votes = Counter(self.identities.name_of(claim.parsed) for claim in own or claims)
        return min(votes, key=lambda name: (-votes[name], -name.count("."), len(name), name))

    def _presumed(self, claims: list[Claim]) -> frozenset[str]:
        """What a model is for, where no catalogue says it: genai-prices and ComparIA list language models."""
        operation = next(
            (found for claim in claims if (found := self.rules.operation_of(claim.id, claim.family))), ""
        )
        writes = any(tier.output for claim in claims for rate in claim.schedules for tier in rate.tiers)
        if not operation and (writes or any(claim.source == "comparia" for claim in claims)):
            operation = "chat"
        return frozenset({operation, "streaming"} if operation == "chat" else {operation} - {""})

    def _licence(
        self, maker: str, key: str, claims: list[Claim], own: list[Claim]
    ) -> tuple[bool | None, str]:
        text = f"{maker}/{key}"
        stated = [claim for claim in claims if claim.licence]
        licence = stated[0].licence if stated else ""
        is_open: bool | None = stated[0].open_weights if stated else None
        if is_open is None and any(claim.weights for claim in claims):
            is_open = True
        if is_open is None and re.search(self.rules.table["weights"]["closed"], text):
            is_open = False
        if is_open is None and re.search(self.rules.table["weights"]["open"], text):
            is_open = True
        if is_open is None:
            is_open = _weights_are_open(own, enough=1)
        if is_open is None:
            is_open = _weights_are_open(claims, enough=3)
        if not licence and is_open:
            rows = self.rules.table["licences"]
            licence = next((row["is"] for row in rows if re.search(row["pattern"], text)), "")
        return is_open, "proprietary" if is_open is False and not licence else licence

    # --- listings -------------------------------------------------------------------------------------------------

    def _row(self, host: str, region: str, claims: list[Claim]) -> Row:
        claims = sorted(claims, key=lambda claim: _RANK[claim.source])
        first = next((claim for claim in claims if claim.source == "models.dev"), claims[0])
        model = self.models[self.identities.of(first.parsed)]
        providers, model_id = self._providers_of(host, first.id)
        decision = Decision(None)
        if not region:
            decision = self.prices.decide(providers, model_id, claims)
        elif claims[0].schedules:
            decision = Decision(PriceList(schedules=claims[0].schedules, source=claims[0].source))
        stated = [claim for claim in claims if claim.capabilities and claim.source != "litellm"]
        has = frozenset[str]().union(*(claim.capabilities for claim in claims))
        if "chat" in has:
            has |= {"streaming"} if not any("streaming" in claim.lacks for claim in claims) else frozenset()
        context = next((claim.context for claim in claims if claim.context), None)
        output = next((claim.max_output for claim in claims if claim.max_output), None)
        return Row(
            id=first.id,
            model=model.name,
            region=region or first.parsed.region,
            quantisation=first.parsed.quantisation,
            capabilities=has if stated and has != model.capabilities else None,
            context=None if context == model.context else context,
            max_output=None if output == model.max_output else output,
            prices=None if decision.prices is None else self._position(decision.prices),
            others=tuple(self._position(prices) for prices in decision.others),
            deprecated=any(claim.deprecated for claim in claims),
            retires=next((claim.retires for claim in claims if claim.retires), None),
        )

    def _providers_of(self, host: str, model_id: str) -> tuple[list[str], str]:
        """genai-prices' providers for an id at a host, and its id there."""
        if host == "huggingface":
            plain, _, behind = model_id.partition(":")
            return [name for name in (f"huggingface_{behind}",) if name in self.providers], plain
        names: Mapping[str, str] = self.rules.table["hosts"]["genai-prices"]
        asked = [host, *self.rules.table["resells"].get(host, ())]
        return [provider for one in asked for provider, name in names.items() if name == one], model_id

    def _position(self, prices: PriceList) -> int:
        text = msgspec.json.encode(prices)
        if text not in self._positions:
            self._positions[text] = len(self.table)
            self.table.append(prices)
        return self._positions[text]

    def _rules(self, host: str, rows: tuple[Row, ...]) -> tuple[MatchRule, ...]:
        """The patterns of genai-prices, each to the listing that it is a pattern of."""
        ids = {
            row.id.lower(): row.id for row in rows if not row.region or row.id.lower().startswith(row.region)
        }
        found = []
        for provider, name in self.rules.table["hosts"]["genai-prices"].items():
            if name == host:
                for entry in self.providers[provider]:
                    rest = without_equals(entry.clause)
                    if rest and entry.id.lower() in ids:
                        found.append(MatchRule(when=rest, id=ids[entry.id.lower()]))
        return tuple(found)


_RANK = {"models.dev": 0, "openrouter": 1, "genai-prices": 2, "litellm": 3, "comparia": 4}


def without_equals(clause: Clause) -> Clause | None:
    """A clause less the ids that it names in full, which are listings of their own."""
    if clause.equals is not None:
        return None
    if clause.any is None:
        return clause
    parts = tuple(part for part in (without_equals(part) for part in clause.any) if part is not None)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Clause(any=parts)


def _entry_claims(providers: dict[str, list[genai.Entry]], rules: Rules) -> Iterable[Claim]:
    """genai-prices' rows as claims: the ids that it names in full, and its own id for each row."""
    names = rules.table["hosts"]["genai-prices"]
    for provider, entries in providers.items():
        behind = provider.removeprefix("huggingface_")
        host = "huggingface" if behind != provider else names[provider]
        for entry in entries:
            ids = exact_ids(entry.clause) | {entry.id}
            spelled = {one.lower(): one for one in sorted(ids)}
            for lower in sorted(spelled):
                model_id = spelled[lower] + (f":{behind}" if behind != provider else "")
                yield Claim(
                    source="genai-prices",
                    host=host,
                    id=model_id,
                    display=entry.name,
                    schedules=entry.schedules or _free(rules, host, model_id),
                    checked=entry.checked,
                    context=entry.context,
                    deprecated=entry.deprecated,
                )


def _free(rules: Rules, host: str, model_id: str) -> tuple[Schedule, ...]:
    """genai-prices lists nothing for what is free of charge, and for what it does not know: the id tells which."""
    if not rules.is_free(host, model_id):
        return ()
    return (Schedule(tiers=(PriceTier(**dict.fromkeys(TOKEN_CLASSES, 0)),), web_search=0),)


def _capabilities(claims: list[Claim], own: list[Claim]) -> frozenset[str]:
    """What most say; a statement of the maker's own host weighs three times."""
    has: Counter[str] = Counter()
    lacks: Counter[str] = Counter()
    for claim in claims:
        weight = 3 if claim in own else 1
        has.update(dict.fromkeys(claim.capabilities, weight))
        lacks.update(dict.fromkeys(claim.lacks, weight))
    found = {name for name, count in has.items() if name not in OPERATIONS and count > lacks[name]}
    operations = [name for name in OPERATIONS if has[name]]
    if operations:
        best = max(has[name] for name in operations)
        found |= {name for name in operations if has[name] * 2 >= best}
    if "chat" in found and not lacks["streaming"]:
        found.add("streaming")
    return frozenset(found)


def _weights_are_open(claims: list[Claim], *, enough: int) -> bool | None:
    """What is said, if it can be believed: "no" is what a reseller's list has by default, so that it takes
    several of them to mean anything."""
    said = Counter(claim.open_weights for claim in claims if claim.open_weights is not None)
    if said[True] > said[False] or said[True] > 1:
        return True
    return False if said[False] >= enough and not said[True] else None


def _display(claims: list[Claim], own: list[Claim]) -> str:
    for group in (own, [claim for claim in claims if claim.source == "comparia"], claims):
        best = _most(clean for claim in group if (clean := _clean(claim.display)))
        if best:
            return best
    return ""


def _clean(display: str) -> str:
    display = re.sub(r"^[\w .&-]+: ", "", display)
    return re.sub(
        r"\s*\((latest|free|US|EU|Global|AU|JP|preview)\)", "", display, flags=re.IGNORECASE
    ).strip()


def _released(claims: list[Claim], own: list[Claim]) -> str | None:
    snapshots = {claim.parsed.snapshot.replace("-", "") for claim in own if len(claim.parsed.snapshot) >= 8}
    if len(snapshots) == 1:
        date = snapshots.pop()
        return f"{date[:4]}-{date[4:6]}-{date[6:]}"
    for group in (own, [claim for claim in claims if claim.source == "models.dev"], claims):
        dates = [claim.released for claim in group if claim.released]
        if dates:
            return _most(dates)
    return None


def _first_or_most(own: list[Claim], claims: list[Claim], name: str) -> Any:
    values = [getattr(claim, name) for claim in own if getattr(claim, name)]
    return _most(values or [getattr(claim, name) for claim in claims if getattr(claim, name)])


def _most(values: Iterable[T]) -> T | None:
    """The value given most often; among equals the smallest."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], str(value))) if counts else None
