"""The arguments of one call."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbalign.evidence.flow.things import Thing


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One call with its arguments.

    Attributes:
        full: Dotted name, or the method's name.
        args: Positional arguments.
        kwargs: Keyword arguments.
        node: The call.
    """

    full: str
    args: tuple[Thing, ...]
    kwargs: dict[str, Thing]
    node: ast.Call

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.full.rpartition(".")[2]

    @property
    def top(self) -> str:
        """The package."""
        return self.full.split(".")[0]

    def get(self, position: int, *keywords: str) -> Thing | None:
        """An argument by position (-1: keyword only) or by one of several keywords."""
        for keyword in keywords:
            if keyword in self.kwargs:
                return self.kwargs[keyword]
        return self.args[position] if 0 <= position < len(self.args) else None

    def text(self, position: int, *keywords: str) -> str:
        """An argument that is a string; empty when it is not."""
        found = self.get(position, *keywords)
        return (found.text or "") if found is not None else ""

    def true(self, keyword: str) -> bool:
        """Whether a keyword is given as True."""
        found = self.kwargs.get(keyword)
        return found is not None and found.value is True

    @property
    def all(self) -> list[Thing]:
        """All arguments."""
        return [*self.args, *self.kwargs.values()]
