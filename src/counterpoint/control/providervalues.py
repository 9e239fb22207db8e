"""A provider as it is to be, as it is changed, and as it is listed."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from counterpoint.directory.values import Host, Offering


class NewProvider(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider is to be. `host`: the catalogue's row, by default the one called `name`, or `custom`
    when an address is given. `models`: the ids that it serves, `None`: as it or the catalogue says. `data_classes`:
    patterns of the classes of data that may be sent there, `None`: any. `residency`: where it computes, and
    `jurisdiction`: whose law binds it (ISO 3166 codes), `None`: as the catalogue says."""

    name: str
    host: str | None = None
    base_url: str | None = None
    dialects: Mapping[str, str] = {}
    settings: Mapping[str, str] = {}
    models: tuple[str, ...] | None = None
    enabled: bool = True
    data_classes: tuple[str, ...] | None = None
    residency: tuple[str, ...] | None = None
    jurisdiction: str | None = None


class ProviderChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a provider; what is `UNSET` stays. `None`: as in a new one."""

    base_url: str | UnsetType | None = UNSET
    settings: Mapping[str, str] | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    data_classes: tuple[str, ...] | UnsetType | None = UNSET
    residency: tuple[str, ...] | UnsetType | None = UNSET
    jurisdiction: str | UnsetType | None = UNSET
    secret: str | UnsetType = UNSET

    def __repr__(self) -> str:
        return "ProviderChange(...)"

    def values(self) -> dict[str, object]:
        """What is given, but for the secret."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name != "secret"}
        return {name: value for name, value in given.items() if value is not UNSET}


State = Literal["ready", "disabled", "unusable"]


class ProviderView(msgspec.Struct, frozen=True):
    """A provider as it is listed. `secret`: its end, `None` when it has none. `problem`: why it cannot be
    used, in the system's language."""

    id: str
    name: str
    host: str
    display: str
    base_url: str
    settings: dict[str, str]
    models: tuple[str, ...] | None
    found_models: int | None
    found_at: int | None
    owner: str
    enabled: bool
    secret: str | None
    problem: str | None
    created_at: int
    updated_at: int
    revision: int
    data_classes: tuple[str, ...] | None = None
    residency: tuple[str, ...] | None = None
    jurisdiction: str | None = None

    @property
    def state(self) -> State:
        """Whether it is used."""
        if not self.enabled:
            return "disabled"
        return "ready" if self.problem is None else "unusable"


class Hosted(msgspec.Struct, frozen=True):
    """For the directory: the hosts that can be used, and what they offer. `problems`: of the others, by name."""

    hosts: tuple[Host, ...] = ()
    offerings: tuple[Offering, ...] = ()
    problems: Mapping[str, str] = {}
