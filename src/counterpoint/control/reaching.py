"""Where providers may be, told when somebody enters it; what a name leads to is judged at each call."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from counterpoint.i18n.complaint import Complaint
from counterpoint.transport import reach


def check_networks(networks: Iterable[str]) -> None:
    """Raises `Complaint` for what is neither an address nor a network."""
    for network in networks:
        try:
            reach.parse((network,))
        except ValueError:
            raise Complaint("control.reaching.no_network", value=network) from None


def check_reach(url: str) -> None:
    """Raises `Complaint` for a URL that names an address which may not be called."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return  # what is no address at all is told elsewhere
    address = reach.literal(host)
    if address is not None and not reach.permitted(address):
        raise Complaint("control.reaching.out_of_reach", host=host, address=address)
