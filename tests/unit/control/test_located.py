"""Where a provider is: what its operator says counts before the catalogue, and at another address alone."""

import pytest

from counterpoint.control.providers import NewProvider, ProviderChange, Providers
from counterpoint.directory.values import Host, Offering
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.test_providers import SECRET, begun, providers, vault

__all__ = ["begun", "providers", "vault"]


def _found(providers: Providers) -> tuple[Host, Offering]:
    found = providers.hosted(asking=False)
    return found.hosts[0], found.offerings[0]


def test_the_catalogue_knows_where_a_host_is(providers: Providers) -> None:
    providers.add(NewProvider(name="mistral"), secret=SECRET)
    for value in _found(providers):
        assert (value.jurisdiction, value.residency, value.data_classes) == ("FR", ("EU",), ())


def test_what_the_operator_says_counts(providers: Providers) -> None:
    said = {"residency": ("DE",), "jurisdiction": "DE", "data_classes": ("public", "internal*")}
    view = providers.add(NewProvider(name="mistral", **said), secret=SECRET)  # type: ignore[arg-type]
    assert (view.residency, view.jurisdiction, view.data_classes) == (("DE",), "DE", ("public", "internal*"))
    for value in _found(providers):
        assert (value.residency, value.jurisdiction) == (("DE",), "DE")
        assert value.data_classes == ("public", "internal*")
    after = providers.change("mistral", ProviderChange(residency=None, jurisdiction=None))
    assert (after.residency, after.data_classes) == (None, ("public", "internal*"))
    assert _found(providers)[1].residency == ("EU",)


def test_the_catalogue_s_name_stays_with_a_host_that_is_called_otherwise(providers: Providers) -> None:
    providers.add(NewProvider(name="paris", host="mistral"), secret=SECRET)
    for value in _found(providers):
        assert value.catalogued == "mistral"


def test_at_another_address_nothing_is_known(providers: Providers) -> None:
    providers.add(NewProvider(name="mistral", base_url="https://proxy.example.org/v1"), secret=SECRET)
    for value in _found(providers):
        assert (value.jurisdiction, value.residency) == ("", ())


def test_where_an_id_decides_nothing_is_known_of_others(providers: Providers) -> None:
    secret = '{"access_key_id": "AKIA1", "secret_access_key": "hush"}'
    providers.add(NewProvider(name="bedrock", settings={"region": "eu-west-3"}), secret=secret)
    found = providers.hosted(asking=False)
    assert found.hosts[0].residency == ()
    places = {offering.id: offering.residency for offering in found.offerings}
    assert places["anthropic.claude-v2:1"] == ("FR",)


@pytest.mark.parametrize(
    "said", [{"residency": ("France",)}, {"jurisdiction": "EU"}, {"data_classes": ("a b",)}]
)
def test_what_is_no_place_and_no_pattern_is_refused(providers: Providers, said: dict[str, object]) -> None:
    with pytest.raises(Complaint):
        providers.add(NewProvider(name="mistral", **said), secret=SECRET)  # type: ignore[arg-type]
    providers.add(NewProvider(name="mistral"), secret=SECRET)
    with pytest.raises(Complaint):
        providers.change("mistral", ProviderChange(**said))  # type: ignore[arg-type]
