"""A provider as it is shown: where it is and whether it can be used, never its secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Page, Shape, instant, moment

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.paging import Paged
    from counterpoint.control.probe import Outcome
    from counterpoint.control.providers import ProviderView


@dataclass(frozen=True)
class TrialShape(Shape):
    """How a provider answered when it was last tried since the platform began."""

    at: datetime
    ok: bool
    verdict: str
    sentence: str
    seconds: float


@dataclass(frozen=True)
class ProviderShape(Shape):
    """A configured host."""

    name: str
    """By which its models are called: `name/model`."""
    host: str
    """The catalogue's row that describes it."""
    display: str
    state: Literal["ready", "disabled", "unusable"]
    problem: str | None
    """Why it cannot be used."""
    base_url: str
    settings: dict[str, str]
    secret: str | None
    """How the secret ends; null when there is none."""
    models: list[str] | None
    """The ids that it was told to serve; null: as it or the catalogue says."""
    found_models: int | None
    """How many it listed when it was last asked."""
    found_at: datetime | None
    owner: Literal["studio", "file", "environment"]
    created_at: datetime
    updated_at: datetime
    revision: int
    """Counts changes; also the ETag."""
    country: str = ""
    """ISO code of the country whose law binds the host's company; empty: unknown, or one's own machine."""
    kind: Literal["cloud", "aggregator", "local", "custom"] | None = None
    """Whose machines; null: the catalogue does not know the host any more."""
    offered: int | None = None
    """How many models can be called there now; null where that is not asked, as on the command line."""
    tried: TrialShape | None = None
    data_classes: list[str] | None = None
    """Patterns of the classes of data that may be sent there; null: any."""
    residency: list[str] | None = None
    """Where it computes, as its operator says; null: as the catalogue says."""
    jurisdiction: str | None = None
    """Whose law binds it, as its operator says; null: as the catalogue says."""


@dataclass(frozen=True)
class OutcomeShape(Shape):
    """How a provider answered a real call."""

    ok: bool
    """Whether calls will get through, as far as could be told."""
    verdict: str
    """`ok`, `refused_secret`, `unreachable`, ...; stable."""
    sentence: str
    """In words, with what to do."""
    url: str
    status: int | None
    models: list[str] | None
    """What the provider listed."""
    seconds: float
    detail: str


def provider_shape(view: "ProviderView") -> ProviderShape:
    """One provider."""
    return ProviderShape(
        name=view.name,
        host=view.host,
        display=view.display,
        state=view.state,
        problem=view.problem,
        base_url=view.base_url,
        settings=view.settings,
        secret=view.secret,
        models=list(view.models) if view.models is not None else None,
        found_models=view.found_models,
        found_at=moment(view.found_at),
        owner=view.owner,  # type: ignore[arg-type]  # a column; `control.ownership` has its values
        created_at=instant(view.created_at),
        updated_at=instant(view.updated_at),
        revision=view.revision,
        data_classes=list(view.data_classes) if view.data_classes is not None else None,
        residency=list(view.residency) if view.residency is not None else None,
        jurisdiction=view.jurisdiction,
    )


def provider_page(page: "Paged[ProviderView]") -> Page[ProviderShape]:
    """A page of providers."""
    return Page([provider_shape(view) for view in page.items], page.next)


def outcome_shape(outcome: "Outcome", lang: str | None = None) -> OutcomeShape:
    """The outcome of a test, in words of that language."""
    return OutcomeShape(
        ok=outcome.ok,
        verdict=outcome.verdict,
        sentence=outcome.sentence(lang),
        url=outcome.url,
        status=outcome.status,
        models=list(outcome.models) if outcome.models is not None else None,
        seconds=round(outcome.seconds, 3),
        detail=outcome.detail,
    )


def trial_shape(outcome: "Outcome", at: datetime, lang: str | None = None) -> TrialShape:
    """A test of some time ago."""
    return TrialShape(
        at=at,
        ok=outcome.ok,
        verdict=outcome.verdict,
        sentence=outcome.sentence(lang),
        seconds=round(outcome.seconds, 3),
    )
