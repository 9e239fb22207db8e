"""Each note for the changelog is named for what it tells, and says it in a sentence."""

import re
import tomllib
from pathlib import Path

NAME = re.compile(r"(\+?[a-z0-9-]+)(?:\.(\d+))?\.(?P<kind>[a-z]+)(?:\.\d+)?\.md")


def problems(root: Path) -> list[str]:
    """Fragments that towncrier would leave out, or that say nothing."""
    towncrier = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    kinds = {each["directory"] for each in towncrier["type"]}
    found = []
    for path in sorted((root / towncrier["directory"]).iterdir()):
        if path.name in {"README.md", ".gitignore"}:
            continue
        name, text = NAME.fullmatch(path.name), path.read_text("utf-8").strip()
        where = path.relative_to(root)
        if not name or name["kind"] not in kinds:
            found.append(f"{where}: is not named ISSUE.KIND.md with a kind of {', '.join(sorted(kinds))}")
        if not text.endswith((".", "!")) or not text[:1].isupper():
            found.append(f"{where}: is not a sentence")
    return found
