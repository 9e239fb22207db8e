"""A ledger like that of a busy organisation: weeks that grow, days and nights, weekends, many keys of few teams, models
at several hosts, failures, streams that break off, prices and long tails of latency. The same for each seed.

Whatever is written goes through `storage.ledger`, as the shipper writes it: so the sums are the product's own.
"""

import itertools
import math
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from counterpoint.canonical import Usage
from counterpoint.canonical.ids import new_id
from counterpoint.ledger import Attempt, Entry
from counterpoint.storage import ledger
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database

DAYS = 90
KEYS = 48
PROJECTS = 9
BATCH = 5000
"""Entries in a transaction while the ledger is filled; the shipper writes up to 500."""
_HOSTS = 6
_HOUR = 3_600_000_000
_POOL = 4093
_OPERATIONS = ("chat",) * 12 + ("embed", "embed")


class Model(msgspec.Struct, frozen=True):
    """Prices in pico-units a token."""

    name: str
    maker: str
    hosts: tuple[str, ...]
    operation: str
    price_in: int
    price_out: int
    seconds: float


class Caller(msgspec.Struct, frozen=True):
    """Of one key at one model at one host. `weight`: of it among all; `days`: since when it calls; `night`: whether it
    works while people sleep; `failing`: one in so many."""

    key: str
    project: str
    model: Model
    host: str
    dialect: str
    weight: float
    days: int
    night: bool
    failing: int


def models(chance: random.Random) -> list[Model]:
    """Fourteen, of five makers."""
    return [
        Model(
            f"model-{number:02}",
            f"maker-{number % 5}",
            tuple(f"host-{(number + step) % _HOSTS}" for step in range(1 + number % 3)),
            operation,
            chance.choice([100_000, 500_000, 1_250_000, 3_000_000]),
            0 if operation == "embed" else chance.choice([400_000, 2_000_000, 10_000_000, 15_000_000]),
            0.08 if operation == "embed" else chance.uniform(0.9, 6.0),
        )
        for number, operation in enumerate(_OPERATIONS)
    ]


def callers(chance: random.Random) -> list[Caller]:
    """Some keys call much more than others, and most call two to four models."""
    known = models(chance)
    found = []
    for number in range(KEYS):
        activity = 1 / (number + 2)
        begun = 0 if number < KEYS // 2 else chance.randrange(DAYS - 5)
        night = number % 7 == 3
        for model in chance.sample(known, chance.randrange(2, 5)):
            for share, host in zip((0.8, 0.15, 0.05), model.hosts, strict=False):
                chat = "openai-chat" if number % 3 else "anthropic-messages"
                found.append(
                    Caller(
                        f"key-{number:02}",
                        f"project-{number % PROJECTS}",
                        model,
                        host,
                        chat if model.operation == "chat" else "openai-embeddings",
                        activity * share * chance.uniform(0.3, 1),
                        begun,
                        night,
                        chance.choice([15, 40, 100, 400]),
                    )
                )
    return found


def hours(count: int, days: int) -> list[int]:
    """How many entries begin in each hour: more each week, fewer at night and on weekends."""
    weights = []
    for hour in range(days * 24):
        day, of_day = divmod(hour, 24)
        busy = 1.15 + math.sin((of_day - 8) / 24 * 2 * math.pi)
        weights.append(busy * (0.35 if day % 7 in {5, 6} else 1) * 1.012**day)
    share = count / sum(weights)
    whole = [int(each) for each in itertools.accumulate(weight * share for weight in weights)]
    whole[-1] = count
    return [here - before for before, here in itertools.pairwise([0, *whole])]


class _Pool:
    """Numbers drawn beforehand: to draw them anew for each of millions of entries takes longer than writing it."""

    def __init__(self, chance: random.Random) -> None:
        self.latency = [chance.lognormvariate(0, 0.55) for _ in range(_POOL)]
        self.tokens = [int(chance.lognormvariate(6.5, 1.1)) for _ in range(_POOL)]
        self.written = [int(chance.lognormvariate(5.3, 0.9)) for _ in range(_POOL)]


def entries(
    count: int, organisation: str, *, end: datetime, days: int = DAYS, seed: int = 7
) -> Iterator[Entry]:
    """In time, up to `end`."""
    chance = random.Random(seed)
    everyone = callers(chance)
    pool = _Pool(chance)
    start = to_micros(end - timedelta(days=days))
    turn = 0
    for hour, many in enumerate(hours(count, days)):
        day, of_day = divmod(hour, 24)
        asleep = of_day < 7
        weights = [
            0.0 if day < each.days * days / DAYS else each.weight * (3 if each.night == asleep else 0.4)
            for each in everyone
        ]
        moments = sorted(chance.randrange(_HOUR) for _ in range(many))
        for moment, caller in zip(moments, chance.choices(everyone, weights, k=many), strict=True):
            turn += 1
            yield _entry(caller, organisation, start + hour * _HOUR + moment, turn, pool)


def _entry(caller: Caller, organisation: str, at: int, turn: int, pool: _Pool) -> Entry:
    model = caller.model
    read, written = pool.tokens[turn % _POOL], pool.written[turn * 7 % _POOL]
    failed = turn * 31 % caller.failing == 0
    broken = failed and turn % 4 == 0
    if model.operation == "embed" or (failed and not broken):
        written = 0
    total = int(model.seconds * pool.latency[turn * 13 % _POOL] * (0.2 if failed else 1) * 1e6)
    status = 200 if broken or not failed else (429, 500, 503)[turn % 3]
    offering = f"{caller.host}/{model.name}"
    streams = model.operation == "chat" and turn % 5 != 0
    pico = read * model.price_in + written * model.price_out
    return Entry(
        id=new_id(),
        at=at,
        operation=model.operation,
        client_dialect=caller.dialect,
        organisation=organisation,
        project=caller.project,
        key=caller.key,
        requested=model.name,
        offering=offering,
        host=caller.host,
        model=model.name,
        maker=model.maker,
        upstream_dialect=caller.dialect,
        stream=streams,
        status=status,
        failure="upstream_error" if failed else None,
        finish=None if failed else "stop",
        usage=Usage(input=read, output=written, reported=not failed),
        cost=None if turn % 97 == 0 else Decimal(0 if failed else pico).scaleb(-12),
        first_event_micros=int(total * 0.3) if streams and (broken or not failed) else None,
        total_micros=total,
        attempts=(Attempt(offering, status, "upstream_error" if failed else None, total),),
        request_bytes=read * 4,
        response_bytes=written * 5,
    )


class Filled(msgspec.Struct, frozen=True):
    """How long it took. `per_second`: entries, counting only the time in which they were written."""

    entries: int
    seconds: float
    per_second: float


def fill(database: Database, made: Iterator[Entry], batch: int = BATCH) -> Filled:
    """Writes them as the shipper does."""
    began = time.perf_counter()
    spent, count = 0.0, 0
    while some := list(itertools.islice(made, batch)):
        spent += write(database, some)
        count += len(some)
    return Filled(count, time.perf_counter() - began, count / spent)


def write(database: Database, some: Sequence[Entry]) -> float:
    """In one transaction; the seconds it took."""
    began = time.perf_counter()
    with database.write() as connection:
        ledger.add_entries(connection, some)
    return time.perf_counter() - began


def now() -> datetime:
    """The next full hour: where a page that asks for the last days finds them."""
    moment = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return moment + timedelta(hours=1)
