"""From a command's options to the installation that it works on.

The database and its libraries are imported when a command runs, not when its help is shown.
"""

import importlib
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from counterpoint.app.compose import Control
    from counterpoint.app.settings import Settings


class Place(msgspec.Struct, frozen=True):
    """Which installation: the folder and the file that the command line names, if it does."""

    data: str | None = None
    config: str | None = None

    def settings(self, **given: Any) -> "Settings":
        """With what the environment and the file add. Raises `Complaint`."""
        read = importlib.import_module("counterpoint.app.settings").read_settings
        settings: Settings = read(data=self.data, config=self.config, **given)
        return settings

    def open(self) -> "Control":
        """The services. Raises `Complaint`."""
        opened: Control = importlib.import_module("counterpoint.app.compose").open_control(self.settings())
        return opened
