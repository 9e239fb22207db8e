"""Providers: configured hosts. Secrets go in and never come out."""

from fastapi import APIRouter
from pydantic import Field, SecretStr

from counterpoint.api.access import require
from counterpoint.api.routes.given import Given, Input, Language
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.providers import OutcomeShape, ProviderShape, outcome_shape, provider_shape
from counterpoint.control.providers import NewProvider

router = APIRouter(prefix="/providers", tags=["providers"])
_read = [require("providers.read")]
_write = [require("providers.write")]


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
        )

    def plain_secret(self) -> str | None:
        """As it was sent."""
        return self.secret.get_secret_value() if self.secret is not None else None


class Change(Input):
    """What is to be different."""

    enabled: bool


class SecretInput(Input):
    """A secret, in place of the one before."""

    secret: SecretStr = Field(min_length=1, max_length=10_000)


@router.get("", summary="List providers", dependencies=_read)
def list_providers(services: Given) -> Page[ProviderShape]:
    """All, by name."""
    return Page([provider_shape(view) for view in services.providers.list()], None)


@router.post("", status_code=201, summary="Add a provider", dependencies=_write)
def add_provider(services: Given, new: ProviderInput) -> ProviderShape:
    """It is not tried; `POST /providers/try` does that before, `/providers/{name}/test` afterwards."""
    return provider_shape(services.providers.add(new.wanted(), secret=new.plain_secret()))


@router.post("/try", summary="Try a provider before adding it", dependencies=_write)
def try_provider(services: Given, lang: Language, new: ProviderInput) -> OutcomeShape:
    """A real call to what would be added. Nothing is stored."""
    return outcome_shape(services.providers.try_out(new.wanted(), secret=new.plain_secret()), lang)


@router.get("/{name}", summary="Show a provider", dependencies=_read)
def show_provider(services: Given, name: str) -> ProviderShape:
    """By its name."""
    return provider_shape(services.providers.find(name))


@router.post("/{name}/test", summary="Test a provider", dependencies=_write)
def test_provider(services: Given, lang: Language, name: str) -> OutcomeShape:
    """A real call; what the provider says that it serves is remembered."""
    return outcome_shape(services.providers.test(name), lang)


@router.put("/{name}/secret", summary="Replace a provider's secret", dependencies=_write)
def set_secret(services: Given, name: str, given: SecretInput) -> ProviderShape:
    """The earlier one is forgotten."""
    return provider_shape(services.providers.set_secret(name, given.secret.get_secret_value()))


@router.patch("/{name}", summary="Enable or disable a provider", dependencies=_write)
def change_provider(services: Given, name: str, change: Change) -> ProviderShape:
    """A provider that is disabled keeps its secret and offers nothing."""
    return provider_shape(services.providers.set_enabled(name, change.enabled))


@router.delete("/{name}", status_code=204, summary="Remove a provider", dependencies=_write)
def remove_provider(services: Given, name: str) -> None:
    """With its secret."""
    services.providers.remove(name)
