"""Options that many commands have, and the values that people write: durations and dates."""

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from counterpoint.cli.opening import Place
from counterpoint.cli.wording import option, stack
from counterpoint.i18n import say

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"([0-9]{1,6})([smhdw])", re.IGNORECASE)

json_option = option("--json", "as_json", is_flag=True, help="cli.option.json")
page_options = stack(
    [
        option("--limit", type=click.IntRange(1, 500), default=50, metavar="count", help="cli.option.limit"),
        option("--cursor", metavar="cursor", help="cli.option.cursor"),
    ]
)


def place_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which installation is meant: a `Place` for the parameter `place`."""

    @functools.wraps(function)
    def with_place(*args: Any, data: str | None, config: str | None, **values: Any) -> Any:
        return function(*args, place=Place(data, config), **values)

    folder = click.Path(file_okay=False)
    file = click.Path(dir_okay=False)
    options = [
        option("--data", type=folder, metavar="directory", help="cli.option.data"),
        option("--config", type=file, metavar="file", help="cli.option.config"),
    ]
    return stack(options)(with_place)


class Duration(click.ParamType[timedelta]):
    """`30m`, `12h`, `90d`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Raises click's usage error."""
        if isinstance(value, timedelta):
            return value
        found = duration(str(value))
        if found is None:
            self.fail(say("cli.value.not_a_duration", value=value), param, ctx)
        return found


class Moment(click.ParamType[datetime]):
    """A date, a date and time (UTC unless it has a zone), or a duration: from now on, or, `past`, before now."""

    name = "date"

    def __init__(self, *, past: bool = False) -> None:
        self._past = past

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises click's usage error."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            return self._moment(text)
        except (ValueError, OverflowError):
            self.fail(say("cli.value.not_a_date", value=value), param, ctx)

    def _moment(self, text: str) -> datetime:
        if (distance := duration(text)) is not None:
            now = datetime.now(UTC)
            return now - distance if self._past else now + distance
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)


def duration(text: str) -> timedelta | None:
    """What `90d` means; `None` if it is no duration."""
    found = _DURATION.fullmatch(text.strip())
    return int(found[1]) * _UNITS[found[2].lower()] if found else None
