"""`counterpoint studio`: the admin API and its pages alone, over the PostgreSQL that gateways share."""

from counterpoint.cli.commands.up import PORT, part_of
from counterpoint.cli.wording import option

command = part_of(
    "studio",
    [
        option("--host", metavar="address", help="cli.up.host"),
        option("--admin-port", type=PORT, metavar="port", help="cli.up.admin_port"),
        option("--gateway-url", metavar="url", help="cli.studio.gateway_url"),
    ],
)
