from counterpoint.api.shapes.providers import provider_shape
from counterpoint.control.providers import ProviderView


def view(*, enabled: bool = True, problem: str | None = None) -> ProviderView:
    return ProviderView(
        id="i",
        name="mine",
        host="custom",
        display="Mine",
        base_url="http://x",
        settings={},
        models=None,
        found_models=None,
        found_at=None,
        owner="studio",
        enabled=enabled,
        secret=None,
        problem=problem,
        created_at=0,
        updated_at=0,
        revision=1,
    )


def test_states() -> None:
    assert provider_shape(view()).state == "ready"
    assert provider_shape(view(problem="no secret")).state == "unusable"
    assert provider_shape(view(enabled=False, problem="no secret")).state == "disabled"
