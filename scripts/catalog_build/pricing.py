"""Decide what an offering costs, of what several catalogues say."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from counterpoint.catalog.naming import parse
from counterpoint.catalog.schedules import holds_at
from counterpoint.catalog.values import Clause, PriceList, Schedule
from scripts.catalog_build import genai
from scripts.catalog_build.claims import Claim
from scripts.catalog_build.identity import Identities


@dataclass(frozen=True)
class Decision:
    """`prices`: what counts; `others`: what other catalogues say that differs, to be shown beside it."""

    prices: PriceList | None
    others: tuple[PriceList, ...] = ()


class Prices:
    """The rules, in order:

    1. genai-prices, where the row that fits names this very model.
    2. From the day of models.dev's data on, what models.dev and litellm agree on against it: both together are
       the newer word (its rows for moving names such as `mistral-large-latest` go out of date).
    3. Without 1: models.dev, then the host's own list, then litellm, then a row of genai-prices whose pattern
       fits though it names another model.
    4. Where litellm agrees on the standard price, it adds the batch, flex and priority services, and from its own
       day on the prices of audio and images that the chosen list does not tell from text.
    """

    def __init__(
        self, providers: dict[str, list[genai.Entry]], identities: Identities, dates: dict[str, str]
    ) -> None:
        self._providers = providers
        self._identities = identities
        self._dates = dates
        self._named: dict[int, frozenset[str]] = {}

    def decide(self, providers: list[str], model_id: str, claims: list[Claim]) -> Decision:
        """`providers`: genai-prices' names for the host and for those whose models it resells."""
        lists = {
            claim.source: PriceList(schedules=claim.schedules, source=claim.source, checked=claim.checked)
            for claim in reversed(claims)
            if claim.schedules
        }
        # A row may have an id that none of its own patterns fits: then the row is meant by its id.
        own = lists.pop("genai-prices", None)
        entry = genai.find((self._providers[name] for name in providers), model_id)
        listed = own
        if entry and entry.schedules:
            listed = PriceList(schedules=entry.schedules, source="genai-prices", checked=entry.checked)
        exact = listed if entry and listed and self._names(entry, model_id) else own
        ranked = [exact, lists.get("models.dev"), lists.get("openrouter"), lists.get("litellm"), listed]
        chosen = next((prices for prices in ranked if prices), None)
        if chosen is None:
            return Decision(None)
        if chosen is exact:
            chosen = self._newer_word(chosen, lists)
        others = tuple(
            prices
            for prices in lists.values()
            if prices.source != chosen.source and self._differ(chosen, prices)
        )
        if "litellm" in lists:
            chosen = self._completed(chosen, lists["litellm"])
        return Decision(chosen, tuple(sorted(others, key=lambda prices: prices.source)))

    def _names(self, entry: genai.Entry, model_id: str) -> bool:
        """Whether a row is about the model that the id names, not merely matched by its pattern."""
        if id(entry) not in self._named:
            literals = {entry.id, *_literals(entry.clause)}
            self._named[id(entry)] = frozenset(parse(text).base for text in literals)
        return model_id.lower() in _equals(entry.clause) or parse(model_id).base in self._named[id(entry)]

    def _newer_word(self, prices: PriceList, lists: dict[str, PriceList]) -> PriceList:
        first, second = lists.get("models.dev"), lists.get("litellm")
        if not first or not second or self._differ(first, second) or not self._differ(prices, second):
            return prices
        if (prices.checked or self._dates["genai-prices"]) > self._dates["litellm"]:
            return prices
        newer = tuple(
            msgspec.structs.replace(schedule, since=self._dates["models.dev"], source="litellm")
            for schedule in second.schedules
            if schedule.service == "standard"
        )
        return msgspec.structs.replace(prices, schedules=prices.schedules + newer)

    def _completed(self, prices: PriceList, extra: PriceList) -> PriceList:
        """With the other services, and the classes for which the chosen list has no rule of its own."""
        if prices is extra or prices.source == "litellm" or self._differ(prices, extra):
            return prices
        services = tuple(
            msgspec.structs.replace(schedule, source="litellm")
            for schedule in extra.schedules
            if schedule.service != "standard"
        )
        standard = next(schedule for schedule in extra.schedules if schedule.service == "standard")
        own = tuple(_filled_up(schedule, standard) for schedule in prices.schedules)
        media = _with_media(own[-1], standard)
        later = () if media is None else (msgspec.structs.replace(media, since=self._dates["litellm"]),)
        return msgspec.structs.replace(prices, schedules=own + later + services)

    def _differ(self, first: PriceList, second: PriceList) -> bool:
        date = max(self._dates[first.source], self._dates[second.source])
        when = datetime.fromisoformat(date).replace(tzinfo=UTC, hour=12)
        return _base(first, when) != _base(second, when)


def _base(prices: PriceList, when: datetime) -> tuple[int | None, int]:
    standard = [
        schedule for schedule in prices.schedules if schedule.service == "standard" and not schedule.days
    ]
    holding = [schedule for schedule in standard if holds_at(schedule, when)] or standard[:1]
    if not holding or not holding[-1].tiers:
        return None, 0
    tier = holding[-1].tiers[0]
    return tier.input, tier.output or 0


def _filled_up(schedule: Schedule, extra: Schedule) -> Schedule:
    """The price of an hour's cache write and of a web search, if the list has none: they are filled from nothing."""
    if schedule.service != "standard":
        return schedule
    tiers = schedule.tiers
    if len(tiers) == 1 and len(extra.tiers) == 1 and tiers[0].cache_write_1h is None:
        tiers = (msgspec.structs.replace(tiers[0], cache_write_1h=extra.tiers[0].cache_write_1h),)
    web_search = extra.web_search if schedule.web_search is None else schedule.web_search
    return msgspec.structs.replace(schedule, tiers=tiers, web_search=web_search)


MEDIA = ("audio_in", "audio_out", "audio_cache_read", "image_in", "image_out")


def _with_media(schedule: Schedule, extra: Schedule) -> Schedule | None:
    """`schedule` with the prices of audio and images that only `extra` has; `None` if it has none."""
    if len(schedule.tiers) != 1 or len(extra.tiers) != 1 or schedule.hours or schedule.days:
        return None
    tier, other = schedule.tiers[0], extra.tiers[0]
    added = {
        name: getattr(other, name)
        for name in MEDIA
        if getattr(tier, name) is None and getattr(other, name) is not None
    }
    if not added:
        return None
    return msgspec.structs.replace(schedule, tiers=(msgspec.structs.replace(tier, **added),))


def _literals(clause: Clause) -> set[str]:
    if clause.any is not None:
        return {text for part in clause.any for text in _literals(part)}
    if clause.all is not None:
        return {text for part in clause.all for text in _literals(part)}
    text = clause.equals or clause.starts_with or clause.digits or ""
    return {text.rstrip("*#-@")} if text else set()


def _equals(clause: Clause) -> set[str]:
    if clause.any is not None:
        return {text for part in clause.any for text in _equals(part)}
    return {clause.equals} if clause.equals is not None else set()


def exact_ids(clause: Clause) -> set[str]:
    """The ids that a clause names in full."""
    return _equals(clause)
