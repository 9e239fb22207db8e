"""`counterpoint usage`: what was used and what it cost; for people as a table, for files in three formats."""

import importlib
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast, get_args

import click

from counterpoint.api.shapes.usage import (
    Dimension,
    EntryShape,
    ReportShape,
    SumShape,
    entry_page,
    entry_shape,
    report_shape,
)
from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Moment, json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, option, stack
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.app.compose import Control
    from counterpoint.control.usage import UsageQuery

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
PERIODS = ("day", "hour")
DEFAULT_SPAN = timedelta(days=30)
_SHOWN_TOKENS = ("input", "cache_read", "output", "reasoning")


class _Groups(click.ParamType[tuple[str, ...]]):
    """`model`, `day,model`."""

    name = "by"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Raises click's usage error."""
        if isinstance(value, tuple):
            return value
        names = tuple(name.strip() for name in str(value).split(",") if name.strip())
        known = (*PERIODS, *DIMENSIONS)
        for name in names:
            if name not in known:
                self.fail(say("cli.usage.unknown_group", name=name, known=", ".join(known)), param, ctx)
        return tuple(dict.fromkeys(names))


_which = stack(
    [
        option("--since", type=Moment(past=True), metavar="date", help="cli.usage.since"),
        option("--until", type=Moment(past=True), metavar="date", help="cli.usage.until"),
        *(
            option(f"--{name}", multiple=True, metavar=name, help=f"cli.usage.only.{name}")
            for name in ("model", "host", "key", "project")
        ),
        option("--failed", is_flag=True, default=None, help="cli.usage.failed"),
    ]
)
_how = stack(
    [
        option("--by", type=_Groups(), default="model", metavar="dimension", help="cli.usage.by"),
        option("--entries", is_flag=True, help="cli.usage.entries"),
        option("--entry", metavar="id", help="cli.usage.entry"),
        option(
            "--format",
            "kind",
            type=click.Choice(["table", "csv", "json", "parquet"]),
            default="table",
            help="cli.usage.format",
        ),
        option("--focus", is_flag=True, help="cli.usage.focus"),
        option("--output", "-o", type=click.Path(dir_okay=False), metavar="file", help="cli.usage.output"),
        option("--limit", type=click.IntRange(1, 500), default=50, metavar="count", help="cli.option.limit"),
        option("--cursor", metavar="cursor", help="cli.option.cursor"),
    ]
)


@declare("usage", help="cli.usage.help", examples="cli.usage.examples")
@argument("action", type=click.Choice(["export"]), required=False, metavar="words", help="cli.usage.action")
@_which
@_how
@json_option
@place_options
def command(place: Place, action: str | None, as_json: bool, kind: str, **asked: Any) -> None:
    """Reports usage."""
    if kind == "table" and (action or asked["focus"]):
        kind = "csv"
    if asked["cursor"] and not asked["entries"]:
        raise Complaint("cli.usage.cursor_of_entries")
    query = _query(asked)
    with place.open() as control:
        control.ship_rest()
        if asked["entry"]:
            _show_entry(entry_shape(control.usage.entry(asked["entry"])), as_json=as_json)
        elif kind != "table":
            _export(control, query, asked, kind)
            control.note()
        elif asked["entries"]:
            _show_entries(control, query, asked, as_json=as_json)
        else:
            shape = report_shape(control.usage.report(query), query.since, query.until)
            if as_json:
                output.print_json(shape)
            else:
                _show_report(shape, query.by)


def _query(asked: dict[str, Any]) -> "UsageQuery":
    query: type[UsageQuery] = importlib.import_module("counterpoint.control.usage").UsageQuery
    by: tuple[str, ...] = asked["by"]
    periods = [name for name in by if name in PERIODS]
    if len(periods) > 1:
        raise Complaint("cli.usage.two_periods")
    only = {name: asked[name] for name in DIMENSIONS if asked.get(name)}
    return query(
        since=asked["since"] or datetime.now(UTC) - DEFAULT_SPAN,
        until=asked["until"],
        by=cast("tuple[Dimension, ...]", tuple(name for name in by if name in DIMENSIONS)),
        period=periods[0] if periods else None,  # type: ignore[arg-type]  # one of PERIODS
        only=only,
        failed=asked["failed"],
    )


def _export(control: "Control", query: "UsageQuery", asked: dict[str, Any], kind: Any) -> None:
    write: Callable[[UsageQuery, Any, BinaryIO], int]
    if asked["focus"]:
        step = query.period or "day"
        write = lambda which, how, to: control.focus().export(which, how, step, to)  # noqa: E731
    else:
        write = control.usage.export_entries if asked["entries"] else control.usage.export_report
    with ExitStack() as stack:
        out = _destination(asked["output"], kind, stack)
        count = write(query, kind, out)
        out.flush()
    if asked["output"]:
        output.note(say("cli.usage.written", count=numbers.number(count), file=asked["output"]))


def _destination(name: str | None, kind: str, stack: ExitStack) -> BinaryIO:
    if name:
        return stack.enter_context(Path(name).open("wb"))
    if kind == "parquet" and sys.stdout.isatty():
        raise Complaint("cli.usage.needs_file")
    return sys.stdout.buffer


def _show_entries(control: "Control", query: "UsageQuery", asked: dict[str, Any], *, as_json: bool) -> None:
    page = entry_page(control.usage.entries(query, cursor=asked["cursor"], limit=asked["limit"]))
    output.print_page(
        page.items,
        page.next,
        as_json=as_json,
        columns=[
            Column(say("cli.column.time"), whole=True),
            Column(say("cli.column.model"), whole=True),
            Column(say("cli.column.key")),
            Column(say("cli.column.status"), right=True),
            Column(say("cli.column.tokens"), right=True),
            Column(say("cli.column.cost"), right=True),
            Column(say("cli.column.seconds"), right=True),
        ],
        row=_entry_row,
        empty=say("cli.usage.empty"),
    )


def _entry_row(entry: EntryShape) -> list[str]:
    read = sum(count for name, count in entry.tokens.items() if _is_read(name))
    return [
        entry.at.strftime("%m-%d %H:%M"),
        entry.offering or entry.requested,
        entry.key.name,
        str(entry.status),
        f"{numbers.number(read)}/{numbers.number(sum(entry.tokens.values()) - read)}",
        output.money({entry.currency: entry.cost} if entry.cost is not None else {}) or "?",
        numbers.number(entry.total_ms / 1000, 2),
    ]


def _show_entry(entry: EntryShape, *, as_json: bool) -> None:
    if as_json:
        output.print_json(entry)
        return
    used = [f"{name} {numbers.number(count)}" for name, count in entry.tokens.items() if count]
    cost = output.money({entry.currency: entry.cost}) if entry.cost is not None else "?"
    facts = [
        ("id", entry.id),
        ("time", output.when(entry.at)),
        ("status", f"{entry.status} {entry.failure or ''}".strip()),
        ("model", entry.requested),
        ("offering", entry.offering),
        ("operation", f"{entry.operation} ({entry.client_dialect} → {entry.upstream_dialect or '-'})"),
        ("key", entry.key.name),
        ("project", entry.project.name),
        ("tokens_by_class", ", ".join(used)),
        ("cost", cost),
        ("seconds", numbers.number(entry.total_ms / 1000, 3)),
    ]
    shown = [(say(f"cli.column.{name}"), value) for name, value in facts]
    for attempt in entry.attempts:
        outcome = attempt.failure or attempt.status or "-"
        took = f"{numbers.number(attempt.ms / 1000, 3)} s"
        shown.append((say("cli.column.attempt"), f"{attempt.offering}: {outcome}, {took}"))
    shown += [(say("cli.column.loss"), f"{loss.code} ({loss.path}): {loss.detail}") for loss in entry.losses]
    output.print_facts(shown)


def _is_read(name: str) -> bool:
    """Whether tokens of this class were read, not written, by the model."""
    return name == "input" or name.startswith("cache") or name.endswith("_in")


def _show_report(report: ReportShape, by: Sequence[str]) -> None:
    if not report.total.exchanges:
        output.note(say("cli.usage.empty"))
        return
    series = any(row.at is not None for row in report.rows)
    shown = [name for name in _SHOWN_TOKENS if report.total.tokens[name] or name in {"input", "output"}]
    columns = [
        *([Column(say("cli.column.time"), whole=True)] if series else []),
        *(Column(say(f"cli.column.{name}"), whole=True) for name in by),
        Column(say("cli.column.calls"), right=True),
        Column(say("cli.column.errors"), right=True),
        *(Column(say(f"cli.column.{name}"), right=True) for name in shown),
        Column(say("cli.column.cost"), right=True),
        Column(say("cli.column.p50_seconds"), right=True),
        Column(say("cli.column.p95_seconds"), right=True),
    ]
    rows = [_sum_row(row, by, shown, series=series) for row in report.rows]
    if len(rows) > 1:
        total = _sum_row(report.total, (), shown, series=False)
        labels = [say("cli.usage.total"), *("" for _ in range(len(by) + series - 1))]
        rows.append([*labels[: len(by) + series], *total])
    output.print_table(columns, rows)
    if report.own_cost is not None and set(report.total.cost) - {report.own_currency}:
        output.note(say("cli.usage.own", amount=output.money({report.own_currency: report.own_cost})))
    if report.total.unpriced:
        output.note(say("cli.usage.unpriced", count=numbers.number(report.total.unpriced)))


def _sum_of_costs(row: SumShape) -> str:
    """What is known, and that something is not."""
    known = {currency: amount for currency, amount in row.cost.items() if Decimal(amount) or not row.unpriced}
    return " + ".join(
        part for part in (output.money(known), "?" if row.unpriced or not known else "") if part
    )


def _sum_row(row: SumShape, by: Sequence[str], shown: Sequence[str], *, series: bool) -> list[str]:
    return [
        *([output.when(row.at)] if series else []),
        *(row.group[name].name or "-" for name in by),
        numbers.number(row.exchanges),
        numbers.number(row.failures),
        *(numbers.number(row.tokens[name]) for name in shown),
        _sum_of_costs(row),
        *("" if ms is None else numbers.number(ms / 1000, 2) for ms in (row.p50_total_ms, row.p95_total_ms)),
    ]
