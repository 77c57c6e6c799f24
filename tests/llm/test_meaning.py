"""Vectors of words out of a model's own table: unpacked right, read row by row, and refused where they cannot be."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import ModelError
from nbalign.llm.client import EngineClient
from nbalign.llm.dequantise import FORMATS
from nbalign.llm.meaning import TokenTable, WordVectors, word_vectors
from tests.llm.model_files import PAIRS, tensor

BY_NAME = {known.name: (kind, known) for kind, known in FORMATS.items()}


def half(data: bytes, at: int) -> float:
    return float(struct.unpack_from("<e", data, at)[0])


def signed(value: int) -> int:
    return value - 256 if value > 127 else value


def nibble(packed: bytes, at: int, half_size: int) -> int:
    return packed[at] & 15 if at < half_size else packed[at - half_size] >> 4


def k_scale(scales: bytes, part: int) -> tuple[int, int]:
    if part < 4:
        return scales[part] & 63, scales[part + 4] & 63
    low = scales[part + 4]
    return (low & 15) | (scales[part - 4] >> 6) << 4, (low >> 4) | (scales[part] >> 6) << 4


def one_by_one(name: str, block: bytes) -> list[float]:
    """A block's weights, each for itself: slow, and another way than the arrays of the module."""
    if name == "Q8_0":
        return [half(block, 0) * signed(block[2 + i]) for i in range(32)]
    if name == "Q4_0":
        return [half(block, 0) * (nibble(block[2:], i, 16) - 8) for i in range(32)]
    if name == "Q4_1":
        return [half(block, 0) * nibble(block[4:], i, 16) + half(block, 2) for i in range(32)]
    if name in ("Q5_0", "Q5_1"):
        at = 2 if name == "Q5_0" else 4
        bits = int.from_bytes(block[at : at + 4], "little")
        all_five = [nibble(block[at + 4 :], i, 16) | (bits >> i & 1) << 4 for i in range(32)]
        return [half(block, 0) * (w - 16) if name == "Q5_0" else half(block, 0) * w + half(block, 2) for w in all_five]
    if name in ("Q4_K", "Q5_K"):
        packed = block[16:] if name == "Q4_K" else block[48:]
        found = []
        for i in range(256):
            part = i // 32
            whole = nibble(packed[32 * (part // 2) :], 32 * (part % 2) + i % 32, 32)
            if name == "Q5_K":
                whole |= (block[16 + i % 32] >> part & 1) << 4
            scale, least = k_scale(block[4:16], part)
            found.append(half(block, 0) * scale * whole - half(block, 2) * least)
        return found
    assert name == "Q6_K"
    found = []
    for i in range(256):
        side, part, place = i // 128, i % 128 // 32, i % 32
        byte = block[64 * side + 32 * (part % 2) + place]
        whole = (byte >> 4 if part > 1 else byte & 15) | (block[128 + 32 * side + place] >> 2 * part & 3) << 4
        found.append(half(block, 208) * signed(block[192 + i // 16]) * (whole - 32))
    return found


def sane(name: str, block: bytearray) -> bytes:
    """Finite scales: random bytes also make infinities, which are another test's business."""
    places = {"Q4_1": (0, 2), "Q5_1": (0, 2), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,)}.get(name, (0,))
    for at in places:
        struct.pack_into("<e", block, at, round(block[at] / 64 - 2, 3))
    return bytes(block)


@pytest.mark.parametrize("name", [name for name, (_, known) in BY_NAME.items() if known.weights > 1])
@given(data=st.data())
def test_blocks_unpack_to_the_weights_that_their_layout_says(name: str, data: st.DataObject) -> None:
    known = BY_NAME[name][1]
    raw = data.draw(st.lists(st.binary(min_size=known.bytes, max_size=known.bytes), min_size=1, max_size=3))
    blocks = [sane(name, bytearray(block)) for block in raw]
    unpacked = known.unpack(np.frombuffer(b"".join(blocks), np.uint8).reshape(len(blocks), known.bytes))
    assert unpacked.shape == (len(blocks), known.weights)
    np.testing.assert_allclose(unpacked, [one_by_one(name, block) for block in blocks], rtol=1e-5, atol=1e-5)


def test_plain_floats_unpack_to_themselves() -> None:
    values = np.array([[0.0, -1.5], [2.25, 1e3]], dtype=np.float32)
    rounded = (values.view(np.uint32) >> 16).astype(np.uint16)  # these four lose nothing
    for name, raw in (("F32", values), ("F16", values.astype(np.float16)), ("BF16", rounded)):
        blocks = raw.view(np.uint8).reshape(-1, BY_NAME[name][1].bytes)
        assert BY_NAME[name][1].unpack(blocks).reshape(2, 2).tolist() == values.tolist()


def write(path: Path, table: bytes, shape: list[int], kind: int, name: str = "token_embd.weight") -> Path:
    """A GGUF file with another tensor before the table."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 2, len(PAIRS)) + b"".join(PAIRS)
    head += tensor("other", [8], 0, 0) + tensor(name, shape, kind, 32)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + b"\xff" * 32 + table)
    return path


@pytest.fixture
def table(tmp_path: Path) -> TokenTable:
    """Four tokens of three numbers: row n is n, 10 n, 100 n."""
    rows = np.array([[n, 10 * n, 100 * n] for n in range(4)], dtype="<f4")
    return TokenTable.open(write(tmp_path / "tiny.gguf", rows.tobytes(), [3, 4], 0))


def test_rows_are_read_from_where_the_header_says(table: TokenTable) -> None:
    assert (table.count, table.width, table.format.name) == (4, 3, "F32")
    assert table.rows([2, 0, 2]).tolist() == [[2, 20, 200], [0, 0, 0], [2, 20, 200]]


def test_tokens_that_are_not_in_the_table_are_zeros(table: TokenTable) -> None:
    assert table.rows([4, -1, 3]).tolist() == [[0, 0, 0], [0, 0, 0], [3, 30, 300]]
    assert table.rows([]).shape == (0, 3)


def test_what_is_no_number_in_a_damaged_table_becomes_zero(tmp_path: Path) -> None:
    rows = np.array([[np.nan, np.inf, 1]], dtype="<f4")
    opened = TokenTable.open(write(tmp_path / "bad.gguf", rows.tobytes(), [3, 1], 0))
    assert opened.rows([0]).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    ("shape", "kind", "name", "said"),
    [
        ([3, 4], 0, "output.weight", "has no token_embd.weight"),
        ([256, 1], 16, "token_embd.weight", "format that is not known"),
        ([3, 2, 2], 0, "token_embd.weight", "shape"),
        ([12], 0, "token_embd.weight", "shape"),
        ([5, 1], 8, "token_embd.weight", "shape"),
        ([3, 0], 0, "token_embd.weight", "shape"),
        ([3, 1 << 60], 0, "token_embd.weight", "truncated"),
        ([0, 4], 0, "token_embd.weight", "shape"),
    ],
)
def test_a_table_that_cannot_be_had_is_a_clear_error(
    tmp_path: Path, shape: list[int], kind: int, name: str, said: str
) -> None:
    path = write(tmp_path / "odd.gguf", bytes(256), shape, kind, name)
    with pytest.raises(ModelError, match=said):
        TokenTable.open(path)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model at all", b"GGUF" + b"\xff" * 40])
def test_a_file_that_is_no_model_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        TokenTable.open(path)


def test_a_file_that_went_away_is_a_clear_error(table: TokenTable, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        table.rows([1])
    with pytest.raises(ModelError, match="cannot be read"):
        TokenTable.open(tmp_path / "tiny.gguf")


def test_a_word_is_the_mean_of_its_tokens(table: TokenTable) -> None:
    tokens: dict[str, list[int]] = {" a": [1], " b": [1, 3], " none": []}

    def tokenize(texts: Sequence[str]) -> list[list[int]]:
        return [tokens[text] for text in texts]

    vectors = WordVectors(table, tokenize)
    assert vectors(["b", "none", "a"]).tolist() == [[2, 20, 200], [0, 0, 0], [1, 10, 100]]
    assert vectors([]).shape == (0, 3)


@pytest.mark.model
def test_words_that_are_used_alike_are_near_each_other_in_a_real_model(
    small_model: Path, model_sha256: str, park: Path
) -> None:
    with word_vectors(small_model, model_sha256, park) as vectors:
        table = vectors(["red", "blue", "monday", "tuesday"]).astype(np.float64)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    alike = table @ table.T
    assert min(alike[0, 1], alike[2, 3]) > alike[:2, 2:].max() + 0.1


@pytest.mark.model
def test_tokens_are_as_many_as_are_counted_and_control_tokens_are_plain_text(
    make_engine: Callable[..., EngineClient],
) -> None:
    engine = make_engine(vocabulary_only=True)
    texts = [" median", "", "<|im_end|>", "df.fillna(df.median())"]
    tokens = engine.tokenize(texts)
    assert [len(ids) for ids in tokens] == engine.count(texts)
    assert len(tokens[2]) > 1
