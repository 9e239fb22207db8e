"""Coding agents from npm, unmodified, each to a completed turn: they send long prompts, dozens of tools, and
headers of their own."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import CHATTY, STARRY, TYPED, WORDY, environment
from tests.running import Running


def run(command: list[str | Path], home: Path, **variables: str) -> str:
    """What an agent prints, in a home and a folder of its own."""
    folder = home / "project"
    folder.mkdir(parents=True)
    ran = subprocess.run(
        command,
        cwd=folder,
        env=environment(**variables, HOME=str(home)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]
    return ran.stdout


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", CHATTY])
def test_claude_code_completes_a_turn(gateway: Running, npm: Path, tmp_path: Path, model: str) -> None:
    said = run(
        [npm / "claude", "-p", "Say exactly: pong", "--model", model, "--output-format", "json"],
        tmp_path,
        ANTHROPIC_BASE_URL=gateway.gateway,
        ANTHROPIC_API_KEY=gateway.key,
        ANTHROPIC_SMALL_FAST_MODEL=model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        IS_SANDBOX="1",
    )
    answer = json.loads(said)
    assert (answer["is_error"], answer["result"]) == (False, "pong")


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_opencode_completes_a_turn(gateway: Running, npm: Path, tmp_path: Path, model: str) -> None:
    configuration = {
        "$schema": "https://opencode.ai/config.json",
        "model": f"counterpoint/{model}",
        "small_model": f"counterpoint/{model}",
        "autoupdate": False,
        "share": "disabled",
        "provider": {
            "counterpoint": {
                "npm": "@ai-sdk/openai-compatible",
                "options": {"baseURL": f"{gateway.gateway}/v1", "apiKey": gateway.key},
                "models": {model: {"tool_call": True}},
            }
        },
    }
    settings = tmp_path / ".config" / "opencode"
    settings.mkdir(parents=True)
    (settings / "opencode.json").write_text(json.dumps(configuration))
    program = npm.parent / "opencode-linux-x64" / "bin" / "opencode"
    said = run([program, "run", "Say exactly: pong"], tmp_path, OPENCODE_DISABLE_MODELS_FETCH="1")
    assert "pong" in said


@pytest.mark.parametrize("model", [CHATTY, WORDY, TYPED])
def test_codex_runs_a_command_and_completes_its_turn(
    gateway: Running, npm: Path, tmp_path: Path, model: str
) -> None:
    home = tmp_path / ".codex"
    home.mkdir()
    (home / "config.toml").write_text(
        f"""
        model = "{model}"
        model_provider = "counterpoint"
        check_for_update_on_startup = false

        [analytics]
        enabled = false

        [model_providers.counterpoint]
        name = "Counterpoint"
        base_url = "{gateway.gateway}/v1"
        env_key = "COUNTERPOINT_KEY"
        wire_api = "responses"
        request_max_retries = 0
        stream_max_retries = 0
        """
    )
    said = run(
        [
            npm / "codex",
            "exec",
            "--skip-git-repo-check",
            "--dangerously-bypass-approvals-and-sandbox",
            "--json",
            "Run the greeting program.",
        ],
        tmp_path,
        COUNTERPOINT_KEY=gateway.key,
        CODEX_HOME=str(home),
    )
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    items = [event["item"] for event in events if event["type"] == "item.completed"]
    (ran,) = [item for item in items if item["type"] == "command_execution"]
    assert (ran["exit_code"], ran["aggregated_output"].strip()) == (0, "hello-from-codex")
    assert items[-1]["text"] == "It greeted me."
    assert events[-1]["type"] == "turn.completed"


@pytest.mark.parametrize("model", [STARRY, CHATTY, WORDY])
def test_gemini_cli_completes_a_turn(gateway: Running, npm: Path, tmp_path: Path, model: str) -> None:
    settings = tmp_path / ".gemini"
    settings.mkdir()
    (settings / "settings.json").write_text(
        json.dumps(
            {
                "security": {"auth": {"selectedType": "gemini-api-key"}},
                "privacy": {"usageStatisticsEnabled": False},
                "general": {"disableAutoUpdate": True},
            }
        )
    )
    said = run(
        [npm / "gemini", "--skip-trust", "-m", model, "-p", "Say exactly: pong", "-o", "json"],
        tmp_path,
        GOOGLE_GEMINI_BASE_URL=gateway.gateway,
        GEMINI_API_KEY=gateway.key,
        GEMINI_CLI_NO_RELAUNCH="true",
    )
    assert json.loads(said)["response"] == "pong"
