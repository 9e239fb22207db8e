"""Column types whose meaning must be the same on SQLite and PostgreSQL.

Money is exact on both. SQLite has no decimal type and would add floats, so there an amount is an integer
of pico-units (1e-12: a price of one micro-unit per million tokens, times one token). A sum of such
integers could pass 64 bits, so it is taken in two halves.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

DECIMALS = 12
PICO = 10**DECIMALS
_HALF = 10**6

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value; binary on PostgreSQL. `None` is SQL's null."""


def to_pico(amount: Decimal) -> int:
    """Raises `ValueError` for an amount finer than a pico-unit: nothing is rounded in silence."""
    scaled = amount.scaleb(DECIMALS)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"finer than 1e-{DECIMALS}: {amount}")
    return whole


def from_pico(pico: int) -> Decimal:
    """The amount that `pico` pico-units are, without trailing zeros."""
    return plain(Decimal(pico).scaleb(-DECIMALS))


def plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros and without an exponent."""
    if amount == amount.to_integral_value():
        return amount.quantize(Decimal(1))
    return amount.normalize()


class Money(TypeDecorator[Decimal]):
    """An exact amount: `NUMERIC(30, 12)` on PostgreSQL, an integer of pico-units on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that this database stores."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(30, DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """To the database."""
        if value is None:
            return None
        pico = to_pico(value)
        return pico if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """From the database."""
        if value is None:
            return None
        return from_pico(value) if dialect.name == "sqlite" else plain(value)


class _Summed(TypeDecorator[int]):
    """What `pico_sum` yields: a decimal number of units on PostgreSQL, `high:low` on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else Numeric(38, DECIMALS))

    def process_result_value(self, value: Any, dialect: Dialect) -> int:
        if value is None:
            return 0
        if dialect.name != "sqlite":
            return to_pico(value)
        high, _, low = value.partition(":")
        return int(high) * _HALF + int(low)


class pico_sum(FunctionElement[int]):  # noqa: N801 - it stands in a query where SQL functions stand
    """The exact sum of a `Money` column, in pico-units."""

    inherit_cache = True
    type = _Summed()

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)


@compiles(pico_sum)
def _sum(element: pico_sum, compiler: SQLCompiler, **options: Any) -> str:
    return f"SUM({compiler.process(element.clauses, **options)})"


@compiles(pico_sum, "sqlite")
def _sum_in_halves(element: pico_sum, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(SUM(({column}) / {_HALF}) || ':' || SUM(({column}) % {_HALF}))"
