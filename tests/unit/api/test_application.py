import pytest
from fastapi import APIRouter

from counterpoint.api.application import UnguardedRouteError, create_app
from counterpoint.api.routes import health
from counterpoint.api.services import Services


def test_an_application_with_an_unguarded_route_is_not_built(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaking = APIRouter()

    @leaking.get("/leak")
    def leak() -> str:
        return "everything"

    monkeypatch.setattr(health, "router", leaking)
    with pytest.raises(UnguardedRouteError, match="GET /leak"):
        create_app(services)
