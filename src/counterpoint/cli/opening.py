"""From a command's options to the installation that it works on.

The database and its libraries are imported when a command runs, not when its help is shown.
"""

import importlib
from typing import TYPE_CHECKING, Any

import click
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
        """The services; what is changed by them is this command's act. Raises `Complaint`."""
        acting = importlib.import_module("counterpoint.storage.audit.acting")
        context = click.get_current_context(silent=True)
        if context is not None:  # until the command ends
            context.with_resource(acting.acting(acting.by_command(context.command_path)))
        opened: Control = importlib.import_module("counterpoint.app.compose").open_control(self.settings())
        return opened
