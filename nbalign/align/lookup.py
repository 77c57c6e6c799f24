"""Word vectors of a local model, by which similar notebooks are found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from nbalign.errors import ModelError
from nbalign.judge.opened import OpenJudge
from nbalign.llm.library import ModelLibrary
from nbalign.llm.meaning import TokenTable, WordVectors
from nbalign.llm.meaning import word_vectors as _word_vectors


def word_vectors(opened: OpenJudge) -> tuple[WordVectors | None, str]:
    """The word vectors of a loaded model, and what to say where there are none; else an empty text."""
    try:
        table = TokenTable.open(opened.path)
    except ModelError as error:
        return None, f"Similar notebooks were found by their words alone: {error.message}."
    return WordVectors(table, opened.engine.tokenize), ""


@contextmanager
def vectors_of(model: str, cache: Path) -> Iterator[WordVectors | None]:
    """The word vectors of a model that need not be loaded; None where it is not here or has none that can be read.

    Args:
        model: Its name.
        cache: Folder for what may be deleted.
    """
    with ExitStack() as stack:
        lookup: WordVectors | None = None
        with suppress(ModelError):
            file = ModelLibrary.default().find(model)
            lookup = stack.enter_context(_word_vectors(file.path, file.sha256, cache / "kv"))
        yield lookup
