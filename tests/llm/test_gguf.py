from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.errors import ModelError
from nbalign.llm.gguf import read_header
from tests.llm.model_files import PAIRS, gguf, string_pair, strings_pair, tensor, text, uint_pair

WHOLE = gguf()


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        read_header(path)
    assert caught.value.hint
    return caught.value.message


def test_a_header_says_what_the_model_is(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(WHOLE)
    header = read_header(path)
    assert (header.version, header.tensors, header.pairs) == (3, 1, 4)
    assert (header.architecture, header.name, header.context) == ("llama", "tiny", 2048)
    assert header.bytes == header.needed == len(WHOLE)


def test_control_characters_in_the_models_name_do_not_get_through(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf([string_pair("general.name", "a\x1b[2Jb\u202ec\nd" + "x" * 9999)]))
    name = read_header(path).name
    assert name.startswith("a [2Jb c d") and name.isprintable() and len(name) <= 200


@pytest.mark.parametrize("left_out", [1, 100, 4095, 4096])
def test_a_file_that_lacks_the_end_of_its_tensors_is_truncated(tmp_path: Path, left_out: int) -> None:
    assert "truncated" in refused(tmp_path, WHOLE[:-left_out])


def test_every_cut_of_the_header_is_refused(tmp_path: Path) -> None:
    for size in range(len(WHOLE) - 4096):
        refused(tmp_path, WHOLE[:size])


def test_packed_tensors_count_in_blocks(tmp_path: Path) -> None:
    head = b"GGUF" + struct.pack("<IQQ", 3, 2, 0) + tensor("a", [64, 3], 2, 0) + tensor("b", [256], 14, 128)
    path = tmp_path / "m.gguf"
    start = len(head) + -len(head) % 32
    path.write_bytes(head.ljust(start + 128 + 210, b"\0"))
    assert read_header(path).needed == start + 128 + 210  # Q4_0: 6 blocks of 18 bytes; Q6_K: one of 210


def test_alignment_moves_the_data(tmp_path: Path) -> None:
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + uint_pair("general.alignment", 4096) + tensor("a", [1], 0, 0)
    path = tmp_path / "m.gguf"
    path.write_bytes(head.ljust(4100, b"\0"))
    assert read_header(path).needed == 4100


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a GGUF"),
        (b"GGU", "not a GGUF"),
        (b"<!DOCTYPE html><html>", "not a GGUF"),
        (b"version https://git-lfs.github.com/spec/v1", "not a GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version 50331648"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 0), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**40), "key-value pairs"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**62), "bytes in a key"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IQ", 8, 2**62), "truncated"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", 99), "unknown type 99"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 9, 1), "unknown type 9"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 2**60), "strings"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 4, 2**62), "truncated"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + uint_pair("general.alignment", 0), "alignment"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + uint_pair("split.count", 3), "split"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("w") + struct.pack("<I", 2**31), "dimensions"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + tensor("w", [2**63] * 4, 0, 2**63), "truncated"),
    ],
)
def test_what_cannot_be_is_refused_in_words(tmp_path: Path, data: bytes, says: str) -> None:
    assert says in refused(tmp_path, data)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(ModelError, match="is not a file"):
            read_header(path)


def test_a_large_vocabulary_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf([*PAIRS[:3], strings_pair("tokenizer.ggml.tokens", ["tok"] * 150_000)]))
    assert read_header(path).context == 2048


def survives(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        header = read_header(path)
    except ModelError:
        return
    assert header.needed <= header.bytes == len(data)
    assert header.name.isprintable() and header.architecture.isprintable() and header.context >= 0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.gguf"
    survives(path, data)
    survives(path, b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + data)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 4096), st.integers(0, 255)), min_size=1, max_size=8))
def test_mutated_headers_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    survives(tmp_path_factory.getbasetemp() / "mutated.gguf", bytes(data))


@pytest.mark.model
def test_a_real_model_is_read_to_the_byte(small_model: Path) -> None:
    header = read_header(small_model)
    assert header.architecture == "llama"
    assert header.context == 8192
    assert header.needed == header.bytes == small_model.stat().st_size


@pytest.mark.model
def test_a_real_model_without_its_last_byte_is_truncated(small_model: Path, tmp_path: Path) -> None:
    with small_model.open("rb") as file:
        head = file.read(4 << 20)
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(head)
    with cut.open("r+b") as file:
        file.truncate(small_model.stat().st_size - 1)  # sparse: only the header is really there
    with pytest.raises(ModelError, match="truncated"):
        read_header(cut)
