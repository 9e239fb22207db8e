"""Figures for Prometheus: for whoever may read the state of the platform, and for the addresses that the operator
listed, whose programs need no credentials."""

import ipaddress

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from counterpoint.api.access import NotSignedIn, caller_of
from counterpoint.api.forwarded import Network
from counterpoint.api.routes.given import Address, Given
from counterpoint.i18n.complaint import Complaint

router = APIRouter(tags=["metrics"], default_response_class=PlainTextResponse)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", summary="Figures for Prometheus")
def metrics(request: Request, services: Given, address: Address) -> Response:
    """With a token that has the right `status.read`, or from an address in `[telemetry] metrics_from`."""
    caller = caller_of(request.scope)
    if not is_listed(address, services.metrics_from):
        if caller is None:
            raise NotSignedIn
        if "status.read" not in caller.rights:
            raise Complaint("api.not_permitted", kind="denied", right="status.read")
    return Response(services.running.metrics(), media_type=MEDIA_TYPE)


def is_listed(address: str, listed: tuple[Network, ...]) -> bool:
    """Whether that address is in one of these networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in listed)
