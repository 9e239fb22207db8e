"""Providers: configured hosts. Secrets go in and never come out."""

from collections import Counter
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from msgspec import UNSET
from pydantic import Field, SecretStr

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Cursor, Given, Input, Language, Limit
from counterpoint.api.services import Services
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.providers import (
    OutcomeShape,
    ProviderShape,
    outcome_shape,
    provider_page,
    provider_shape,
    trial_shape,
)
from counterpoint.control.providers import NewProvider, ProviderChange

router = APIRouter(prefix="/providers", tags=["providers"])
_read = [require("providers.read")]
_write = [require("providers.write")]


_CLASSES = "Patterns of the classes of data that may be sent there; null: any."
_WHERE = "Where it computes: ISO 3166 codes or `EU`, `EEA`; null: as the catalogue says."
_LAW = "ISO 3166 code of the country whose law binds it; null: as the catalogue says."


def _listed(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


class ProviderInput(Input):
    """A provider to be."""

    name: str = Field(max_length=100, description="Its models are called as `name/model`.")
    host: str | None = Field(
        default=None, max_length=100, description="The catalogue's row; none: the one of that name."
    )
    base_url: str | None = Field(default=None, max_length=2000)
    dialects: dict[str, str] = Field(default_factory=dict, max_length=20)
    settings: dict[str, str] = Field(default_factory=dict, max_length=50)
    models: list[str] | None = Field(default=None, max_length=1000, description="Only these of its models.")
    enabled: bool = True
    data_classes: list[str] | None = Field(default=None, max_length=100, description=_CLASSES)
    residency: list[str] | None = Field(default=None, max_length=60, description=_WHERE)
    jurisdiction: str | None = Field(default=None, max_length=10, description=_LAW)
    secret: SecretStr | None = Field(default=None, max_length=10_000)

    def wanted(self) -> NewProvider:
        """As the service takes it."""
        return NewProvider(
            name=self.name,
            host=self.host,
            base_url=self.base_url,
            dialects=self.dialects,
            settings=self.settings,
            models=tuple(self.models) if self.models is not None else None,
            enabled=self.enabled,
            data_classes=_listed(self.data_classes),
            residency=_listed(self.residency),
            jurisdiction=self.jurisdiction or None,
        )

    def plain_secret(self) -> str | None:
        """As it was sent."""
        return self.secret.get_secret_value() if self.secret is not None else None


class ProviderEdit(Input):
    """What changes; what is left out stays."""

    enabled: bool = True
    base_url: str | None = Field(default=None, max_length=2000, description="Null: the catalogue's.")
    settings: dict[str, str] = Field(default_factory=dict, max_length=50, description="All of them.")
    models: list[str] | None = Field(
        default=None,
        max_length=1000,
        description="Only these of its models; null: as it or the catalogue says.",
    )
    data_classes: list[str] | None = Field(default=None, max_length=100, description=_CLASSES)
    residency: list[str] | None = Field(default=None, max_length=60, description=_WHERE)
    jurisdiction: str | None = Field(default=None, max_length=10, description=_LAW)
    secret: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=10_000,
        description="Needed with an address elsewhere: the one that is kept was entered for the present address.",
    )

    def change(self) -> ProviderChange:
        """As the service takes it."""
        said = self.model_fields_set
        models = tuple(self.models) if self.models is not None else None
        return ProviderChange(
            enabled=self.enabled if "enabled" in said else UNSET,
            base_url=(self.base_url or None) if "base_url" in said else UNSET,
            settings=self.settings if "settings" in said else UNSET,
            models=models if "models" in said else UNSET,
            data_classes=_listed(self.data_classes) if "data_classes" in said else UNSET,
            residency=_listed(self.residency) if "residency" in said else UNSET,
            jurisdiction=(self.jurisdiction or None) if "jurisdiction" in said else UNSET,
            secret=self.secret.get_secret_value() if self.secret is not None else UNSET,
        )


class SecretInput(Input):
    """A secret, in place of the one before."""

    secret: SecretStr = Field(min_length=1, max_length=10_000)


@router.get("", summary="List providers", dependencies=_read)
def list_providers(
    services: Given,
    lang: Language,
    limit: Limit = 500,
    cursor: Cursor = None,
    state: Literal["ready", "disabled", "unusable"] | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of a name, its own or its host's.")] = "",
) -> Page[ProviderShape]:
    """By name."""
    page = provider_page(services.providers.page(state=state, words=q, cursor=cursor, limit=limit))
    offered = Counter(offering.host for offering in services.directory().offerings)
    return replace(page, items=[_whole(services, item, lang, offered) for item in page.items])


@router.post("", status_code=201, summary="Add a provider", dependencies=_write)
def add_provider(services: Given, new: ProviderInput) -> ProviderShape:
    """It is not tried; `POST /providers/try` does that before, `/providers/{name}/test` afterwards."""
    return provider_shape(services.providers.add(new.wanted(), secret=new.plain_secret()))


@router.post("/try", summary="Try a provider before adding it", dependencies=_write)
def try_provider(services: Given, lang: Language, new: ProviderInput) -> OutcomeShape:
    """A real call to what would be added. Nothing is stored."""
    return outcome_shape(services.providers.try_out(new.wanted(), secret=new.plain_secret()), lang)


@router.get("/{name}", summary="Show a provider", dependencies=_read)
def show_provider(services: Given, lang: Language, name: str, tag: Tag) -> ProviderShape:
    """By its name."""
    view = services.providers.find(name)
    tag(view.revision)
    offered = Counter(offering.host for offering in services.directory().offerings)
    return _whole(services, provider_shape(view), lang, offered)


@router.post("/{name}/test", summary="Test a provider", dependencies=_write)
def test_provider(services: Given, lang: Language, name: str) -> OutcomeShape:
    """A real call; what the provider says that it serves is remembered."""
    outcome = services.providers.test(name)
    services.trials.put(name, outcome)
    return outcome_shape(outcome, lang)


@router.put("/{name}/secret", summary="Replace a provider's secret", dependencies=_write)
def set_secret(services: Given, name: str, given: SecretInput, tag: Tag) -> ProviderShape:
    """The earlier one is forgotten."""
    view = services.providers.set_secret(name, given.secret.get_secret_value())
    services.trials.forget(name)
    tag(view.revision)
    return provider_shape(view)


@router.patch("/{name}", summary="Change a provider", dependencies=_write)
def edit_provider(
    services: Given, name: str, edit: ProviderEdit, revision: Edited, tag: Tag
) -> ProviderShape:
    """A provider that is disabled keeps its secret and offers nothing."""
    view = services.providers.change(name, edit.change(), revision=revision)
    services.trials.forget(name)
    tag(view.revision)
    return provider_shape(view)


@router.delete("/{name}", status_code=204, summary="Remove a provider", dependencies=_write)
def remove_provider(services: Given, name: str) -> None:
    """With its secret."""
    services.providers.remove(name)
    services.trials.forget(name)


def _whole(services: Services, shape: ProviderShape, lang: str, offered: Counter[str]) -> ProviderShape:
    """With what the catalogue, the directory and the latest test say of it."""
    row = services.catalog().hosts.get(shape.host)
    trial = services.trials.of(shape.name)
    return replace(
        shape,
        country=row.country if row else "",
        kind=row.kind if row else None,  # type: ignore[arg-type]  # `catalog.hosts` has checked it
        offered=offered[shape.name],
        tried=trial_shape(trial.outcome, trial.at, lang) if trial else None,
    )
