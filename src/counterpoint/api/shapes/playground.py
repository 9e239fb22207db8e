"""What the playground can ask, and where the same can be asked from a program."""

from dataclasses import dataclass
from datetime import UTC, datetime

from counterpoint.api.shapes.catalog import micros
from counterpoint.api.shapes.common import Shape
from counterpoint.directory import LOCAL_HOST, Directory, Offering


@dataclass(frozen=True)
class AskableShape(Shape):
    """A model at one host, with what a person wants to know before asking."""

    name: str
    """`host/id`, by which it is called."""
    host: str
    """The provider's name; of local models `local`."""
    local: bool
    """Runs on this machine: the data stay here, and tokens cost nothing."""
    display: str
    maker: str
    model: str
    """Its bare name, whoever serves it."""
    capabilities: list[str]
    """Empty: unknown."""
    context: int | None
    """Tokens of question and answer together."""
    max_output: int | None
    currency: str | None
    input_price: str | None
    """Per million tokens, exact; null: unknown, which is not zero. Long contexts may cost more."""
    output_price: str | None
    cache_read_price: str | None
    created: datetime | None
    """When it came out; of a local model when it was fetched."""
    retires: str | None


@dataclass(frozen=True)
class PlaygroundShape(Shape):
    """Everything that a page needs before the first question."""

    gateway: str
    """The gateway's URL, for programs."""
    hosts: list[str]
    """Providers at which a model may be called by any `host/id`, listed or not."""
    models: list[AskableShape]
    """Those that chat, by name."""


def playground_shape(directory: Directory, gateway: str) -> PlaygroundShape:
    """What `directory` offers to those who chat."""
    offerings = sorted(directory.offerings, key=lambda item: item.name)
    return PlaygroundShape(
        gateway=gateway,
        hosts=sorted(name for name in directory.hosts if name != LOCAL_HOST),
        models=[_askable(item) for item in offerings if _chats(item) and item.host in directory.hosts],
    )


def _chats(offering: Offering) -> bool:
    return not offering.capabilities or "chat" in offering.capabilities


def _askable(offering: Offering) -> AskableShape:
    price = offering.price
    tier = price.tiers[0] if price and price.tiers else None
    return AskableShape(
        name=offering.name,
        host=offering.host,
        local=offering.host == LOCAL_HOST,
        display=offering.display or offering.id,
        maker=offering.maker,
        model=offering.model,
        capabilities=sorted(offering.capabilities),
        context=offering.context,
        max_output=offering.max_output,
        currency=price.currency if price else None,
        input_price=micros(tier.input if tier else None),
        output_price=micros(tier.output if tier else None),
        cache_read_price=micros(tier.cache_read if tier else None),
        created=datetime.fromtimestamp(offering.created, UTC) if offering.created else None,
        retires=offering.retires,
    )
