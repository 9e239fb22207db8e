"""In which countries a cloud's regions lie, so that where a call is computed follows from what the operator configured.

From the clouds' own lists: AWS "Regions and Availability Zones" and, for ids that begin with a geography, "Supported
Regions and models for inference profiles" (Bedrock); Google Cloud "Vertex AI locations"; IBM "watsonx.ai regional
availability". What is not here is not known. A call to a global endpoint may be computed anywhere, so of that nothing
is known either.
"""

from collections.abc import Mapping

from counterpoint.catalog.naming import parse
from counterpoint.catalog.values import HostRow

CHOSEN = ("region", "location")
"""Settings in which an operator says where a host is to compute."""

_GEOGRAPHIES = {
    "au": ("AU",),
    "eu": ("EU",),
    "in": ("IN",),
    "jp": ("JP",),
    "us": ("US",),
    "us-gov": ("US",),
}
"""What an id begins with at a host that has such ids. The Asian and Pacific one has no fixed list; `global` has none
at all."""
_ANYWHERE = frozenset({"apac", "global"})

_AWS = {
    "AE": "me-central-1",
    "AU": "ap-southeast-2 ap-southeast-4",
    "BH": "me-south-1",
    "BR": "sa-east-1",
    "CA": "ca-central-1 ca-west-1",
    "CH": "eu-central-2",
    "DE": "eu-central-1",
    "ES": "eu-south-2",
    "FR": "eu-west-3",
    "GB": "eu-west-2",
    "HK": "ap-east-1",
    "ID": "ap-southeast-3",
    "IE": "eu-west-1",
    "IL": "il-central-1",
    "IN": "ap-south-1 ap-south-2",
    "IT": "eu-south-1",
    "JP": "ap-northeast-1 ap-northeast-3",
    "KR": "ap-northeast-2",
    "MX": "mx-central-1",
    "MY": "ap-southeast-5",
    "NZ": "ap-southeast-6",
    "SE": "eu-north-1",
    "SG": "ap-southeast-1",
    "TH": "ap-southeast-7",
    "TW": "ap-east-2",
    "US": "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1",
    "ZA": "af-south-1",
}
_GOOGLE = {
    "AU": "australia-southeast1 australia-southeast2",
    "BE": "europe-west1",
    "BR": "southamerica-east1",
    "CA": "northamerica-northeast1 northamerica-northeast2",
    "CH": "europe-west6",
    "CL": "southamerica-west1",
    "DE": "europe-west3 europe-west10",
    "ES": "europe-southwest1",
    "EU": "eu",
    "FI": "europe-north1",
    "FR": "europe-west9",
    "GB": "europe-west2",
    "HK": "asia-east2",
    "ID": "asia-southeast2",
    "IL": "me-west1",
    "IN": "asia-south1 asia-south2",
    "IT": "europe-west8 europe-west12",
    "JP": "asia-northeast1 asia-northeast2",
    "KR": "asia-northeast3",
    "MX": "northamerica-south1",
    "NL": "europe-west4",
    "PL": "europe-central2",
    "QA": "me-central1",
    "SA": "me-central2",
    "SE": "europe-north2",
    "SG": "asia-southeast1",
    "TW": "asia-east1",
    "US": "us us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4",
    "ZA": "africa-south1",
}
_IBM = {
    "AU": "au-syd",
    "CA": "ca-tor",
    "DE": "eu-de",
    "GB": "eu-gb",
    "JP": "jp-tok",
    "US": "us-south",
}
_COUNTRY = {
    region: country
    for regions in (_AWS, _GOOGLE, _IBM)
    for country, named in regions.items()
    for region in named.split()
}


def residency(row: HostRow | None, model_id: str, settings: Mapping[str, str]) -> tuple[str, ...]:
    """Where `model_id` may be computed at a host that is configured with `settings`: ISO 3166 codes or `EU`; empty:
    not known."""
    if row is None:
        return ()
    geography = parse(model_id).region if "region" in row.settings else ""
    if geography in _ANYWHERE or model_id.partition(".")[0].lower() in _ANYWHERE:
        return ()
    if geography in _GEOGRAPHIES:
        return _GEOGRAPHIES[geography]
    for name in CHOSEN:
        if name in row.settings:
            chosen = settings.get(name) or row.settings[name].default
            country = _COUNTRY.get(chosen.strip().lower())
            return () if country is None else (country,)
    return row.regions
