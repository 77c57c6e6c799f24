"""Reads the header of a GGUF file without trusting it: llama.cpp sees a file only after this has passed.

The layout is that of GGUF versions 2 and 3, little-endian: magic, version, counts, key-value pairs, tensor
descriptions, padding, tensor data. Lengths in the file are claims; each is held against the file's size and a bound
before anything is read or skipped.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nbalign.errors import ModelError
from nbalign.llm.plain import one_line

_MAX_TENSORS = 100_000
_MAX_PAIRS = 10_000
_MAX_STRINGS = 4_000_000  # over all arrays; the largest vocabularies and merge lists hold under a million
_MAX_KEY = 1_024
_MAX_KEPT = 4_096  # bytes of a string value that is read instead of skipped
_MAX_DIMENSIONS = 4

# type of a value -> its bytes; 8 is a string and 9 an array
_VALUE_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9
_INTEGERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 10: "<Q", 11: "<q"}

# type of a tensor -> (elements a block, bytes a block); a type missing here counts as one byte a tensor
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file says of itself.

    Attributes:
        version: 2 or 3.
        tensors: How many tensors it describes.
        pairs: How many key-value pairs it holds.
        architecture: Such as `qwen2`; empty when it does not say.
        name: The model's own name, printable; empty when it does not say.
        context: Tokens it was trained for; 0 when it does not say.
        bytes: The file's size.
        needed: The least size that holds all its tensors, at most `bytes`.
    """

    version: int
    tensors: int
    pairs: int
    architecture: str
    name: str
    context: int
    bytes: int
    needed: int


def read_header(path: Path) -> GgufHeader:
    """Reads and checks the header of a GGUF file.

    Args:
        path: The file; only its header is read.

    Raises:
        ModelError: If the file is missing, is no GGUF, is cut short, or claims what cannot be.
    """
    try:
        if not path.is_file():
            raise ModelError(f"{one_line(str(path))} is not a file", "Give the path of a .gguf file.")
        with path.open("rb", buffering=1 << 20) as file:
            return _Reader(file, one_line(str(path), 500), os.fstat(file.fileno()).st_size).header()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{one_line(str(path))} cannot be read: {one_line(str(error))}", "Check the path and its permissions."
        ) from error


class _Reader:
    """One pass over a header; `left` is how much of the file lies ahead."""

    def __init__(self, file: BinaryIO, shown: str, size: int) -> None:
        self.file, self.shown, self.size, self.left = file, shown, size, size
        self.strings = 0

    def header(self) -> GgufHeader:
        magic = self.file.read(4)
        self.left -= len(magic)
        if magic != b"GGUF":
            raise ModelError(
                f"{self.shown} is not a GGUF model: it starts with {magic!r}",
                "nbalign loads GGUF files only. A web page or Git LFS pointer saved in its place looks like this.",
            )
        version = self.number("<I")
        if version not in (2, 3):
            raise ModelError(
                f"{self.shown} is GGUF version {version}, which cannot be read",
                "Versions 2 and 3, little-endian, can. Get a newer conversion of the model.",
            )
        tensors = self.number("<Q", _MAX_TENSORS, "tensors")
        pairs = self.number("<Q", _MAX_PAIRS, "key-value pairs")
        known = self.pairs(pairs)
        if int(known.get("split.count", 0)) > 1:
            raise ModelError(f"{self.shown} is one piece of a split model", "Join the pieces into one file first.")
        alignment = int(known.get("general.alignment", 32))
        if alignment < 1 or alignment & (alignment - 1) or alignment > 1 << 20:
            raise self.absurd(f"an alignment of {alignment}")
        needed = self.tensor_end(tensors, alignment)
        if needed > self.size:
            raise self.truncated(f"its tensors end at byte {needed:,}")
        architecture = str(known.get("general.architecture", ""))
        return GgufHeader(
            version=version,
            tensors=tensors,
            pairs=pairs,
            architecture=architecture,
            name=str(known.get("general.name", "")),
            context=max(0, int(known.get(f"{architecture}.context_length", 0))),
            bytes=self.size,
            needed=needed,
        )

    def pairs(self, count: int) -> dict[str, str | int]:
        """Walks the key-value pairs; keeps the few that are wanted."""
        known: dict[str, str | int] = {}
        for _ in range(count):
            key = self.take(self.number("<Q", _MAX_KEY, "bytes in a key")).decode("utf-8", "replace")
            kind = self.number("<I")
            if kind in _INTEGERS and key.endswith((".context_length", ".alignment", "split.count")):
                known[key] = self.number(_INTEGERS[kind])
            elif kind == _STRING and key in ("general.architecture", "general.name"):
                length = self.number("<Q", self.left, "bytes in a string")
                known[key] = one_line(self.take(min(length, _MAX_KEPT)).decode("utf-8", "replace"))
                self.skip(length - min(length, _MAX_KEPT))
            else:
                self.skip_value(kind)
        return known

    def skip_value(self, kind: int) -> None:
        if kind == _STRING:
            self.skip(self.number("<Q"))
        elif kind == _ARRAY:
            inner, count = self.number("<I"), self.number("<Q")
            if inner == _STRING:
                self.strings += count
                if self.strings > _MAX_STRINGS:
                    raise self.absurd(f"lists of {self.strings:,} strings")
                for _ in range(count):
                    self.skip(self.number("<Q"))
            else:
                self.skip(count * self.value_bytes(inner))
        else:
            self.skip(self.value_bytes(kind))

    def value_bytes(self, kind: int) -> int:
        if kind not in _VALUE_BYTES:
            raise self.absurd(f"a value of unknown type {kind}")
        return _VALUE_BYTES[kind]

    def tensor_end(self, count: int, alignment: int) -> int:
        """The least file size, in bytes, that holds every described tensor."""
        end = 0
        for _ in range(count):
            self.skip(self.number("<Q", _MAX_KEY, "bytes in a tensor's name"))
            elements = 1
            for _ in range(self.number("<I", _MAX_DIMENSIONS, "dimensions of a tensor")):
                elements *= self.number("<Q")
            per_block, block_bytes = _BLOCKS.get(self.number("<I"), (max(elements, 1), 1))
            end = max(end, self.number("<Q") + -(-elements // per_block) * block_bytes)
        start = self.size - self.left
        return start + -start % alignment + end if count else start

    def number(self, form: str, most: int | None = None, what: str = "") -> int:
        """Reads one integer, refusing one above `most`."""
        (value,) = struct.unpack(form, self.take(struct.calcsize(form)))
        assert isinstance(value, int)
        if most is not None and value > most:
            raise self.absurd(f"{value:,} {what}")
        return value

    def take(self, count: int) -> bytes:
        data = self.file.read(count) if count <= self.left else b""
        if len(data) < count:
            raise self.truncated("its header goes on beyond its end")
        self.left -= count
        return data

    def skip(self, count: int) -> None:
        if count > self.left:
            raise self.truncated("its header goes on beyond its end")
        self.file.seek(count, os.SEEK_CUR)
        self.left -= count

    def truncated(self, why: str) -> ModelError:
        return ModelError(
            f"{self.shown} is truncated or damaged: {why}, but the file has {self.size:,} bytes",
            "Pull or copy the file again.",
        )

    def absurd(self, what: str) -> ModelError:
        return ModelError(
            f"{self.shown} is damaged: its header claims {what}", "Pull or copy the file again; do not load this one."
        )
