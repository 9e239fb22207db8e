"""Access tokens of Microsoft Entra ID: for an application's secret, or the managed identity of the machine.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
"""

import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from counterpoint.control.credentials.asking import ask, ask_form, lifetime_in, token_in, understood
from counterpoint.control.credentials.values import EntraApplication, EntraMachine, Grant
from counterpoint.i18n.complaint import Complaint

CLOUD = "Microsoft Entra ID"
_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def fetch_entra(source: EntraApplication | EntraMachine, environ: Mapping[str, str]) -> Grant:
    """A token. Raises `Complaint`."""
    now = time.time()
    if isinstance(source, EntraApplication):
        form = {"client_id": source.client_id, "client_secret": source.client_secret}
        return _granted(source.authority, source.tenant, form, source.scope, now)
    if environ.get("AZURE_FEDERATED_TOKEN_FILE"):
        return _of_the_pod(source, environ, now)
    return _of_the_machine(source, environ, now)


def _granted(authority: str, tenant: str, form: Mapping[str, str], scope: str, now: float) -> Grant:
    url = f"{authority.rstrip('/')}/{quote(tenant, safe='')}/oauth2/v2.0/token"
    fields = ask_form(CLOUD, url, {"grant_type": "client_credentials", "scope": scope, **form})
    return Grant(now + lifetime_in(fields), token_in(CLOUD, url, fields))


def _of_the_pod(source: EntraMachine, environ: Mapping[str, str], now: float) -> Grant:
    """Workload identity: Kubernetes vouches for the pod with a token in a file."""
    path = Path(environ["AZURE_FEDERATED_TOKEN_FILE"])
    try:
        vouching = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint("control.credentials.bad_file", path=path, reason=error) from None
    form = {
        "client_id": source.client_id or environ.get("AZURE_CLIENT_ID", ""),
        "client_assertion_type": _JWT,
        "client_assertion": vouching,
    }
    authority = environ.get("AZURE_AUTHORITY_HOST") or "https://login.microsoftonline.com"
    return _granted(authority, environ.get("AZURE_TENANT_ID", ""), form, source.scope, now)


def _of_the_machine(source: EntraMachine, environ: Mapping[str, str], now: float) -> Grant:
    """App Service has an address of its own for it, virtual machines the instance metadata service."""
    query = {"resource": source.scope.removesuffix("/.default")}
    if source.client_id:
        query["client_id"] = source.client_id
    if environ.get("IDENTITY_ENDPOINT"):
        base, headers = (
            environ["IDENTITY_ENDPOINT"],
            {"x-identity-header": environ.get("IDENTITY_HEADER", "")},
        )
        query["api-version"] = "2019-08-01"
    else:
        host = environ.get("AZURE_POD_IDENTITY_AUTHORITY_HOST") or "http://169.254.169.254"
        base, headers = f"{host.rstrip('/')}/metadata/identity/oauth2/token", {"metadata": "true"}
        query["api-version"] = "2018-02-01"
    url = f"{base}?{urlencode(query)}"
    fields = understood(CLOUD, url, ask(CLOUD, "GET", url, headers, seconds=5.0))
    ends = fields.get("expires_on")
    if "expires_in" not in fields and str(ends).isdigit():
        fields["expires_in"] = int(str(ends)) - now
    return Grant(now + lifetime_in(fields), token_in(CLOUD, url, fields))
