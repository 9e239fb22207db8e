"""Where a provider is, and what may be sent there: as its operator says it, else as the catalogue does."""

from typing import Any

import msgspec

from counterpoint.catalog.regions import CHOSEN
from counterpoint.catalog.values import HostRow
from counterpoint.directory.values import Host, Offering
from counterpoint.storage.providers import ProviderRow


def located_host(host: Host, row: ProviderRow, host_row: HostRow) -> Host:
    """Of a model that no list has, only what holds for every model there is known."""
    everywhere = () if host_row.settings.keys() & CHOSEN else host_row.regions
    return msgspec.structs.replace(host, **_place(row, host_row, everywhere, host_row.country))


def located_offering(offering: Offering, row: ProviderRow, host_row: HostRow) -> Offering:
    """As the catalogue has made it."""
    place = _place(row, host_row, offering.residency, offering.jurisdiction)
    return msgspec.structs.replace(offering, **place)


def _place(
    row: ProviderRow, host_row: HostRow, residency: tuple[str, ...], jurisdiction: str
) -> dict[str, Any]:
    """At an address of the operator's own the catalogue does not know who answers: then nothing is known that the
    operator does not say."""
    if row.base_url and row.base_url != host_row.base_url:
        residency, jurisdiction = (), ""
    return {
        "residency": residency if row.residency is None else row.residency,
        "jurisdiction": jurisdiction if row.jurisdiction is None else row.jurisdiction,
        "data_classes": row.data_classes or (),
        "catalogued": "" if row.host == row.name else row.host,
    }
