"""Recorded realtime sessions: every answer that ended is noticed, and what it used is read."""

import json
from pathlib import Path

from counterpoint.dialects.registry import REALTIME
from counterpoint.testing.recordings import _yaml


def test_every_answer_is_noticed(shared: Path) -> None:
    files = sorted((shared / "data" / "provider-recordings" / "realtime-ws").rglob("*.yaml"))
    turns = 0
    for file in files:
        messages = [
            item["data"]
            for item in _yaml(file.read_text("utf-8"))["interactions"]
            if item.get("direction") == "received"
        ]
        said = [message for message in messages if isinstance(message, dict)]
        live = any("setupComplete" in message for message in said)
        dialect = REALTIME["gemini-live" if live else "openai-realtime"]
        ended = [m for m in said if ("usageMetadata" in m if live else m.get("type") == "response.done")]
        found = [turn for m in said if (turn := dialect.turn(json.dumps(m).encode())) is not None]
        assert len(found) == len(ended), file
        for turn, message in zip(found, ended, strict=True):
            usage = turn.usage
            assert usage.reported, file
            told = message.get("usageMetadata") or message["response"].get("usage") or message["usage"]
            total = told.get("totalTokenCount") or told.get("total_tokens")
            # Google leaves thoughts out of the total.
            assert usage.input_total + usage.output_total - (usage.reasoning if live else 0) == total, file
            turns += 1
    assert turns > 25
