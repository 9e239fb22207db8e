"""Host rows: all bundled ones can be connected with, wrong ones are refused with file, row and reason."""

from pathlib import Path

import pytest

from counterpoint.catalog.hosts import (
    ConnectError,
    Granted,
    HostRowError,
    bundled_hosts,
    connect,
    is_address,
    models_url,
    parse_row,
    placeholders,
    read_hosts,
)
from counterpoint.catalog.values import HostRow
from counterpoint.dialects.anthropic_messages import quirks as messages_quirks
from counterpoint.dialects.openai_chat import quirks as chat_quirks
from counterpoint.dialects.openai_responses import quirks as responses_quirks
from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Signing

PROMISED = (
    *(
        "openai",
        "azure",
        "anthropic",
        "mistral",
        "groq",
        "together",
        "openrouter",
        "deepseek",
        "xai",
        "fireworks",
    ),
    *("cerebras", "perplexity", "scaleway", "ovhcloud", "huggingface", "github-models", "vllm", "ollama"),
    *("lmstudio", "llamacpp", "custom", "google", "bedrock", "nebius", "novita", "cloudflare", "deepinfra"),
    *("sambanova", "nvidia", "moonshot", "zai", "alibaba"),
)


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_host_is_a_complete_row(name: str) -> None:
    row = bundled_hosts()[name]
    assert row.origin == "counterpoint"
    assert row.docs_url or row.kind == "custom"
    assert row.country or row.kind in {"local", "custom"}
    settings = {
        field: setting.default or setting.example or "value" for field, setting in row.settings.items()
    }
    host = connect(row, secret="s3cret", settings=settings)
    assert not placeholders(host.base_url)
    assert host.base_url.startswith("http")
    assert set(host.dialects) & set(CHAT)
    assert any("s3cret" in value for _, value in host.headers)
    assert "s3cret" not in repr(host)


def test_every_bundled_row_that_has_a_dialect_can_be_connected_with() -> None:
    for row in bundled_hosts().values():
        settings = {
            field: setting.default or setting.example or "value" for field, setting in row.settings.items()
        }
        if row.dialects:
            host = connect(row, secret="x", settings=settings)
            assert host.dialects.keys() == row.dialects.keys()
            assert all(placeholders(path) <= {"model"} for path in host.dialects.values())
        else:
            with pytest.raises(ConnectError):
                connect(row, secret="x", settings=settings)


def test_hosts_are_spoken_to_as_they_document_it() -> None:
    hosts = bundled_hosts()
    anthropic = connect(hosts["anthropic"], secret="k")
    assert dict(anthropic.headers) == {"anthropic-version": "2023-06-01", "x-api-key": "k"}
    assert (
        anthropic.base_url + anthropic.dialects["anthropic-messages"]
        == "https://api.anthropic.com/v1/messages"
    )
    azure = connect(hosts["azure"], secret="k", settings={"resource": "contoso"})
    assert azure.base_url + azure.dialects["openai-chat"] == (
        "https://contoso.openai.azure.com/openai/v1/chat/completions"
    )
    assert dict(azure.headers) == {"api-key": "k"}
    deepseek = connect(hosts["deepseek"], secret="k")
    assert deepseek.dialects["openai-chat"] == "/chat/completions"
    assert deepseek.dialects["anthropic-messages"] == "/anthropic/v1/messages"
    assert ("Authorization", "Bearer k") in deepseek.headers
    assert models_url(hosts["deepseek"]) == "https://api.deepseek.com/models"
    assert models_url(hosts["cloudflare"], settings={"account": "a"}) == ""


def test_every_quirk_of_a_row_is_one_that_the_dialect_knows() -> None:
    modules = (chat_quirks, messages_quirks, responses_quirks)
    known = {value for module in modules for name, value in vars(module).items() if name.isupper()}
    used = {quirk for row in bundled_hosts().values() for quirk in row.quirks}
    assert {quirk for quirk in used if quirk not in known and not quirk.startswith("no_")} == set()


def test_a_local_server_needs_neither_secret_nor_settings() -> None:
    host = connect(bundled_hosts()["vllm"], name="gpu-box", settings={"address": "http://10.0.0.5:8000/"})
    assert (host.name, host.base_url) == ("gpu-box", "http://10.0.0.5:8000")
    assert not any(name == "Authorization" for name, _ in host.headers)
    assert connect(bundled_hosts()["ollama"]).base_url == "http://127.0.0.1:11434"


def test_the_operators_address_and_dialects_replace_the_rows() -> None:
    host = connect(
        bundled_hosts()["openai"],
        secret="k",
        base_url="https://eu.api.openai.com/v1",
        dialects={"openai-chat": "/chat/completions"},
    )
    assert host.base_url == "https://eu.api.openai.com/v1"
    assert list(host.dialects) == ["openai-chat"]


@pytest.mark.parametrize(
    ("name", "secret", "settings", "reason"),
    [
        ("openai", None, {}, "OPENAI_API_KEY"),
        ("openai", "two\r\nlines", {}, "characters"),
        ("openai", "\x7f", {}, "characters"),
        ("azure", "k", {}, "name of the Azure OpenAI resource"),
        ("azure", "k", {"resource": "evil.example.com/"}, "cannot be the setting"),
        ("azure", "k", {"resource": "a@b"}, "cannot be the setting"),
        ("cloudflare", "k", {"account": "../../x"}, "cannot be the setting"),
        ("custom", None, {"base_url": "ftp://x"}, "cannot be the setting"),
        ("custom", None, {"base_url": "http://x/?a="}, "cannot be the setting"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    name: str, secret: str | None, settings: dict[str, str], reason: str
) -> None:
    with pytest.raises(ConnectError, match=reason) as caught:
        connect(bundled_hosts()[name], secret=secret, settings=settings)
    assert secret is None or secret not in str(caught.value) or len(secret) < 2


@pytest.mark.parametrize(
    "url",
    ["https://api.example.com/v1", "http://10.0.0.5:8000", "http://[::1]:8080/v1", "http://localhost:1"],
)
def test_addresses_of_all_kinds_can_be_called(url: str) -> None:
    assert is_address(url)
    assert connect(bundled_hosts()["custom"], base_url=url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "api.example.com/v1",
        "ftp://example.com",
        "http://",
        "http://:80",
        "http://example.com:0",
        "http://example.com:99999",
        "http://example.com:http",
        "http://[::1",
        "http://name:password@example.com",
        "http://example.com/v1?version=1",
        "http://example.com/v1#here",
        "http://exam ple.com",
        "http://example.com/v1\r\nhost: other",
        "https://bücher.example",
    ],
)
def test_what_no_call_could_be_sent_to_is_no_address(url: str) -> None:
    assert not is_address(url)
    with pytest.raises(ConnectError, match="not an address"):
        connect(bundled_hosts()["custom"], base_url=url)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "display"),
        ({"display": "X", "colour": "red"}, "colour"),
        ({"display": 5}, "str"),
        ({"display": "X", "base_url": "example.com"}, "http"),
        ({"display": "X", "dialects": {"openai-chat": "/x"}}, "base_url"),
        ({"display": "X", "base_url": "https://x", "dialects": {"openai-chat": "x"}}, "begins with"),
        ({"display": "X", "base_url": "https://{region}.x"}, "region"),
        ({"display": "X", "base_url": "https://x", "settings": {"region": {"description": "d"}}}, "region"),
        ({"display": "X", "auth_header": "a b"}, "a b"),
        ({"display": "X", "headers": {"x": "a\nb"}}, "header"),
        ({"display": "X", "auth_prefix": "\r"}, "header"),
        ({"display": "X", "quirks": ["No!"]}, "No!"),
        ({"display": "X", "secret_env": ["A B"]}, "A B"),
        ({"display": "X", "country": "France"}, "France"),
        ({"display": "X", "kind": "planet"}, "planet"),
    ],
)
def test_a_wrong_row_is_refused_with_its_file_its_name_and_the_reason(fields: object, reason: str) -> None:
    with pytest.raises(HostRowError, match=reason) as caught:
        parse_row("mine", fields, "hosts.toml")
    assert (caught.value.file, caught.value.row) == ("hosts.toml", "mine")


def test_a_name_that_cannot_stand_before_a_slash_is_refused() -> None:
    with pytest.raises(HostRowError):
        parse_row("a/b", {"display": "X"})


def test_rows_are_read_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('display = "One"\nbase_url = "https://one.example"\n')
    (tmp_path / "many.toml").write_text('[two]\ndisplay = "Two"\n[one]\ndisplay = "Other One"\n')
    rows = read_hosts([tmp_path])
    assert rows["two"].display == "Two"
    # Files are read in the order of their names, and of two rows the later counts.
    assert rows["one"] == HostRow(
        name="one", display="One", base_url="https://one.example", origin="operator"
    )


@pytest.mark.parametrize("content", [b"display = ", b"\xff\xfe", b"two = 5\n"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(HostRowError, match=str(path)):
        read_hosts([path])


def test_the_clouds_are_called_with_what_they_gave() -> None:
    hosts = bundled_hosts()
    azure = connect(hosts["azure-dated"], settings={"resource": "contoso"}, granted=Granted("token"))
    assert azure.headers == (("Authorization", "Bearer token"),)
    assert azure.base_url + azure.dialects["openai-chat"] == (
        "https://contoso.openai.azure.com/openai/deployments/{model}/chat/completions?api-version=2024-10-21"
    )
    signing = Signing("a", "s", "eu-west-3", "bedrock")
    bedrock = connect(hosts["bedrock"], settings={"region": "eu-west-3"}, granted=Granted(signing=signing))
    assert bedrock.signing == signing
    assert "Authorization" not in dict(bedrock.headers)
    watsonx = connect(hosts["watsonx"], settings={"project": "p-1"}, granted=Granted("token"))
    assert watsonx.body == {"project_id": "p-1"}
    with pytest.raises(ConnectError, match="watsonx"):
        connect(hosts["watsonx"], settings={"project": "p-1"})


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("", "https://europe-west1-aiplatform.googleapis.com"),
        ("us-east5", "https://us-east5-aiplatform.googleapis.com"),
        ("global", "https://aiplatform.googleapis.com"),
        ("eu", "https://aiplatform.eu.rep.googleapis.com"),
    ],
)
def test_some_places_have_addresses_of_their_own(location: str, address: str) -> None:
    host = connect(
        bundled_hosts()["vertex"], settings={"project": "p", "location": location}, granted=Granted("t")
    )
    assert host.base_url == address
    place = location or "europe-west1"
    assert host.dialects["vertex-anthropic"] == (
        f"/v1/projects/p/locations/{place}/publishers/anthropic/models/{{model}}:rawPredict"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"auth": ["magic"]}, "magic"),
        ({"auth": ["aws"]}, "signing_service"),
        ({"base_urls": {"place=here": "https://x.example"}}, "place=here"),
        ({"serves": {"anthropic-messages": ["claude-*"]}}, "anthropic-messages"),
    ],
)
def test_rows_that_say_nonsense_of_credentials_are_refused(fields: dict[str, object], words: str) -> None:
    row = {"display": "X", "base_url": "https://x.example", "dialects": {"openai-chat": "/c"}, **fields}
    with pytest.raises(HostRowError, match=words):
        parse_row("x", row)
