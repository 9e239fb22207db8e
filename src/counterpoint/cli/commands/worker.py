"""`counterpoint worker`: the work in the background alone, over the PostgreSQL that gateways share."""

from counterpoint.cli.commands.up import part_of
from counterpoint.cli.wording import option

command = part_of("worker", [option("--gateway-url", metavar="url", help="cli.studio.gateway_url")])
