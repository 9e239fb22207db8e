"""A provider as it is changed and as it is listed."""

import msgspec

from counterpoint.control.providervalues import ProviderChange, ProviderView


def test_a_change_is_what_was_given_and_never_printed() -> None:
    change = ProviderChange(base_url=None, secret="hush")
    assert change.values() == {"base_url": None}
    assert "hush" not in repr(change)


def test_a_provider_is_in_one_state() -> None:
    view = msgspec.convert(
        {
            **dict.fromkeys(("id", "name", "host", "display", "base_url", "owner"), "x"),
            **dict.fromkeys(("models", "found_models", "found_at", "secret", "problem")),
            **dict.fromkeys(("created_at", "updated_at", "revision"), 1),
            "settings": {},
            "enabled": True,
        },
        ProviderView,
    )
    assert view.state == "ready"
    assert msgspec.structs.replace(view, problem="no token").state == "unusable"
    assert msgspec.structs.replace(view, problem="no token", enabled=False).state == "disabled"
