"""A suite: tasks for an assistant, each with its data and with what may be expected of a good answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["classification", "regression", "forecasting", "other"]
Size = Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that a case's notebook may read.

    Attributes:
        name: Plain file name, as the notebook sees it in its working folder.
        path: Where it lies.
        bytes: Its size.
        sha256: Its content hash.
    """

    name: str
    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Case:
    """One task.

    Attributes:
        id: Stable kebab-case identifier, unique in its suite.
        prompt: What the assistant is asked, as a user would ask it.
        data: Files the notebook may read; may be empty.
        kind: What kind of problem it is.
        size: How much data that is.
        tags: Free words for choosing cases.
        not_applicable: Dimensions that a good answer to this prompt has nothing to do with.
    """

    id: str
    prompt: str
    data: tuple[DataFile, ...]
    kind: Kind
    size: Size
    tags: tuple[str, ...]
    not_applicable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that belong together.

    Attributes:
        id: Stable kebab-case identifier.
        title: For people.
        description: What it is for and where its data come from; may be empty.
        rubric: Id of the rubric it is meant for; empty where it does not say.
        cases: In the author's order, at least one.
        path: The `suite.yaml`.
        sha256: Hash over its text and the hashes of all data files: it names the exact suite in every run.
    """

    id: str
    title: str
    description: str
    rubric: str
    cases: tuple[Case, ...]
    path: Path
    sha256: str

    def case(self, case_id: str) -> Case:
        """The case with this id.

        Raises:
            KeyError: If there is none.
        """
        for case in self.cases:
            if case.id == case_id:
                return case
        raise KeyError(case_id)
