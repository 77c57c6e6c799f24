"""Quantised tensors as numbers: the block formats in which language models keep their table of tokens.

Every format packs blocks of 32 or 256 weights: small integers, a scale, and in some a minimum. The names and layouts
are those of ggml, the library under llama.cpp; all numbers are little-endian. Each function below takes whole blocks,
uint8 of shape (n_blocks, bytes a block), and gives float32 of shape (n_blocks, weights a block).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Format:
    """How weights lie in a tensor.

    Attributes:
        name: ggml's name, such as `Q4_K`.
        weights: Weights a block.
        bytes: Bytes a block.
        unpack: Blocks -> weights.
    """

    name: str
    weights: int
    bytes: int
    unpack: Callable[[Bytes], Floats]


def _halves(blocks: Bytes, at: int) -> Floats:
    """The 16-bit float at this byte of every block, shape (n_blocks, 1)."""
    return np.ascontiguousarray(blocks[:, at : at + 2]).view("<f2").astype(np.float32)


def _nibbles(packed: Bytes) -> Bytes:
    """Low nibbles of all bytes, then high ones: shape (…, n) -> (…, 2 n)."""
    return np.concatenate([packed & 15, packed >> 4], axis=-1)


def _fifth_bits(blocks: Bytes, at: int) -> Bytes:
    """The 32 bits from this byte on, the lowest first, each worth 16."""
    bits = np.unpackbits(np.ascontiguousarray(blocks[:, at : at + 4]), axis=1, bitorder="little")
    return (bits << 4).astype(np.uint8)


def _f32(blocks: Bytes) -> Floats:
    return blocks.view("<f4").astype(np.float32)


def _f16(blocks: Bytes) -> Floats:
    return blocks.view("<f2").astype(np.float32)


def _bf16(blocks: Bytes) -> Floats:
    return (blocks.view("<u2").astype(np.uint32) << 16).view(np.float32)


def _q8_0(blocks: Bytes) -> Floats:
    return _halves(blocks, 0) * np.ascontiguousarray(blocks[:, 2:]).view(np.int8).astype(np.float32)


def _q4_0(blocks: Bytes) -> Floats:
    return _halves(blocks, 0) * (_nibbles(blocks[:, 2:]).astype(np.float32) - 8)


def _q4_1(blocks: Bytes) -> Floats:
    return _halves(blocks, 0) * _nibbles(blocks[:, 4:]).astype(np.float32) + _halves(blocks, 2)


def _q5_0(blocks: Bytes) -> Floats:
    return _halves(blocks, 0) * ((_nibbles(blocks[:, 6:]) | _fifth_bits(blocks, 2)).astype(np.float32) - 16)


def _q5_1(blocks: Bytes) -> Floats:
    whole = (_nibbles(blocks[:, 8:]) | _fifth_bits(blocks, 4)).astype(np.float32)
    return _halves(blocks, 0) * whole + _halves(blocks, 2)


def _k_scales(packed: Bytes) -> tuple[Floats, Floats]:
    """Scales and minima of the eight parts of a block, 6 bits each, out of 12 bytes: two of shape (n_blocks, 8).

    The first four of either lie in the low bits of bytes 0-3 and 4-7, whose upper two bits belong to the last four;
    the rest of these lies in the nibbles of bytes 8-11.
    """
    first, second, third = packed[:, 0:4], packed[:, 4:8], packed[:, 8:12]
    scales = np.concatenate([first & 63, (third & 15) | (first >> 6 << 4)], axis=1)
    minima = np.concatenate([second & 63, (third >> 4) | (second >> 6 << 4)], axis=1)
    return scales.astype(np.float32), minima.astype(np.float32)


def _with_scales(blocks: Bytes, whole: Bytes) -> Floats:
    """What Q4_K and Q5_K share: two factors, 12 bytes of scales, and eight parts of 32 weights."""
    scales, minima = _k_scales(blocks[:, 4:16])
    scaled = (_halves(blocks, 0) * scales)[:, :, None] * whole.astype(np.float32)
    return (scaled - (_halves(blocks, 2) * minima)[:, :, None]).reshape(len(blocks), 256)


def _q4_k(blocks: Bytes) -> Floats:
    return _with_scales(blocks, _nibbles(blocks[:, 16:].reshape(-1, 4, 32)).reshape(-1, 8, 32))


def _q5_k(blocks: Bytes) -> Floats:
    low = _nibbles(blocks[:, 48:].reshape(-1, 4, 32)).reshape(-1, 8, 32)
    part = np.arange(8, dtype=np.uint8)[None, :, None]
    fifth = (blocks[:, None, 16:48] >> part & 1) << 4
    return _with_scales(blocks, (low | fifth).astype(np.uint8))


def _q6_k(blocks: Bytes) -> Floats:
    # Two halves of 128 weights; in each, four parts of 32 share 64 bytes of low nibbles and 32 of upper pairs of bits.
    low = _nibbles(blocks[:, :128].reshape(-1, 2, 64)).reshape(-1, 2, 4, 32)
    part = np.array([0, 2, 4, 6], dtype=np.uint8)[None, None, :, None]
    high = blocks[:, 128:192].reshape(-1, 2, 1, 32) >> part & 3
    whole = (low | high << 4).astype(np.float32) - 32
    scales = np.ascontiguousarray(blocks[:, 192:208]).view(np.int8).astype(np.float32) * _halves(blocks, 208)
    return (whole.reshape(-1, 16, 16) * scales[:, :, None]).reshape(len(blocks), 256)


FORMATS: dict[int, Format] = {
    0: Format("F32", 1, 4, _f32),
    1: Format("F16", 1, 2, _f16),
    2: Format("Q4_0", 32, 18, _q4_0),
    3: Format("Q4_1", 32, 20, _q4_1),
    6: Format("Q5_0", 32, 22, _q5_0),
    7: Format("Q5_1", 32, 24, _q5_1),
    8: Format("Q8_0", 32, 34, _q8_0),
    12: Format("Q4_K", 256, 144, _q4_k),
    13: Format("Q5_K", 256, 176, _q5_k),
    14: Format("Q6_K", 256, 210, _q6_k),
    30: Format("BF16", 1, 2, _bf16),
}  # GGUF's number of a type -> its format; the importance-weighted ones (IQ…) are left to llama.cpp
