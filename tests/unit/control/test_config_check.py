import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.catalog.values import HostRow, Setting
from counterpoint.control.config import Configuration, SecretSource
from counterpoint.control.config_check import ConfigurationError, Problem, check, load

HOSTS = {
    "groq": HostRow("groq", "Groq", base_url="https://g", secret_env=("GROQ_API_KEY",)),
    "azure": HostRow("azure", "Azure", settings={"resource": Setting("the resource's name")}),
    "ollama": HostRow("ollama", "Ollama", needs_secret=False),
}
Check = Callable[[str], list[Problem]]

FULL = """\
[server]
host = "0.0.0.0"
port = 8700
admin_port = 8701
workers = 2
data = "data"
cors_origins = ["https://app.example.com"]

[server.limits]
body_bytes = 1000000
idle_seconds = 30

[database]
url = { env = "DB" }

[[providers]]
name = "groq"
secret = { env = "GROQ" }

[[providers]]
name = "corp-azure"
host = "azure"
secret = "env:GROQ"
settings = { resource = "corp" }

[[providers]]
name = "inhouse"
base_url = "http://10.0.0.5:8000/v1"
dialects = { openai-chat = "/chat/completions" }

[rules]
prefer = ["groq", "inhouse"]
[rules.aliases]
"gpt-4*" = "groq/llama"
fast = "inhouse/small"

[[keys]]
name = "ci"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
models = ["groq/*"]
expires = 2100-01-01T00:00:00Z

[models]
keep_alive = "5m"
memory_limit = "8GiB"
pull = ["pypi:something"]
"""
ENVIRON = {"GROQ": "gsk-secret", "DB": "postgresql://a:b@h/d"}


@pytest.fixture
def found(tmp_path: Path) -> Check:
    def run(text: str) -> list[Problem]:
        path = tmp_path / "counterpoint.toml"
        path.write_text(text)
        return check(path, environ=ENVIRON, hosts=HOSTS, lang="en")

    return run


def test_a_full_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "counterpoint.toml"
    path.write_text(FULL)
    assert check(path, environ=ENVIRON, hosts=HOSTS) == []
    configuration = load(path, environ=ENVIRON, hosts=HOSTS)
    assert configuration.server.port == 8700
    assert configuration.server.limits.idle_seconds == 30
    assert configuration.providers[0].secret == SecretSource(env="GROQ")
    assert list(configuration.rules.aliases) == ["gpt-4*", "fast"]
    assert configuration.keys[0].expires == datetime(2100, 1, 1, tzinfo=UTC)


def test_an_empty_file_declares_nothing(found: Check, tmp_path: Path) -> None:
    assert found("") == []
    assert load(tmp_path / "counterpoint.toml") == Configuration()


@pytest.mark.parametrize(
    ("text", "line", "path", "words"),
    [
        ("[server]\nprot = 1", 2, "server.prot", "'prot'. Did you mean 'port'?"),
        ("[serve]\nport = 1", 1, "serve", "'serve'. Did you mean 'server'?"),
        ("[server]\n\nport = '1'", 3, "server.port", "a whole number, not: string"),
        ("[server]\nport = 70000", 2, "server.port", "between 0 and 65535"),
        ("[server]\nport = true", 2, "server.port", "not: boolean"),
        ("[server]\nport = 5\nadmin_port = 5", 3, "server.admin_port", "both listen on port 5"),
        ("server = 1", 1, "server", "must be a table, not: integer"),
        (
            "[server]\ncors_origins = [\n'https://ok.example',\n'nope']",
            4,
            "server.cors_origins[1]",
            "not an origin",
        ),
        ("[server.limits]\nbody_bytes = 0", 2, "server.limits.body_bytes", "greater than 0"),
        ("[server.limits]\nbody = 1", 2, "server.limits.body", "Did you mean 'body_"),
        ("[server.tls]\ncert = 'no.pem'\nkey='no.pem'", 2, "server.tls.cert", "no file"),
        ("[server.tls]\ncert = 'no.pem'", 1, "server.tls", "'key' is missing"),
        ("[database]\nurl = 'mysql://h/d'", 2, "database.url", "'mysql' is not a database"),
        ("[database]\nurl = 'postgresql://a:pw@h/d'", 2, "database.url", "password must not stand"),
        ("[database]\nurl = 'env:NOPE'", 2, "database.url", "NOPE is not set"),
        ("[[providers]]\nbase_url = 'x'", 1, "providers[0]", "'name' is missing"),
        (
            "[[providers]]\nname = 'groq'\nsecret = 'gsk-1'",
            3,
            "providers[0].secret",
            "must not stand in this file",
        ),
        ("[[providers]]\nname = 'groq'\nsecret = {}", 3, "providers[0].secret", "exactly one way"),
        (
            "[[providers]]\nname = 'groq'\nsecret = {env='A', file='b'}",
            3,
            "providers[0].secret",
            "exactly one way",
        ),
        ("[[providers]]\nname = 'groq'\nsecret.env = 'NOPE'", 3, "providers[0].secret", "NOPE is not set"),
        ("[[providers]]\nname = 'groq'\nsecret.file = 'no'", 3, "providers[0].secret", "cannot be read"),
        ("[[providers]]\nname = 'groq'\nsecret = 5", 3, "providers[0].secret", "must be a table such as"),
        ("[[providers]]\nname = 'groq'", 1, "providers[0]", 'secret = { env = "GROQ_API_KEY" }'),
        ("[[providers]]\nname = 'x'\nhost = 'grok'", 3, "providers[0].host", "'grok'. Did you mean 'groq'?"),
        ("[[providers]]\nname = 'olama'", 2, "providers[0].name", "Did you mean 'ollama'?"),
        ("[[providers]]\nname = 'ollama'\n[[providers]]\nname = 'ollama'", 4, "providers[1].name", "twice"),
        ("[[providers]]\nname = 'local'\nhost = 'ollama'", 2, "providers[0].name", "models on this machine"),
        ("[[providers]]\nname = 'Big'\nhost = 'ollama'", 2, "providers[0].name", "lower-case"),
        ("[[providers]]\nname = 'ollama'\nbase_url = 'h:1'", 3, "providers[0].base_url", "not a URL"),
        (
            "[[providers]]\nname = 'ollama'\nbase_url = 'http://h:99999'",
            3,
            "providers[0].base_url",
            "not a URL",
        ),
        (
            "[[providers]]\nname = 'azure'\nsecret = 'env:GROQ'\nsettings = {resurce = 'x'}",
            4,
            "providers[0].settings.resurce",
            "Did you mean 'resource'?",
        ),
        (
            "[[providers]]\nname = 'azure'\nsecret = 'env:GROQ'",
            1,
            "providers[0].settings",
            "the resource's name",
        ),
        ("[[keys]]\nname = 'a'", 1, "keys[0]", "exactly one of"),
        ("[[keys]]\nname = 'a'\nsha256 = 'ff'", 3, "keys[0].sha256", "does not have the form"),
        ("[[keys]]\nname = 'a'\nkey = 'env:GROQ'", 3, "keys[0].key", "at least 16"),
        ("[[keys]]\nname = ''", 2, "keys[0].name", "must not be empty"),
        ("[rules.aliases]\n'a b' = 'c'", 2, 'rules.aliases."a b"', "not a pattern"),
        ("[rules]\nprefer = ['a', 'a']", 2, "rules.prefer[1]", "twice"),
        ("[rules]\nprefer = 'a'", 2, "rules.prefer", "list in square brackets, not: string"),
        ("[models]\nkeep_alive = 'soon'", 2, "models.keep_alive", "not a duration"),
        ("[models]\nkeep_alive = -2", 2, "models.keep_alive", "not a duration"),
        ("[models]\nmemory_limit = '8 apples'", 2, "models.memory_limit", "not a size"),
        ("[models]\nmemory_limit = 1.5", 2, "models.memory_limit", "whole number or text"),
        ("[models]\npull = ['smollm']", 2, "models.pull[0]", "not a source"),
        ("a = 1\nb = = 2", 2, "", "This is not TOML"),
        ("a = [1,", 1, "", "This is not TOML"),
    ],
)
def test_a_fault_is_told_with_its_line_and_reason(
    found: Check, text: str, line: int, path: str, words: str
) -> None:
    told = [problem for problem in found(text) if problem.path == path and problem.line == line]
    assert any(words in str(problem) for problem in told), found(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2000-01-01T00:00:00Z", "has passed"),
        ("2100-01-01T00:00:00", "no zone"),
        ("'2100-01-01'", "date and time"),
        ("2000-01-01", "has passed"),
    ],
)
def test_expiry_must_be_a_time_to_come(found: Check, value: str, words: str) -> None:
    (problem,) = found(f"[[keys]]\nname = 'a'\nsha256 = '{'0' * 64}'\nexpires = {value}")
    assert problem.line == 4
    assert words in problem.message


def test_all_faults_are_told_in_the_order_of_the_file(found: Check) -> None:
    problems = found("[server]\nport = 'x'\nhots = 1\n[[providers]]\nbase_url = 2\n")
    assert [problem.line for problem in problems] == [2, 3, 4, 5]


def test_a_provider_that_is_off_needs_no_secret_yet(found: Check) -> None:
    assert found("[[providers]]\nname = 'groq'\nenabled = false\nsecret.env = 'LATER'") == []


def test_a_secret_may_be_a_file_beside_the_configuration(found: Check, tmp_path: Path) -> None:
    (tmp_path / "groq.secret").write_text("gsk-1\n")
    assert found("[[providers]]\nname = 'groq'\nsecret.file = 'groq.secret'") == []


def test_problems_read_like_a_compilers(found: Check, tmp_path: Path) -> None:
    (problem,) = found("[server]\nprot = 1")
    assert str(problem).startswith(f"{tmp_path}/counterpoint.toml:2:1: server.prot: Nothing here is called")


def test_loading_a_faulty_file_tells_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "counterpoint.toml"
    path.write_text("a = 1\nb = 2\n")
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    assert len(caught.value.problems) == 2
    assert caught.value.text("en").count("counterpoint.toml:") == 2


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_file_that_cannot_be_read_is_a_problem_too(tmp_path: Path, lang: str) -> None:
    (problem,) = check(tmp_path / "absent.toml", lang=lang)
    assert problem.line == 1
    (tmp_path / "latin.toml").write_bytes(b"a = '\xe9'")
    assert len(check(tmp_path / "latin.toml", lang=lang)) == 1


LINES = st.lists(
    st.sampled_from([line for line in FULL.splitlines() if line])
    | st.builds(
        "{} = {}".format,
        st.sampled_from(["port", "name", "secret", "x", "models", "expires", "keep_alive", "tls"]),
        st.sampled_from(["1", "'a'", "[]", "{}", "1.5", "true", "2020-01-01", "[{a=1}]", "-1", "inf"]),
    ),
    max_size=12,
)


@given(LINES)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_judged_without_failing(found: Check, lines: list[str]) -> None:
    text = "\n".join(lines)
    problems = found(text)
    assert all(1 <= problem.line <= max(1, len(lines)) for problem in problems)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert len(problems) == 1
