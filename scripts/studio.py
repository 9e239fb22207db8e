"""Builds the studio's pages into the package, where they are missing or older than what they are made from.

Usage: python -m scripts.studio [--if-possible | check]

With `--if-possible` a machine without Node is told so and goes on: the admin port then shows the plain pages.
`check` holds the sources to their rules: lint, types, unit tests, the API's types.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from scripts.components import PATH
from scripts.setup import OLDEST_NODE, version_of

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"
BUILT = ROOT / "src" / "counterpoint" / "studio"
ENVIRONMENT = {**os.environ, "PATH": PATH, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
SOURCES = (
    "src",
    "scripts",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
)


def digest(studio: Path) -> str:
    """Of everything that the built pages depend on."""
    sums = hashlib.sha256()
    for name in SOURCES:
        start = studio / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.is_file():
                sums.update(f"{path.relative_to(studio)}\0".encode() + path.read_bytes() + b"\0")
    return sums.hexdigest()


def is_fresh(studio: Path, built: Path) -> bool:
    """Whether what was built was built from these sources."""
    stamp = built / "sources.sha256"
    return stamp.is_file() and stamp.read_text("utf-8") == digest(studio)


def npm(studio: Path, *arguments: str, quiet: bool = False) -> None:
    """Runs npm; raises `CalledProcessError`, with npm's own words on the screen. `quiet`: only what went wrong."""
    out = subprocess.DEVNULL if quiet else None
    subprocess.run(["npm", *arguments], cwd=studio, env=ENVIRONMENT, check=True, stdout=out)


def install(studio: Path) -> None:
    """The locked packages, where they are not there yet."""
    lock, marker = studio / "package-lock.json", studio / "node_modules" / ".package-lock.json"
    if not marker.exists() or marker.stat().st_mtime < lock.stat().st_mtime:
        npm(studio, "ci", "--no-audit", "--no-fund", "--loglevel=error", quiet=True)
        marker.touch()


def build(studio: Path, built: Path) -> None:
    """The pages, into the package."""
    wanted = digest(studio)
    install(studio)
    npm(studio, "run", "--silent", "bundle")
    (built / "sources.sha256").write_text(wanted, "utf-8")


def is_built() -> bool:
    """Whether the package has the pages of these sources."""
    return is_fresh(STUDIO, BUILT)


def has_node() -> bool:
    """Whether there is a Node that can build them."""
    os.environ["PATH"] = PATH
    return version_of("node") >= OLDEST_NODE and version_of("npm") > (0,)


def main(arguments: list[str]) -> int:
    """The exit code."""
    if "check" in arguments:
        install(STUDIO)
        npm(STUDIO, "run", "--silent", "check")
        return 0
    if is_built():
        return 0
    lenient = "--if-possible" in arguments
    if not has_node():
        wanted = ".".join(map(str, OLDEST_NODE))
        print(
            f"studio: not built, for want of Node {wanted} or newer; the plain pages serve", file=sys.stderr
        )
        return 0 if lenient else 1
    print("studio: building its pages (once, and when they change)", flush=True)
    try:
        build(STUDIO, BUILT)
    except subprocess.CalledProcessError as error:
        print(f"studio: not built: {error}", file=sys.stderr)
        return 0 if lenient else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
