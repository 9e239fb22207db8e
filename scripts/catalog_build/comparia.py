"""Read ComparIA, the French State's catalogue: licences, open weights, numbers of parameters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from scripts.catalog_build.claims import Claim

LICENCES = {
    "Apache 2.0": "Apache-2.0",
    "MIT": "MIT",
    "Modified MIT": "LicenseRef-Modified-MIT",
    "CC-BY-NC-4.0": "CC-BY-NC-4.0",
    "Gemma": "LicenseRef-Gemma",
    "Llama 3 Community": "LicenseRef-Llama-3",
    "Llama 3.1": "LicenseRef-Llama-3.1",
    "Llama 3.3": "LicenseRef-Llama-3.3",
    "Llama 4": "LicenseRef-Llama-4",
    "Mistral AI Research License": "LicenseRef-MRL",
    "Jamba Open Model": "LicenseRef-Jamba",
    "LFM 1.0": "LicenseRef-LFM-1.0",
    "proprietary": "proprietary",
}

NO_HOST = ""
"""ComparIA describes models, not offerings."""


def claims(folder: Path) -> Iterator[Claim]:
    """What it says of each model."""
    models = msgspec.json.decode((folder / "utils" / "models" / "generated-models.json").read_bytes())[
        "models"
    ]
    for name, model in models.items():
        yield _claim(name, model)


def _claim(name: str, model: dict[str, Any]) -> Claim:
    is_open = model["distribution"] != "api-only"
    month, _, year = model["release_date"].partition("/")
    url = model.get("url") or ""
    # The numbers of parameters of closed models are its authors' estimates: unknown, for us.
    return Claim(
        source="comparia",
        host=NO_HOST,
        id=(model.get("endpoint") or {}).get("api_model_id") or name,
        display=model["simple_name"],
        open_weights=is_open,
        weights=url if url.startswith("https://huggingface.co/") else "",
        licence=LICENCES[model["license"]],
        parameters=float(model["params"]) if is_open and model.get("params") else None,
        active_parameters=float(model["active_params"]) if is_open and model.get("active_params") else None,
        released=f"{year}-{month}" if year else None,
    )
