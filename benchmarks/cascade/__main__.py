"""Replays recorded answers through the policies and checks of the product, and publishes what came of it.

Usage: python -m benchmarks.cascade [--data FOLDER] [--print]
"""

import argparse
import os
from pathlib import Path

from benchmarks.cascade.arenas import NAMES, arena, policies
from benchmarks.cascade.chart import drawn
from benchmarks.cascade.page import CHART, PAGE, ROOT, as_markdown, pool_as_markdown, written


def main() -> None:
    """Writes `docs/cascade.md` and its chart, or prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("COUNTERPOINT_SHARED") or ROOT.parent / "shared")
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--print", action="store_true", dest="only_print")
    chosen = parser.parse_args()
    arenas = [(found := arena(name, chosen.data), found.replayed()) for name in NAMES]
    parts = {each.name: as_markdown(each, settings) for each, settings in arenas}
    items = next(each.items for each, _ in arenas if each.name == "llama")
    parts["pool"] = pool_as_markdown(policies(items))
    if chosen.only_print:
        print("\n\n".join(parts.values()))
        return
    page = PAGE.read_text("utf-8")
    for name, text in parts.items():
        page = written(page, name, text)
    PAGE.write_text(page, "utf-8")
    CHART.write_text(drawn(arenas), "utf-8")


main()
