"""Build the bundled catalogue from the open catalogues in the shared data.

    python scripts/build_catalog.py            write src/counterpoint/catalog/data/
    python scripts/build_catalog.py --check    fail if what is committed is not what would be written

The shared data is found through COUNTERPOINT_SHARED (default: ../shared beside the repository).
"""

import argparse
import gzip
import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY / "src"), str(REPOSITORY)]

import msgspec  # noqa: E402

from counterpoint.catalog.archive import SCHEMA, Archive, pack, unpack  # noqa: E402
from counterpoint.catalog.values import Source  # noqa: E402
from scripts.catalog_build import comparia, genai, litellm, modelsdev, openrouter  # noqa: E402
from scripts.catalog_build.attribution import notice  # noqa: E402
from scripts.catalog_build.hosts import generated_hosts  # noqa: E402
from scripts.catalog_build.identity import Makers  # noqa: E402
from scripts.catalog_build.merge import Merge  # noqa: E402
from scripts.catalog_build.rules import Rules  # noqa: E402

DATA = REPOSITORY / "src" / "counterpoint" / "catalog" / "data"


def build(prices: Path) -> dict[str, bytes]:
    """The files to commit, by their path below the data folder."""
    rules = Rules()
    sources = tuple(Source(name=name, **row) for name, row in rules.table["sources"].items())
    dates = {source.name: source.date for source in sources}
    providers = genai.read(prices / "genai-prices")
    dev = modelsdev.read(prices / "models.dev")
    lite = litellm.read(prices / "litellm")
    claims = [
        *modelsdev.claims(dev, rules),
        *openrouter.claims(prices / "models.dev", rules),
        *litellm.claims(lite, rules),
        *comparia.claims(prices / "comparia"),
    ]
    makers = Makers(rules)
    merge = Merge(claims, providers, rules, makers, dates)
    models, listings, match_rules = merge.run()
    used = {model.maker for model in models}
    archive = Archive(
        schema=SCHEMA,
        date=max(dates.values()),
        sources=sources,
        makers=tuple(
            # The patterns are for this script: a catalogue holds no regular expressions.
            msgspec.structs.replace(maker, models=())
            for maker in sorted((*makers.curated, *makers.derived.values()), key=lambda maker: maker.name)
            if maker.name in used
        ),
        models=models,
        prices=tuple(merge.table),
        listings=listings,
        rules=match_rules,
    )
    packed = pack(archive)
    unpack(packed)
    return {
        "models.json.gz": packed,
        "hosts-generated.toml": generated_hosts(
            dev, prices / "litellm", rules, set(listings), DATA / "hosts"
        ),
        "NOTICE.md": notice(sources, prices),
    }


def differs(path: Path, content: bytes) -> bool:
    """Whether a committed file is not `content`. Compressed bytes depend on the zlib at hand, the text does not."""
    if not path.exists():
        return True
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()) != gzip.decompress(content)
    return path.read_bytes() != content


def main() -> int:
    """Build or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="fail if the committed files are stale")
    options = parser.parse_args()
    shared = Path(os.environ.get("COUNTERPOINT_SHARED") or REPOSITORY.parent / "shared")
    built = build(shared / "data" / "prices")
    stale = [name for name, content in built.items() if differs(DATA / name, content)]
    if options.check:
        for name in stale:
            print(
                f"stale: {(DATA / name).relative_to(REPOSITORY)}; run scripts/build_catalog.py",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for name in stale:
        (DATA / name).write_bytes(built[name])
        print(f"written: {(DATA / name).relative_to(REPOSITORY)}, {len(built[name]):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
