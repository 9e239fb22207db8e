"""What a folder of recordings holds, with an index and without."""

import json
from pathlib import Path

from counterpoint.testing.folders import Damaged, batches, exchanges
from counterpoint.testing.recordings import Recording

CASSETTE = """
interactions:
- request: {method: POST, uri: "https://api.openai.com/v1/chat/completions", body: '{"model": "m"}'}
  response: {status: {code: 200}, headers: {Content-Type: [text/event-stream]}, body: {string: "data: 1"}}
- request: {method: POST, uri: "https://elsewhere.example/v1/messages", body: "{}"}
  response: {status: 404 Not Found, body: {string: "{}"}}
"""


def held(folder: Path) -> list[Recording | Damaged]:
    return [each for batch in batches(folder)[0] for each in exchanges(folder, batch)]


def test_without_an_index_addresses_tell_the_dialect(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.yaml").write_text(CASSETTE, "utf-8")
    (tmp_path / "package.json").write_text('{"name": "x"}', "utf-8")
    (tmp_path / "answer.json").write_text('{"object": "chat.completion", "choices": []}', "utf-8")
    found = held(tmp_path)
    assert [(each.dialect, each.interaction) for each in found if isinstance(each, Recording)] == [
        ("openai-chat", 0),
        ("openai-chat", 0),
        ("anthropic-messages", 1),
    ]
    lone, first, second = (each for each in found if isinstance(each, Recording))
    assert (lone.request_body, first.stream, second.status) == (b"", True, 404)


def test_a_damaged_file_is_told_once_for_every_line_of_the_index(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("interactions: [", "utf-8")
    (tmp_path / "b.yaml").write_text(CASSETTE, "utf-8")
    lines = [
        {"file": file, "dialect": "openai-chat", "repo": "r", "interaction": number}
        for file, number in (("a.yaml", 0), ("a.yaml", 1), ("b.yaml", 9), ("gone.yaml", 0), ("../x", 0))
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "index.jsonl").write_text(f"{text}\n{{broken\n\n", "utf-8")
    found, damaged = batches(tmp_path)
    assert [(each.row.file, each.row.interaction) for each in damaged] == [("index.jsonl", 5)]
    told = [each for batch in found for each in exchanges(tmp_path, batch)]
    assert [type(each) for each in told] == [Damaged] * 5


def test_a_file_that_is_no_yaml_is_damaged_and_one_that_is_no_cassette_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [", "utf-8")
    (tmp_path / "other.yaml").write_text("a: 1", "utf-8")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "list.yaml").write_text("- 1", "utf-8")
    assert [type(each) for each in held(tmp_path)] == [Damaged, Damaged]
