"""Small recordings, as a user's own would be."""

import json
from pathlib import Path
from typing import Any


def cassette(path: Path, text: str = "Hello", **more: Any) -> None:
    """One exchange with an API of chat completions, in a file of its own."""
    request = {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    answer = {
        "id": "a",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3},
    }
    exchange = {
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/chat/completions",
            "body": json.dumps(request),
        },
        "response": {"status": 200, "headers": {}, "body": json.dumps(answer)},
    }
    path.write_text(json.dumps(exchange), "utf-8")


def index(folder: Path, *files: tuple[str, str]) -> None:
    """An index of first exchanges: file and dialect."""
    lines = [json.dumps({"file": file, "dialect": dialect, "repo": "r"}) for file, dialect in files]
    (folder / "index.jsonl").write_text("\n".join(lines), "utf-8")
