"""Prints the software bill of materials: what runs when Counterpoint runs, as CycloneDX 1.5 JSON.

Usage: python -m scripts.sbom [--extra NAME ...]

uv says which packages the lock file holds for the product (not for its tests), with the hash of every file and
what needs what. The licences it does not know; they are read from the installed packages.
"""

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main(options: list[str]) -> None:
    """To standard output."""
    exported = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("uv")), "export", "--quiet", "--frozen"),
            *("--no-default-groups", "--format", "cyclonedx1.5", *options),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    print(json.dumps(with_licences(json.loads(exported.stdout)), indent=2))


def with_licences(bill: dict[str, Any]) -> dict[str, Any]:
    """The same bill, each package with its licence; one that is for other systems only has none."""
    components = [*bill.get("components", []), bill["metadata"]["component"]]
    for component in components:
        try:
            package = metadata.metadata(component["name"])
        except metadata.PackageNotFoundError:
            continue
        fields = {name: package[name] for name in ("License-Expression", "License") if name in package}
        if chosen := licence(fields, package.get_all("Classifier") or []):
            component["licenses"] = [chosen]
    return bill


def licence(fields: dict[str, str], classifiers: list[str]) -> dict[str, Any] | None:
    """In CycloneDX's form: an SPDX expression (PEP 639) if the package has one, else its own words."""
    if expression := fields.get("License-Expression"):
        return {"expression": expression}
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    # The older field sometimes holds the licence's whole text.
    words = fields.get("License", "").strip().split("\n")[0]
    name = " OR ".join(named) or words
    return {"license": {"name": name}} if name else None


if __name__ == "__main__":
    main(sys.argv[1:])
