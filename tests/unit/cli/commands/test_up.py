import json
import subprocess
from pathlib import Path

import pytest

from counterpoint.app.telling import Progress, Ready
from counterpoint.cli.commands.up import Teller, as_object, block, curl
from counterpoint.i18n import system_language

READY = Ready(
    gateway="http://127.0.0.1:8600",
    studio="http://127.0.0.1:8601",
    sign_in="http://127.0.0.1:8601/sign-in?token=t",
    key="cp-key",
    models=("embedder", "talker"),
    version="1.2.3",
    chat_model="talker",
)


def changed(**values: object) -> Ready:
    return Ready(**({name: getattr(READY, name) for name in READY.__struct_fields__} | values))


def test_json_is_one_object_and_everything_else_is_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(as_json=True)
    teller.step("Checking the local models")
    for done in range(0, 101, 5):
        teller.progress(Progress("talker", done, 100, 3.0))
    teller.ready(READY)
    teller.stopping()
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "gateway": "http://127.0.0.1:8600",
        "studio": "http://127.0.0.1:8601",
        "sign_in": "http://127.0.0.1:8601/sign-in?token=t",
        "key": "cp-key",
        "models": ["embedder", "talker"],
        "version": "1.2.3",
    }
    assert len(shown.out.splitlines()) == 1
    assert "talker: 50 B of 100 B, 3 s left" in shown.err
    assert "Stopping" in shown.err


def test_the_block_says_how_to_reach_everything() -> None:
    shown = block(READY)
    for value in as_object(READY).values():
        for item in value if isinstance(value, list) else [value]:
            assert str(item) in shown
    assert "without encryption" not in shown


def test_the_curl_line_is_one_shell_command(tmp_path: Path) -> None:
    """A shell must hand curl exactly what is meant."""
    for lang, ready in (("en", READY), ("fr", READY), ("en", changed(chat_model=None))):
        program = 'curl() { printf "%s\\0" "$@"; }\n' + curl(ready)
        done = subprocess.run(["bash", "-c", program], capture_output=True, check=True, cwd=tmp_path)
        arguments = done.stdout.decode().split("\0")[:-1]
        assert arguments[0].startswith("http://127.0.0.1:8600/v1/")
        assert "Authorization: Bearer cp-key" in arguments
        if ready.chat_model:
            assert json.loads(arguments[-1])["model"] == "talker", lang


def test_without_key_or_models_it_says_how_to_get_them() -> None:
    shown = block(changed(key=None, models=(), chat_model=None))
    assert "counterpoint keys create" in shown
    assert "counterpoint models pull" in shown
    assert "Bearer YOUR-KEY" in shown


def test_an_open_gateway_without_tls_is_mentioned() -> None:
    assert "without encryption" in block(changed(gateway="http://192.168.1.7:8600"))
    assert "without encryption" not in block(changed(gateway="https://ai.example.com:8600"))


def test_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOINT_LANG", "fr")
    system_language.cache_clear()
    assert "Clients Anthropic" in block(READY)
    assert "'" not in curl(READY).rpartition("-d '")[2][:-1]
