"""What words mean, read off a model's own table of tokens: no forward pass, no weights in memory but a few rows.

A language model begins with a vector for every token (`token_embd.weight` of a GGUF file). Tokens that are used alike
have vectors that are alike, which is enough to tell which cells speak about the same thing. Here a word is the mean of
its tokens' vectors; how words are weighed against each other is for the caller to decide.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nbalign.errors import ModelError
from nbalign.llm.dequantise import FORMATS, Floats, Format
from nbalign.llm.gguf import _MAX_DIMENSIONS, _MAX_KEY, _Reader
from nbalign.llm.plain import one_line

Tokenize = Callable[[Sequence[str]], Sequence[Sequence[int]]]  # texts -> the token ids of each

_TENSOR = "token_embd.weight"
_MOST_WIDTH = 65_536
_CHUNK = 2_048  # rows unpacked at once: some ten megabytes


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Where a model keeps its vectors of tokens; the rows stay on disk until they are asked for.

    Attributes:
        path: The GGUF file.
        start: The table's first byte in the file.
        count: Rows, one a token.
        width: Numbers a row.
        format: How they are packed.
    """

    path: Path
    start: int
    count: int
    width: int
    format: Format

    @classmethod
    def open(cls, path: Path) -> TokenTable:
        """Finds the table in a GGUF file.

        Raises:
            ModelError: If the file cannot be read, has no such table, or packs it in a way that is not known here.
        """
        shown = one_line(path.name)
        try:
            with path.open("rb", buffering=1 << 20) as file:
                finder = _Finder(file, shown, os.fstat(file.fileno()).st_size)
                finder.header()
        except (OSError, ValueError) as error:
            raise ModelError(f"{shown} cannot be read: {one_line(str(error))}", "Check its permissions.") from error
        if finder.found is None:
            raise _no_table(shown, f"has no {_TENSOR}")
        shape, kind, start = finder.found
        known = FORMATS.get(kind)
        if known is None:
            raise _no_table(shown, f"packs its tokens in a format that is not known here (type {kind})")
        if len(shape) != 2 or not 1 <= shape[0] <= _MOST_WIDTH or shape[0] % known.weights or shape[1] < 1:
            raise _no_table(shown, f"has a table of tokens of the shape {shape}")
        return cls(path, start, shape[1], shape[0], known)

    def rows(self, ids: Sequence[int]) -> Floats:
        """The vectors of these tokens, float32 of shape (len(ids), width); zeros for ids that are not in the table.

        Raises:
            ModelError: If the file cannot be read any more.
        """
        found = np.zeros((len(ids), self.width), dtype=np.float32)
        blocks = self.width // self.format.weights
        wanted = [(at, token) for at, token in enumerate(ids) if 0 <= token < self.count]
        try:
            packed = np.memmap(self.path, np.uint8, "r", self.start, (self.count, blocks * self.format.bytes))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{one_line(self.path.name)} cannot be read: {one_line(str(error))}", "Was it moved or replaced?"
            ) from error
        for begin in range(0, len(wanted), _CHUNK):
            places, tokens = zip(*wanted[begin : begin + _CHUNK], strict=True)
            chunk = np.ascontiguousarray(packed[list(tokens)]).reshape(-1, self.format.bytes)
            with np.errstate(all="ignore"):  # a damaged file may hold what is no number
                unpacked = self.format.unpack(chunk).reshape(len(tokens), self.width)
            found[list(places)] = np.clip(np.nan_to_num(unpacked, nan=0, posinf=0, neginf=0), -1e6, 1e6)
        return found


class WordVectors:
    """Static vectors of words; call it with words, it gives float32 of shape (n_words, width).

    Args:
        table: The model's table of tokens.
        tokenize: The same model's tokenizer.
    """

    def __init__(self, table: TokenTable, tokenize: Tokenize) -> None:
        self._table = table
        self._tokenize = tokenize
        self.width = table.width

    def __call__(self, words: Sequence[str]) -> Floats:
        """The mean vector of each word's tokens; zeros where a word has none.

        Raises:
            ModelError: If the tokenizer or the file is gone.
        """
        # With a space before it, as inside a sentence: most words then are a single token with a meaning of its own.
        tokens = [list(ids) for ids in self._tokenize([f" {word}" for word in words])] if words else []
        distinct = sorted({token for ids in tokens for token in ids})
        place = {token: at for at, token in enumerate(distinct)}
        rows = self._table.rows(distinct)
        found = np.zeros((len(words), self.width), dtype=np.float32)
        for at, ids in enumerate(tokens):
            if ids:
                found[at] = rows[[place[token] for token in ids]].mean(axis=0)
        return found


@contextmanager
def word_vectors(path: Path, sha256: str, park_folder: Path) -> Iterator[WordVectors]:
    """The vectors of a model in the library; its tokenizer's process starts when a word is first asked for.

    Where an engine with this model runs anyway, `WordVectors(TokenTable.open(path), engine.tokenize)` does without it.

    Args:
        path: A GGUF file that was verified.
        sha256: Its hash.
        park_folder: A folder the engine may be given; nothing is written to it.

    Raises:
        ModelError: If the table cannot be had, see `TokenTable.open`; the caller goes on without it.
    """
    from nbalign.llm.client import EngineClient
    from nbalign.llm.model import EngineSettings

    table = TokenTable.open(path)
    with ExitStack() as stack:
        started: list[EngineClient] = []

        def tokenize(texts: Sequence[str]) -> list[list[int]]:
            if not started:
                client = EngineClient(path, sha256, EngineSettings(), park_folder, 0, vocabulary_only=True)
                started.append(stack.enter_context(client))
            return started[0].tokenize(texts)

        yield WordVectors(table, tokenize)


class _Finder(_Reader):
    """Walks a header as the check of it does, and takes down where the table of tokens lies."""

    found: tuple[list[int], int, int] | None = None  # shape, type, first byte in the file

    def tensor_end(self, count: int, alignment: int) -> int:
        seen: tuple[list[int], int, int] | None = None
        for _ in range(count):
            name = self.take(self.number("<Q", _MAX_KEY, "bytes in a tensor's name"))
            sizes = [self.number("<Q") for _ in range(self.number("<I", _MAX_DIMENSIONS, "dimensions of a tensor"))]
            kind, offset = self.number("<I"), self.number("<Q")
            if name == _TENSOR.encode():
                seen = (sizes, kind, offset)
        start = self.size - self.left
        start += -start % alignment
        if seen is None:
            return 0
        sizes, kind, offset = seen
        self.found = (sizes, kind, start + offset)
        known = FORMATS.get(kind)
        rows = int(np.prod([int(size) for size in sizes[1:]], dtype=object)) if known else 0
        return start + offset + (rows * (sizes[0] // known.weights) * known.bytes if known and sizes else 0)


def _no_table(shown: str, why: str) -> ModelError:
    return ModelError(f"{shown} {why}", "What words mean is then told from the notebooks at hand alone.")
