"""A stranger's first five minutes: the built wheel in an empty environment, no source tree anywhere near.

One test walks the way, since each step needs the one before it; what a step finds wrong names the step.
"""

import json
import os
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from scripts import setup
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)

UV = Path(sys.executable).with_name("uv")
QUESTION = [{"role": "user", "content": "Say hello."}]


@pytest.fixture(scope="module")
def home(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, and a virtual environment that holds it and what it needs, at locked versions."""
    folder = tmp_path_factory.mktemp("stranger")
    # The mirror that setup would use; what uv has fetched before is taken from its cache.
    environment = {**os.environ, **setup.pip_settings()}

    def uv(*arguments: str | Path) -> None:
        result = subprocess.run(
            [UV, *arguments], cwd=repository, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"uv {' '.join(map(str, arguments))}:\n{result.stdout}{result.stderr}"

    uv("build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder / "dist")
    locked = folder / "locked.txt"
    uv(*("export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-hashes"), "-o", locked)
    python = folder / "venv" / "bin" / "python"
    uv("venv", "--python", sys.executable, "--no-project", folder / "venv")
    (wheel,) = (folder / "dist").glob("*.whl")
    uv("pip", "install", "--python", python, "--constraint", locked, wheel)
    return folder


@pytest.fixture(scope="module")
def bare(home: Path) -> dict[str, str]:
    """The environment of somebody who has nothing set but where packages and certificates are."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    kept |= {
        name: os.environ[name] for name in ("SSL_CERT_FILE", "HTTPS_PROXY", "TMPDIR") if name in os.environ
    }
    (home / "empty").mkdir()
    return {**kept, "HOME": str(home / "empty"), "PATH": f"{home}/venv/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def platform(home: Path, bare: dict[str, str]) -> Iterator[Running]:
    program, nothing = [home / "venv/bin/counterpoint"], home / "nothing"
    with running(program, home / "data", environment=bare, cwd=home / "empty", pulled=nothing) as platform:
        yield platform


def counterpoint(
    platform: Running, bare: dict[str, str], *arguments: str, status: int = 0
) -> "subprocess.CompletedProcess[str]":
    """The command line, in the same empty folder."""
    folder = platform.data.parent
    result = subprocess.run(
        [folder / "venv/bin/counterpoint", *arguments],
        cwd=folder / "empty",
        env={**bare, "COUNTERPOINT_DATA": str(platform.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == status, f"counterpoint {' '.join(arguments)}:\n{result.stdout}{result.stderr}"
    return result


def get(address: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urlopen(Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_wheel_holds_code_data_and_sentences_only(home: Path) -> None:
    site = next((home / "venv/lib").glob("python*/site-packages"))
    package = site / "counterpoint"
    assert (package / "py.typed").exists()
    for language in ("en", "fr"):
        assert list((package / "i18n" / language).glob("*.toml"))
    assert any(path.suffix != ".py" for path in (package / "catalog" / "data").iterdir())
    # The studio's pages, named by their content, each beside what is sent to browsers that take gzip.
    assert (package / "studio" / "index.html").exists()
    scripts = list((package / "studio" / "assets").glob("*.js"))
    assert scripts
    assert all(path.with_name(path.name + ".gz").exists() for path in scripts if path.stat().st_size > 2000)
    # Nothing of ours lands beside the package, where it would shadow others' modules.
    assert not {"tests", "scripts", "docs", "benchmarks"} & {path.name for path in site.iterdir()}


def test_the_command_says_what_it_is(home: Path, bare: dict[str, str]) -> None:
    for arguments in (["--version"], ["--help"]):
        command = [str(home / "venv/bin/counterpoint"), *arguments]
        result = subprocess.run(
            command, cwd=home / "empty", env=bare, capture_output=True, text=True, check=True
        )
        assert "counterpoint" in result.stdout
        assert not result.stderr


def test_both_ports_are_healthy_and_ready(platform: Running) -> None:
    for address in (platform.gateway, platform.studio):
        for path in ("/healthz", "/readyz"):
            status, body = get(address + path)
            assert status == 200, f"{address}{path}: {body!r}"


def test_the_sign_in_link_leads_to_the_studio(platform: Running) -> None:
    assert platform.sign_in.startswith(platform.studio)
    status, body = get(platform.studio + "/")
    assert status == 200
    assert b'<div id="root">' in body


def test_a_stranger_without_a_key_is_told_so(platform: Running) -> None:
    status, body = get(platform.gateway + "/v1/models")
    assert status == 401
    assert "key" in json.loads(body)["error"]["message"].lower()


def test_the_models_are_listed(platform: Running) -> None:
    """As offerings; the start prints what one may also call them."""
    listed = {model["id"] for model in platform.call("/v1/models")["data"]}
    assert {f"local/{name.removeprefix('local/')}" for name in platform.models} <= listed
    assert platform.models


def chat_model(platform: Running) -> str:
    """The demo model, by what the start printed."""
    return next(name for name in platform.models if "e5" not in name)


def test_the_demo_model_answers(platform: Running) -> None:
    body = {"model": chat_model(platform), "messages": QUESTION, "max_tokens": 20}
    answer: Any = platform.call("/v1/chat/completions", body)
    assert answer["choices"][0]["message"]["content"].strip()
    assert answer["usage"]["completion_tokens"] > 0


def test_the_openai_sdk_streams(platform: Running) -> None:
    from openai import OpenAI  # noqa: PLC0415 - slow to import, and only this test needs it

    with OpenAI(base_url=f"{platform.gateway}/v1", api_key=platform.key) as client:
        chunks = [
            chunk.choices[0].delta.content or ""
            for chunk in client.chat.completions.create(
                model=chat_model(platform),
                messages=[{"role": "user", "content": "Say hello."}],
                max_tokens=20,
                stream=True,
            )
            if chunk.choices
        ]
    assert len(chunks) > 1
    assert "".join(chunks).strip()


def test_the_anthropic_sdk_gets_an_answer(platform: Running) -> None:
    from anthropic import Anthropic  # noqa: PLC0415 - as above

    with Anthropic(base_url=platform.gateway, api_key=platform.key) as client:
        answer = client.messages.create(
            model=chat_model(platform), max_tokens=20, messages=[{"role": "user", "content": "Say hello."}]
        )
    assert answer.content[0].type == "text"
    assert answer.usage.output_tokens > 0


def test_usage_shows_what_was_used(platform: Running, bare: dict[str, str]) -> None:
    platform.call(
        "/v1/chat/completions", {"model": chat_model(platform), "messages": QUESTION, "max_tokens": 5}
    )
    shown = counterpoint(platform, bare, "usage").stdout
    assert chat_model(platform).rpartition("/")[2] in shown
    json.loads(counterpoint(platform, bare, "usage", "--json").stdout)


def test_doctor_finds_nothing_wrong(platform: Running, bare: dict[str, str]) -> None:
    json.loads(counterpoint(platform, bare, "doctor", "--json").stdout)


def test_z_it_stops_in_order_and_starts_again_without_network(
    platform: Running, home: Path, bare: dict[str, str]
) -> None:
    """Last: afterwards the first platform is gone."""
    assert platform.members()
    assert platform.stop() == 0
    assert platform.members() == {}
    nowhere = {**bare, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "HTTPS_PROXY": "http://127.0.0.1:9"}
    program = [home / "venv/bin/counterpoint"]
    with running(program, platform.data, environment=nowhere, cwd=home / "empty") as again:
        # The key that the first start showed still opens the door, to the same model.
        key_then = {"Authorization": f"Bearer {platform.key}"}
        body = {"model": chat_model(platform), "messages": QUESTION, "max_tokens": 5}
        answer = again.call("/v1/chat/completions", body, headers=key_then)
        assert answer["choices"][0]["message"]["content"]
        assert again.stop() == 0
        assert again.members() == {}
