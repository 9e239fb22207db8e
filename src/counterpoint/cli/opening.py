"""From a command's options to the installation that it works on.

The database and its libraries are imported when a command runs, not when its help is shown.
"""

import importlib
from typing import TYPE_CHECKING

import msgspec

from counterpoint.app.settings import Settings, read_settings

if TYPE_CHECKING:
    from counterpoint.app.compose import Control


class Place(msgspec.Struct, frozen=True):
    """Which installation: the folder and the file that the command line names, if it does."""

    data: str | None = None
    config: str | None = None

    def settings(self) -> Settings:
        """With what the environment adds. Raises `Complaint`."""
        return read_settings(data=self.data, config=self.config)

    def open(self) -> "Control":
        """The services. Raises `Complaint`."""
        opened: Control = importlib.import_module("counterpoint.app.compose").open_control(self.settings())
        return opened
