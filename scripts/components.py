"""The programs that tests and benchmarks need beside Python packages: where they are, or how to get them.

Usage: python -m scripts.components [folder ...]   (those used below these folders; without: all)

It installs what is missing where it may (apt as root, npm anywhere); where it may not, it says which command
does it. A test asks for one by the fixture `component`, which skips with the same words; with CI=true it fails
instead.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# First what setup installed beside this Python (Node); last where Debian puts servers.
PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]
)


@dataclass(frozen=True)
class Component:
    """One of them; it has either `command` and `apt`, or `npm`."""

    name: str
    used_by: tuple[str, ...]
    command: str = ""
    apt: str = ""
    npm: str = ""

    def path(self, root: Path = ROOT) -> Path | None:
        """The program, or the folder of installed npm packages; `None` where it is missing or out of date."""
        if self.npm:
            lock, installed = root / self.npm / "package-lock.json", root / self.npm / "node_modules"
            marker = installed / ".package-lock.json"
            fresh = marker.exists() and marker.stat().st_mtime >= lock.stat().st_mtime
            return installed if fresh else None
        found = shutil.which(self.command, path=PATH)
        return Path(found) if found else None

    def remedy(self) -> str:
        """The command that installs it."""
        return "make components" if self.npm else f"apt-get install {self.apt}"

    def lack(self) -> str:
        """That it is missing, and what to do."""
        return f"{self.name} is missing, which {self.used_by[0]} needs: run `{self.remedy()}`"


def declared(text: str) -> dict[str, Component]:
    """The components of a file like `components.toml`, by name."""
    return {
        name: Component(name=name, **fields | {"used_by": tuple(fields["used_by"])})
        for name, fields in tomllib.loads(text).items()
    }


COMPONENTS = declared((ROOT / "scripts" / "components.toml").read_text("utf-8"))


def install(components: list[Component]) -> None:
    """Installs all of them that this user may install."""
    packages = [each.apt for each in components if each.apt]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
        subprocess.run(
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], env=quiet, check=True
        )
    for each in components:
        if each.npm:
            command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=ROOT / each.npm, env={**os.environ, "PATH": PATH}, check=True)


def wanted(folders: list[str]) -> list[Component]:
    """What something in these folders uses; without a folder, all."""
    begins = tuple(folders) or ""
    return [each for each in COMPONENTS.values() if any(user.startswith(begins) for user in each.used_by)]


def main(folders: list[str]) -> None:
    """Installs what is missing and wanted; says what stays missing."""
    missing = [each for each in wanted(folders) if not each.path()]
    if missing:
        print("components: installing", *(each.name for each in missing), flush=True)
        install(missing)
    lacking = [each.lack() for each in missing if not each.path()]
    if lacking:
        print("\n".join(lacking), file=sys.stderr)
    sys.exit(bool(lacking) and os.environ.get("CI", "").lower() in {"1", "true", "yes"})


if __name__ == "__main__":
    main(sys.argv[1:])
