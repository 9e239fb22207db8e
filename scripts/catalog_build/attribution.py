"""The notice that ships with the data: who made what it was built from, and under which licence."""

from pathlib import Path

from counterpoint.catalog.values import Source

_HEAD = """# Sources of the bundled catalogue

`models.json.gz` and `hosts-generated.toml` were built by `scripts/build_catalog.py` from the open catalogues below.
Facts were taken from them, renamed, merged and completed; what is wrong in the result is not their fault.

| catalogue | version | date | licence | copyright |
|---|---|---|---|---|
"""


def notice(sources: tuple[Source, ...], prices: Path) -> bytes:
    """The table of sources and the text of the MIT licence, which asks to be passed on; Apache-2.0 is in LICENSE."""
    rows = [
        f"| [{source.display}]({source.url}) | {source.version} | {source.date} | {source.licence} |"
        f" {source.attribution} |\n"
        for source in sources
    ]
    text = (prices / "models.dev" / "LICENSE").read_text("utf-8")
    permission = text[text.index("Permission is hereby") :].strip()
    mit = "; ".join(source.display for source in sources if source.licence == "MIT")
    apache = "; ".join(source.display for source in sources if source.licence == "Apache-2.0")
    return (
        _HEAD
        + "".join(rows)
        + f"\n{apache}: Apache License 2.0, the licence of this project itself (see `LICENSE`).\n"
        + f"\n## The MIT License\n\nFor {mit}, with the copyright notices above:\n\n{permission}\n"
    ).encode()
