"""Decisions that no catalogue contains, as data (`rules.toml`): whose name is which host, what is left out."""

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

_PATH = Path(__file__).with_name("rules.toml")


class Rules:
    """The rules, and the questions the readers ask."""

    def __init__(self, path: Path = _PATH) -> None:
        self.table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))

    def host_of(self, source: str, provider: str) -> str:
        """Our name for a provider of a catalogue; empty: it is left out."""
        names = self.table["hosts"][source]
        if provider in names:
            return str(names[provider])
        return provider if self.table["take_unnamed"][source] else ""

    def is_free(self, host: str, model_id: str) -> bool:
        """Whether a price of zero means free of charge."""
        return bool(self._free.search(f"{host}/{model_id}".lower()))

    def skips_id(self, model_id: str) -> bool:
        """Whether an id is no model at all (a price bracket, a sample)."""
        return bool(self._skipped.search(model_id.lower()))

    def operation_of(self, model_id: str, family: str) -> str | None:
        """What a model is for, where its modalities do not tell: an embedding model also reads and "writes" text."""
        text = f"{family}/{model_id}".lower()
        return next((name for pattern, name in self._operations if pattern.search(text)), None)

    def date_in(self, maker: str, name: str) -> str | None:
        """The date in a model's name, as its maker writes dates."""
        for pattern in self.table["dated_names"]["patterns"]:
            found = re.search(pattern, f"{maker}/{name}")
            if found:
                parts = found.groupdict()
                year = parts["year"] if len(parts["year"]) == 4 else f"20{parts['year']}"
                return "-".join(part for part in (year, parts["month"], parts.get("day")) if part)
        return None

    @cached_property
    def _free(self) -> re.Pattern[str]:
        return re.compile(self.table["free"])

    @cached_property
    def _skipped(self) -> re.Pattern[str]:
        return re.compile("|".join(self.table["skip_ids"]))

    @cached_property
    def _operations(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(row["pattern"]), row["is"]) for row in self.table["operations"]]
