"""Recordings of all five kinds become the same thing."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from counterpoint.testing.recordings import answers, read_file, recordings, rows

BODY = {"model": "m", "messages": []}
ANSWER = b'{"id":"x","created":"2024-01-01"}'


def _vcrpy(response: str) -> str:
    return f"""interactions:
- request:
    body: '{json.dumps(BODY)}'
    headers:
      ? !!python/object/apply:multidict._multidict.istr
      - Accept
      : - application/json
    method: POST
    uri: https://host.invalid/v1
  response:
    {response}
    headers:
      Content-Type:
      - application/json
    status: {{code: 200, message: OK}}
version: 1
"""


_GZIPPED = base64.b64encode(gzip.compress(ANSWER, mtime=0)).decode()

FILES = {
    "vcrpy.yaml": _vcrpy(f"body: {{string: '{ANSWER.decode()}'}}"),
    "vcrpy-gzip.yaml": _vcrpy(f'body: {{string: !!binary "{_GZIPPED}"}}'),
    "vcrpy-content.yaml": _vcrpy(f"content: '{ANSWER.decode()}'"),
    "parsed.yaml": _vcrpy("parsed_body: {id: x, created: 2024-01-01}"),
    "ruby.yml": f"""---
http_interactions:
- request: {{method: post, body: {{encoding: UTF-8, string: '{json.dumps(BODY)}'}}}}
  response:
    status: {{code: 200}}
    headers: {{Content-Type: [application/json]}}
    body: {{encoding: ASCII-8BIT, string: !binary "{base64.b64encode(ANSWER).decode()}"}}
""",
    "go-vcr.yaml": f"""version: 2
interactions:
- id: 0
  request: {{url: https://host.invalid, body: '{json.dumps(BODY)}'}}
  response: {{code: 200, headers: {{Content-Type: [application/json]}}, body: '{ANSWER.decode()}'}}
""",
    "lists.yaml": f"""requests:
- {{method: POST, uri: https://host.invalid, body: '{json.dumps(BODY)}'}}
responses:
- status: {{code: 200}}
  headers: {{Content-Type: [application/json]}}
  body: {{string: '{ANSWER.decode()}'}}
""",
    "plain.json": json.dumps(
        {
            "request": {"method": "POST", "body": json.dumps(BODY)},
            "response": {"headers": {"Content-Type": "application/json"}, "body": ANSWER.decode()},
        }
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_exchange(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    [(request, headers, response)] = read_file(tmp_path / name)
    assert json.loads(request) == BODY
    assert headers == {"content-type": "application/json"}
    assert json.loads(response) == json.loads(ANSWER)


def test_tags_that_would_build_objects_are_read_as_text(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    evil = (
        f"interactions:\n- request: {{body: !!python/object/apply:os.mkdir ['{marker}']}}\n  response: {{}}\n"
    )
    (tmp_path / "evil.yaml").write_text(evil)
    [(request, _, _)] = read_file(tmp_path / "evil.yaml")
    assert request == str(marker).encode()
    assert not marker.exists()


def test_recordings_are_found_by_dialect_through_the_index(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FILES["plain.json"])
    index = [
        {"file": "a.json", "interaction": 0, "repo": "r", "dialect": dialect, "status": 200, "other": 1}
        for dialect in ("openai-chat", "anthropic-messages")
    ]
    (tmp_path / "index.jsonl").write_text("\n".join(json.dumps(row) for row in index))
    assert [row.dialect for row in rows(tmp_path)] == ["openai-chat", "anthropic-messages"]
    [recording] = recordings(tmp_path, "openai-chat")
    assert (recording.name, json.loads(recording.request_body)) == ("a.json#0", BODY)


def test_answers_on_lines_become_events_again(tmp_path: Path) -> None:
    (tmp_path / "x.chunks.txt").write_text('{"a":1}\n{"a":2}\n')
    row = {"file": "x.chunks.txt", "repo": "r", "dialect": "openai-chat", "stream": True}
    (tmp_path / "index-responses-only.jsonl").write_text(json.dumps(row))
    [answer] = answers(tmp_path, "openai-chat")
    assert answer.response_body == b'data: {"a":1}\n\ndata: {"a":2}\n\n'


def test_the_shared_recordings_are_all_readable(shared: Path) -> None:
    folder = shared / "data" / "provider-recordings"
    every = rows(folder)
    assert len(every) > 1000
    assert sum(1 for _ in recordings(folder)) == len(every)
