"""Names and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbalign.evidence.flow.things import Thing, merge


@dataclass(eq=False, slots=True)
class Scope:
    """Names of the notebook, or of one call of a function.

    Attributes:
        names: Name -> value.
        outer: Where else to look; None for the notebook's own scope.
        shared: Names declared global or nonlocal.
    """

    names: dict[str, Thing] = field(default_factory=dict)
    outer: Scope | None = None
    shared: set[str] = field(default_factory=set)

    def get(self, name: str) -> Thing | None:
        """The value of a name, here or further out."""
        at: Scope | None = self
        while at is not None:
            if name in at.names:
                return at.names[name]
            at = at.outer
        return None

    def set(self, name: str, thing: Thing) -> None:
        """Binds a name."""
        if name in self.shared and self.outer is not None:
            self.outer.set(name, thing)
            return
        self.names[name] = thing

    def fork(self) -> dict[str, Thing]:
        """The names as they are, to run another branch from."""
        return dict(self.names)

    def join(self, other: dict[str, Thing]) -> None:
        """Puts the names of another branch beside those of this one."""
        for name, thing in other.items():
            mine = self.names.get(name)
            self.names[name] = thing if mine is None else merge(mine, thing)
