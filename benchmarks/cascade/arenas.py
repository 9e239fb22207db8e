"""What is compared: pairs of a small and a large model with the answers that both gave, and the checks between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cascade.answers import Item, mt_bench, routellm, zeroeval
from benchmarks.cascade.curves import Settings
from benchmarks.cascade.replay import Outcome, Replay, checked, panel
from counterpoint.catalog.loading import load
from counterpoint.catalog.offerings import offerings_for
from counterpoint.directory import Offering
from counterpoint.directory.routes import Check, PolicyName, Route, Target

PRICED = datetime(2024, 12, 1, tzinfo=UTC)
"""When all models compared here were on sale."""

MIXTRAL = "deepinfra/mistralai/Mixtral-8x7B-Instruct-v0.1"
GPT4 = "openai/gpt-4-1106-preview"
JUDGE = "openai/gpt-4-0613"
NEMO = "mistral/open-mistral-nemo"
LLAMA = "groq/llama-3.1-8b-instant"
GPT35 = "openai/gpt-3.5-turbo-0125"
FLASH = "google/gemini-1.5-flash"
HAIKU = "anthropic/claude-3-haiku-20240307"
MINI = "openai/gpt-4o-mini-2024-07-18"
LARGE2 = "mistral/mistral-large-2407"
SONNET = "anthropic/claude-3-5-sonnet-20241022"
ZEROEVAL = {
    "Meta-Llama-3.1-8B-Instruct": LLAMA,
    "Mistral-Nemo-Instruct-2407": NEMO,
    "gpt-3.5-turbo-0125": GPT35,
    "gemini-1.5-flash": FLASH,
    "claude-3-haiku-20240307": HAIKU,
    "gpt-4o-mini-2024-07-18": MINI,
    "Mistral-Large-2": LARGE2,
    "claude-3-5-sonnet-20241022": SONNET,
}
SCHEMA = (
    '{"type": "object", "properties": {"reasoning": {"type": "string"}, "answer": {"type": ["string", "number"]}},'
    ' "required": ["reasoning", "answer"]}'
)


@dataclass(frozen=True)
class Arm:
    """A check at its settings, from lenient to strict. `panel`: other models whose opinions are asked; empty: the
    samples are the small model's own."""

    name: str
    checks: tuple[Check, ...]
    panel: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arena:
    """A pair and its calls. `published`: the benchmark under which RouteLLM's figures for the same pair stand."""

    name: str
    title: str
    small: str
    large: str
    items: Sequence[Item]
    arms: tuple[Arm, ...]
    published: str = ""

    def replayed(self) -> list[Settings]:
        """Every arm between always-small and always-large, through the product's plan and checks."""
        small = self._run(Route("r", "priority", (Target(self.small), Target(self.large))))
        large = self._run(Route("r", "priority", (Target(self.large), Target(self.small))))
        return [
            Settings(
                arm.name,
                small,
                [self._run(checked("r", self.small, self.large, check), arm.panel) for check in arm.checks],
                large,
                [_label(check) for check in arm.checks],
            )
            for arm in self.arms
        ]

    def _run(self, route: Route, others: tuple[str, ...] = ()) -> list[Outcome]:
        routes = (route, panel(PANEL, others)) if others else (route,)
        return Replay(offerings(), routes, self.large).run("r", self.items)


def _label(check: Check) -> str:
    if check.kind == "agreement":
        return f"{round(check.least * check.samples + 0.5)} of {check.samples}"
    return f"at least {check.least:g}"


PANEL = "panel"


def agreement(samples: int, judge: str = "") -> tuple[Check, ...]:
    """From "two say the same" to "all do"."""
    return tuple(
        Check("agreement", least=(each - 0.5) / samples, samples=samples, judge=judge)
        for each in range(2, samples + 1)
    )


def arena(name: str, data: Path) -> Arena:
    """One of `NAMES`, read from the data."""
    if name == "routellm":
        again = {
            "Mixtral-8x7B-Instruct-v0.1": MIXTRAL,
            "Mistral-Nemo-Instruct-2407": NEMO,
            "Meta-Llama-3.1-8B-Instruct": LLAMA,
        }
        return Arena(
            name,
            "GSM8K, Mixtral 8x7B before GPT-4 Turbo (RouteLLM's pair)",
            MIXTRAL,
            GPT4,
            routellm(data, MIXTRAL, GPT4, again),
            (
                Arm("agreement of 2: itself, asked in two ways", agreement(2)),
                Arm("agreement of 2: with Mistral Nemo", agreement(2, PANEL), (NEMO,)),
                Arm("agreement of 3: with Mistral Nemo, Llama 3.1 8B", agreement(3, PANEL), (NEMO, LLAMA)),
            ),
            published="GSM8K",
        )
    if name == "mt-bench":
        checks = tuple(Check("judge", least=each / 10, judge=JUDGE) for each in (3, 5, 7, 8, 9, 10))
        return Arena(
            name,
            "MT-bench, Mixtral 8x7B before GPT-4 Turbo (RouteLLM's pair)",
            MIXTRAL,
            GPT4,
            mt_bench(data, MIXTRAL, GPT4, JUDGE),
            (Arm("judge, who is also the measure (an upper bound)", checks),),
            published="MT-bench",
        )
    items = zeroeval(data, ZEROEVAL)
    schema = Arm("schema", (Check("schema", schema_=SCHEMA),))
    if name == "llama":
        arms: tuple[Arm, ...] = (
            schema,
            Arm("agreement of 2: with Mistral Nemo", agreement(2, PANEL), (NEMO,)),
            Arm("agreement of 3: with Mistral Nemo, GPT-3.5", agreement(3, PANEL), (NEMO, GPT35)),
            Arm("agreement of 2: with Gemini 1.5 Flash", agreement(2, PANEL), (FLASH,)),
        )
        return Arena(name, "GSM8K, Llama 3.1 8B before Claude 3.5 Sonnet", LLAMA, SONNET, items, arms)
    arms = (
        schema,
        Arm("agreement of 2: with Llama 3.1 8B", agreement(2, PANEL), (LLAMA,)),
        Arm("agreement of 3: with Llama 3.1 8B, GPT-3.5", agreement(3, PANEL), (LLAMA, GPT35)),
    )
    return Arena(name, "GSM8K, Mistral Nemo before Mistral Large 2", NEMO, LARGE2, items, arms)


NAMES = ("routellm", "llama", "nemo", "mt-bench")


def offerings() -> tuple[Offering, ...]:
    """All that is compared, with the catalogue's prices of `PRICED`."""
    if not _KNOWN:
        catalog = load()
        names = {MIXTRAL, GPT4, JUDGE, *ZEROEVAL.values()}
        for name in sorted(names):
            host, _, model = name.partition("/")
            (found,) = offerings_for(host, catalog, PRICED, ids=(model,))
            assert found.price is not None, name
            _KNOWN.append(found)
    return tuple(_KNOWN)


_KNOWN: list[Offering] = []


def policies(items: Sequence[Item]) -> list[tuple[str, str, list[Outcome]]]:
    """Routes over a pool of eight models: policy, what it is, and what it came to."""
    pool = tuple(map(Target, (LLAMA, NEMO, GPT35, FLASH, HAIKU, MINI, LARGE2, SONNET)))
    small, mini, large = Target(LLAMA), Target(MINI), Target(SONNET)
    by_nemo = Check("agreement", least=0.75, samples=2, judge=NEMO)
    by_flash = Check("agreement", least=0.75, samples=2, judge=FLASH)
    checked_small, checked_mini = Target(LLAMA, check=by_nemo), Target(MINI, check=by_flash)
    then = "agreement with Mistral Nemo, then"
    routes: list[tuple[PolicyName, str, tuple[Target, ...]]] = [
        ("priority", "Claude 3.5 Sonnet first", (large, small)),
        ("priority", "GPT-4o mini first", (mini, large)),
        ("cheapest", "all eight models", pool),
        ("weighted", "all eight models, alike", pool),
        ("weighted", "Llama 3.1 8B and Claude 3.5 Sonnet, alike", (small, large)),
        ("canary", "Llama 3.1 8B, 100 ‰ to Claude 3.5 Sonnet", (small, Target(SONNET, weight=100))),
        ("cascade", f"Llama 3.1 8B, {then} GPT-4o mini", (checked_small, mini)),
        ("cascade", f"Llama 3.1 8B, {then} Claude 3.5 Sonnet", (checked_small, large)),
        (
            "cascade",
            "GPT-4o mini, agreement with Gemini 1.5 Flash, then Claude 3.5 Sonnet",
            (checked_mini, large),
        ),
    ]
    return [
        (policy, what, Replay(offerings(), (Route("r", policy, targets),), SONNET).run("r", items, seed=7))
        for policy, what, targets in routes
    ]
