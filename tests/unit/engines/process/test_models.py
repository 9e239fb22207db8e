import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from counterpoint.canonical import Message, Reasoning, Text
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.models import load
from counterpoint.engines.process.settings import Settings
from tests.engines import LocalModels, asked, small_gguf, text_of, user, with_template

CONTENT = small_gguf()


def manifest(folder: Path, content: bytes = CONTENT, **fields: object) -> Manifest:
    (folder / "m.gguf").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return msgspec.structs.replace(Manifest("m", "chat", "gguf", "m.gguf", digest, len(content)), **fields)


def refusal(folder: Path, model: Manifest, settings: Settings | None = None) -> tuple[str | None, str]:
    with pytest.raises(Refused) as refused:
        load(model, folder, settings or Settings(), folder / "s.sock")
    return refused.value.failure.code, refused.value.failure.message


def test_nothing_is_loaded_that_is_not_what_was_pulled(tmp_path: Path) -> None:
    assert refusal(tmp_path, manifest(tmp_path, sha256="0" * 64))[0] == "engine_hash_mismatch"
    assert refusal(tmp_path, manifest(tmp_path, file="gone.gguf"))[0] == "engine_file_missing"
    (tmp_path / "eye.gguf").write_bytes(b"GGUF")
    blind = manifest(tmp_path, projector="eye.gguf", projector_sha256="0" * 64)
    code, message = refusal(tmp_path, blind)
    assert (code, "eye.gguf" in message) == ("engine_hash_mismatch", True)


def test_what_is_no_model_is_not_given_to_native_code(tmp_path: Path) -> None:
    for content, words in ((b"<html>", "no GGUF"), (CONTENT[:-1], "cut short")):
        code, message = refusal(tmp_path, manifest(tmp_path, content))
        assert code == "engine_file_damaged"
        assert words in message


def test_a_model_beyond_its_memory_is_refused_before(tmp_path: Path) -> None:
    settings = Settings(memory_limit=64 << 20)
    assert refusal(tmp_path, manifest(tmp_path), settings)[0] == "engine_memory_limit"


TURNS = "{{'<|im_start|>'+m['role']+'\\n'+m['content']+'<|im_end|>\\n'}}"
STERN = "{%for m in messages%}{%if m['role']!=['user','assistant'][loop.index0%2]%}{{raise_exception('no')}}{%endif%}"
STERN += TURNS + "{%endfor%}{%if add_generation_prompt%}{{'<|im_start|>assistant\\n'}}{%endif%}"
THINKING = "{%for m in messages%}" + TURNS + "{%endfor%}{{'<|im_start|>assistant\\n<think>\\n'}}"


@pytest.fixture(scope="module")
def odd(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalModels]:
    """The demo model in files whose templates have whims."""
    folder = tmp_path_factory.mktemp("models")
    with_template(models, folder, "stern", STERN)
    with_template(models, folder, "thinking", THINKING)
    with_template(models, folder, "none", None)
    running = LocalModels(folder)
    yield running
    running.stop()


def test_a_template_that_takes_no_system_prompt_and_insists_on_turns(odd: LocalModels) -> None:
    conversation = (
        Message("system", (Text("Answer with one word."),)),
        user("What is"),
        user("the opposite of hot?"),
        Message("system", (Text("In English."),)),
    )
    answer = odd.chat(msgspec.structs.replace(asked("", messages=conversation), model="stern"))
    assert "cold" in text_of(answer).lower()


def test_a_template_that_opens_a_thought(odd: LocalModels) -> None:
    answer = odd.chat(msgspec.structs.replace(asked("What is the opposite of hot?"), model="thinking"))
    assert isinstance(answer.choices[0].parts[0], Reasoning)
    assert answer.usage.reasoning > 0


def test_a_file_without_a_template(odd: LocalModels) -> None:
    answer = odd.chat(msgspec.structs.replace(asked("What is the opposite of hot?"), model="none"))
    assert "cold" in text_of(answer).lower()
