"""Short-lived key pairs of AWS: by assuming a role, or as this machine, container or pod is given them.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html has the order in which AWS's own tools
look, https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html the question.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from counterpoint.control.credentials.asking import Answer, ask, refused, understood
from counterpoint.control.credentials.values import AwsMachine, AwsPair, AwsRole, Grant
from counterpoint.directory import Signing
from counterpoint.i18n.complaint import Complaint
from counterpoint.transport.signing import sign

CLOUD = "AWS"
_SESSION = "counterpoint"
_CONTAINER = "http://169.254.170.2"
_INSTANCE = "http://169.254.169.254"
_FOREVER = 12 * 3600.0
"""How soon to look again for a pair that does not end."""


def fetch_aws(source: AwsMachine | AwsRole, environ: Mapping[str, str]) -> Grant:
    """A pair. Raises `Complaint`."""
    if isinstance(source, AwsMachine):
        return _of_the_machine(source, environ)
    base = source.base if isinstance(source.base, AwsPair) else _of_the_machine(source.base, environ).pair
    if base is None:
        raise Complaint("control.credentials.no_identity", cloud=CLOUD)
    fields = {"Action": "AssumeRole", "RoleArn": source.role}
    if source.external_id:
        fields["ExternalId"] = source.external_id
    return _assumed(fields, source.region, environ, base)


def _of_the_machine(source: AwsMachine, environ: Mapping[str, str]) -> Grant:
    """In the order in which AWS's own tools look."""
    access_key, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret:
        return Grant(
            time.time() + _FOREVER, pair=AwsPair(access_key, secret, environ.get("AWS_SESSION_TOKEN", ""))
        )
    if environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") and environ.get("AWS_ROLE_ARN"):
        fields = {
            "Action": "AssumeRoleWithWebIdentity",
            "RoleArn": environ["AWS_ROLE_ARN"],
            "WebIdentityToken": _read(environ["AWS_WEB_IDENTITY_TOKEN_FILE"]),
        }
        return _assumed(fields, source.region, environ, None)
    relative, full = (environ.get(f"AWS_CONTAINER_CREDENTIALS_{kind}_URI") for kind in ("RELATIVE", "FULL"))
    if relative or full:
        return _of_the_container(full or _CONTAINER + (relative or ""), environ)
    return _of_the_instance(environ)


def _assumed(fields: dict[str, str], region: str, environ: Mapping[str, str], base: AwsPair | None) -> Grant:
    region = region or "us-east-1"
    url = environ.get("AWS_ENDPOINT_URL_STS") or f"https://sts.{region}.amazonaws.com/"
    form = {"Version": "2011-06-15", "RoleSessionName": _SESSION, "DurationSeconds": "3600", **fields}
    body = urlencode(form).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if base is not None:
        signing = Signing(base.access_key, base.secret, region, "sts", base.session)
        headers |= dict(sign("POST", url, headers.items(), body, time.time(), signing))
    answer = ask(CLOUD, "POST", url, headers, body)
    if answer.status != 200:
        words = f"{_tag(answer, 'Code')}: {_tag(answer, 'Message')}"
        raise refused(CLOUD, urlsplit(url).netloc, answer.status, words)
    found = {name: _tag(answer, name) for name in ("AccessKeyId", "SecretAccessKey", "Expiration")}
    return _grant({**found, "Token": _tag(answer, "SessionToken")}, url)


def _tag(answer: Answer, name: str) -> str:
    """STS answers in XML whose few values hold no markup."""
    found = re.search(rf"<{name}>([^<]*)</{name}>", answer.body.decode("utf-8", "replace"))
    return found[1] if found else ""


def _of_the_container(url: str, environ: Mapping[str, str]) -> Grant:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"""
    token = environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
    if environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"):
        token = _read(environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"])
    headers = {"authorization": token} if token else {}
    return _grant(understood(CLOUD, url, ask(CLOUD, "GET", url, headers, seconds=5.0)), url)


def _of_the_instance(environ: Mapping[str, str]) -> Grant:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html (version 2)"""
    base = (environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or _INSTANCE).rstrip("/")
    ttl = {"x-aws-ec2-metadata-token-ttl-seconds": "300"}
    session = ask(CLOUD, "PUT", f"{base}/latest/api/token", ttl, seconds=2.0)
    headers = {"x-aws-ec2-metadata-token": session.body.decode("latin-1").strip()}
    url = f"{base}/latest/meta-data/iam/security-credentials/"
    named = ask(CLOUD, "GET", url, headers, seconds=2.0)
    role = named.body.decode("utf-8", "replace").split("\n")[0].strip()
    if session.status != 200 or named.status != 200 or not role:
        raise Complaint("control.credentials.no_identity", cloud=CLOUD)
    return _grant(understood(CLOUD, url, ask(CLOUD, "GET", url + role, headers, seconds=5.0)), url)


def _grant(fields: Mapping[str, Any], url: str) -> Grant:
    names = ("AccessKeyId", "SecretAccessKey", "Token")
    texts = [str(fields.get(name) or "") for name in names]
    try:
        ends = datetime.fromisoformat(str(fields.get("Expiration")))
    except ValueError:
        ends = None
    if not texts[0] or not texts[1] or ends is None or not all(text.isascii() for text in texts):
        place = urlsplit(url).netloc
        raise Complaint("control.credentials.not_understood", kind="unavailable", cloud=CLOUD, place=place)
    return Grant((ends if ends.tzinfo else ends.replace(tzinfo=UTC)).timestamp(), pair=AwsPair(*texts))


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint("control.credentials.bad_file", path=path, reason=error) from None
