import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.engines.gguf import read_gguf
from counterpoint.i18n.complaint import Complaint
from tests.engines import CHAT, gguf_bytes, gguf_text, small_gguf


def test_a_real_model_describes_itself(models: Path) -> None:
    info = read_gguf(models / CHAT / "weights.gguf")
    assert (info.architecture, info.context, info.quantisation) == ("llama", 8192, "Q4_1")
    assert info.licence == "apache-2.0"
    assert info.parameters == 134_515_008
    assert "<|im_start|>" in (info.chat_template or "")
    assert info.kv_bytes == 30 * 3 * (64 + 64) * 2, "30 layers, 3 key heads of 64, 16 bits"
    assert 2 in info.ends, "<|im_end|>"
    assert info.pooling is None


def test_a_small_header(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    ends = gguf_text("a") + gguf_text("<|im_end|>")
    path.write_bytes(
        small_gguf(
            tokenizer__ggml__tokens=(9, struct.pack("<IQ", 8, 2) + ends),
            tokenizer__ggml__eos_token_id=(4, struct.pack("<I", 0)),
            llama__attention__head_count_kv=(9, struct.pack("<IQ", 4, 2) + struct.pack("<II", 1, 2)),
            llama__pooling_type=(4, struct.pack("<I", 3)),
            general__file_type=(4, struct.pack("<I", 15)),
            tokenizer__ggml__scores=(9, struct.pack("<IQ", 6, 5000) + bytes(20000)),
        )
    )
    info = read_gguf(path)
    assert (info.name, info.licence, info.context, info.parameters) == ("Tiny", "mit", 4096, 64)
    assert info.ends == (0, 1)
    assert info.kv_bytes == 3 * (16 + 16) * 2
    assert (info.pooling, info.quantisation) == ("last", "Q4_K_M")


def test_other_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    for content in (b"", b"GG", b"PK\x03\x04 a zip archive", b"<html>"):
        path.write_bytes(content)
        with pytest.raises(Complaint, match="no GGUF"):
            read_gguf(path)


def test_a_file_cut_short_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    whole = small_gguf()
    path.write_bytes(whole[:-1])
    with pytest.raises(Complaint, match="cut short"):
        read_gguf(path)


def test_the_projector_and_adapters_are_told_from_models(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf_bytes({"general.architecture": (8, gguf_text("clip"))}))
    assert read_gguf(path).kind == "mmproj"
    path.write_bytes(gguf_bytes({"general.type": (8, gguf_text("adapter"))}))
    assert read_gguf(path).kind == "adapter"


@given(st.data())
def test_damage_ends_in_a_complaint_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(small_gguf())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(4, len(content)))]
    path = tmp_path_factory.getbasetemp() / "damaged.gguf"
    path.write_bytes(content)
    try:
        info = read_gguf(path)
    except Complaint:
        return
    assert info.parameters >= 0


@pytest.mark.parametrize(
    ("key", "kind", "value"),
    [
        ("general.file_type", 9, struct.pack("<IQ", 4, 0)),
        ("llama.attention.head_count_kv", 8, gguf_text("many")),
        ("llama.attention.head_count_kv", 9, struct.pack("<IQ", 8, 1) + gguf_text("x")),
        ("general.alignment", 8, gguf_text("x")),
        ("tokenizer.ggml.eos_token_id", 6, struct.pack("<f", 1.5)),
    ],
)
def test_entries_of_the_wrong_type_do_no_harm(tmp_path: Path, key: str, kind: int, value: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(small_gguf(**{key.replace(".", "__"): (kind, value)}))
    assert read_gguf(path).name == "Tiny"


@pytest.mark.parametrize(
    "content",
    [
        b"GGUF" + struct.pack("<IQQ", 99, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + gguf_text("a") + struct.pack("<I", 77),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**62) + b"a",
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + gguf_text("a") + struct.pack("<IIQ", 9, 4, 2**50),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + gguf_text("t") + struct.pack("<I", 4000),
    ],
)
def test_hostile_lengths_are_refused_at_once(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(Complaint, match="damaged"):
        read_gguf(path)
