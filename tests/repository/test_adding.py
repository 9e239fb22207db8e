"""What CONTRIBUTING promises: a provider is a row, a recording and a fragment; a dialect is a folder, its golden cases
and one line."""

import ast
import json
from pathlib import Path

import pytest

from counterpoint.catalog.hosts import connect, read_hosts
from counterpoint.dialects import registry
from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Directory, Key, Offering
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.gateway.call import Call
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.names import Names
from counterpoint.testing.proving import prove
from tests.unit.gateway.conversation import CHAT_ANSWER, Led, answer_of, message, opened
from tests.unit.testing.cassettes import cassette

ROOT = Path(__file__).resolve().parents[2]
ROW = """
display = "Nordlys"
base_url = "https://api.nordlys.example/v1"
dialects = { "openai-chat" = "/chat/completions" }
secret_env = ["NORDLYS_API_KEY"]
quirks = ["max_tokens"]
company = "Nordlys"
country = "NO"
docs_url = "https://nordlys.example/docs"
"""


def test_a_provider_is_a_row_and_a_recording(tmp_path: Path) -> None:
    """The row alone is enough to call it, in its dialect and from another; the recording alone to prove it."""
    (tmp_path / "nordlys.toml").write_text(ROW, "utf-8")
    host = connect(read_hosts([tmp_path])["nordlys"], secret="s")
    key = Key(id="k", name="k", project="p", organisation="o")
    offering = Offering("nordlys", "aurora", "aurora")
    names = Names(
        Directory(
            keys={digest_of("cp"): key},
            projects={"p": Project("p", "p")},
            hosts={"nordlys": host},
            offerings=(offering,),
        )
    )
    headers = {b"authorization": b"Bearer cp"}
    call = Call("id", 1, "chat", CHAT["anthropic-messages"], None, headers, message("aurora"))
    exchange = Led(Exchange(call, names, 0.0))
    sent = opened(exchange.start(1.0))
    assert (sent.host.base_url + sent.path, dict(sent.host.headers)) == (
        "https://api.nordlys.example/v1/chat/completions",
        {"Authorization": "Bearer s"},
    )
    assert json.loads(sent.body)["max_tokens"] == 50  # as the row's quirk wants it
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_ANSWER, 1.2)
    assert answer_of(exchange.upstream_end(1.3))[0] == 200

    recorded = tmp_path / "recorded"
    recorded.mkdir()
    cassette(recorded / "aurora.json")
    assert prove(recorded).totals.failed == 0


def _folders() -> dict[str, str]:
    """The folder that each chat dialect comes from."""
    return {name: type(dialect).__module__.split(".")[2] for name, dialect in CHAT.items()}


@pytest.mark.parametrize("name", sorted(CHAT))
def test_a_dialect_is_a_folder_its_golden_cases_and_one_line(name: str) -> None:
    folder = _folders()[name]
    assert (ROOT / "src" / "counterpoint" / "dialects" / folder / "__init__.py").is_file()
    assert len(list((ROOT / "tests" / "golden" / name).glob("*.json"))) > 3
    lines = ast.parse(Path(registry.__file__).read_text("utf-8"))
    listed = [node.id for node in ast.walk(lines) if isinstance(node, ast.Name)]
    assert type(CHAT[name]).__name__ in listed


def test_every_folder_of_a_dialect_is_spoken() -> None:
    folders = {
        path.parent.name for path in (ROOT / "src" / "counterpoint" / "dialects").glob("*/__init__.py")
    }
    imported = {
        node.module.split(".")[2]
        for node in ast.walk(ast.parse(Path(registry.__file__).read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.startswith("counterpoint.dialects.")
    }
    assert folders <= imported
