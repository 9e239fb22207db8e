"""Short-lived pairs of AWS; what STS is asked is verified as AWS verifies it."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from counterpoint.control.credentials.aws import fetch_aws
from counterpoint.control.credentials.values import AwsMachine, AwsPair, AwsRole
from counterpoint.i18n.complaint import Complaint
from counterpoint.transport.signing.sigv4 import Scope, canonical_request, signature_of
from tests.unit.control.credentials.token_server import Asked, Reply, token_server

ENDS = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
STAMP = ENDS.strftime("%Y-%m-%dT%H:%M:%SZ")
PAIR = AwsPair("ASIA1", "secret1", "session1")
JSON = {"Code": "Success", "AccessKeyId": "ASIA1", "SecretAccessKey": "secret1", "Token": "session1"}
ROLE = "arn:aws:iam::123456789012:role/models"


def sts(asked: Asked) -> Reply:
    """Answers as https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html shows."""
    action = asked.form["Action"]
    assert asked.form["RoleArn"] == ROLE
    if action == "AssumeRole":
        names = asked.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        assert {"host", "x-amz-date"} <= set(names)
        stamp = asked.headers["x-amz-date"]
        digest = hashlib.sha256(asked.body).hexdigest()
        canonical = canonical_request("POST", asked.path, asked.raw_query, asked.headers, names, digest)
        scope = Scope(stamp[:8], "eu-west-1", "sts")
        if not asked.headers["authorization"].endswith(signature_of(canonical, stamp, scope, "base-secret")):
            code = "<Code>SignatureDoesNotMatch</Code><Message>no</Message>"
            return 403, f"<ErrorResponse><Error>{code}</Error></ErrorResponse>"
    else:
        assert action == "AssumeRoleWithWebIdentity"
        assert asked.form["WebIdentityToken"] == "vouched"
        assert "authorization" not in asked.headers
    given = (
        f"<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>secret1</SecretAccessKey>"
        f"<SessionToken>session1</SessionToken><Expiration>{STAMP}</Expiration></Credentials>"
    )
    return 200, f"<{action}Response><{action}Result>{given}</{action}Result></{action}Response>"


def test_a_role_is_assumed_with_a_pair() -> None:
    with token_server(sts) as server:
        environ = {"AWS_ENDPOINT_URL_STS": f"{server.url}/"}
        base = AwsPair("AKIA0", "base-secret")
        grant = fetch_aws(AwsRole(ROLE, base, "eu-west-1", "ext"), environ)
        assert server.asked[0].form["ExternalId"] == "ext"
        with pytest.raises(Complaint, match="SignatureDoesNotMatch"):
            fetch_aws(AwsRole(ROLE, AwsPair("AKIA0", "other"), "eu-west-1"), environ)
    assert grant.pair == PAIR
    assert grant.expires == ENDS.timestamp()


def test_a_pod_is_vouched_for_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("vouched")
    with token_server(sts) as server:
        environ = {
            "AWS_ENDPOINT_URL_STS": f"{server.url}/",
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(file),
            "AWS_ROLE_ARN": ROLE,
        }
        assert fetch_aws(AwsMachine("eu-west-1"), environ).pair == PAIR


def test_a_container_has_an_address_for_it(tmp_path: Path) -> None:
    def agent(asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer of-the-container"
        return 200, {**JSON, "Expiration": STAMP}

    file = tmp_path / "token"
    file.write_text("Bearer of-the-container\n")
    with token_server(agent) as server:
        environ = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{server.url}/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file),
        }
        assert fetch_aws(AwsMachine(), environ).pair == PAIR


def test_an_instance_is_asked_the_second_way() -> None:
    def imds(asked: Asked) -> Reply:
        if asked.method == "PUT":
            assert asked.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "300"
            return 200, "session-token"
        assert asked.headers["x-aws-ec2-metadata-token"] == "session-token"
        if asked.path.endswith("/security-credentials/"):
            return 200, "models-role"
        assert asked.path.endswith("/models-role")
        return 200, {**JSON, "Expiration": STAMP}

    with token_server(imds) as server:
        environ = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url}
        grant = fetch_aws(AwsMachine(), environ)
    assert (grant.pair, grant.expires) == (PAIR, ENDS.timestamp())


def test_an_instance_without_a_role_is_told() -> None:
    with token_server(lambda asked: (200, "t") if asked.method == "PUT" else (404, "")) as server:
        environ = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url}
        with pytest.raises(Complaint, match="no identity of AWS"):
            fetch_aws(AwsMachine(), environ)


def test_the_environment_comes_first() -> None:
    environ = {"AWS_ACCESS_KEY_ID": "AKIA9", "AWS_SECRET_ACCESS_KEY": "s9", "AWS_ROLE_ARN": "x"}
    assert fetch_aws(AwsMachine(), environ).pair == AwsPair("AKIA9", "s9")
