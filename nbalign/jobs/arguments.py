"""What a job is given, checked: JSON in, names and numbers out, and a plain word about what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nbalign.errors import UsageError

_MOST_NAMES = 1_000_000


class Arguments:
    """The arguments of one job.

    Args:
        kind: What kind of job, for messages.
        given: As they came.
        known: Every name that this kind takes.

    Raises:
        UsageError: If one is given that this kind does not take.
    """

    def __init__(self, kind: str, given: Mapping[str, object], known: Collection[str]) -> None:
        self._kind, self._given = kind, given
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise UsageError(
                f"a job of the kind {kind} takes no {', '.join(unknown)}", f"It takes: {', '.join(sorted(known))}."
            )

    def text(self, name: str) -> str | None:
        """A word, or None where it is not given."""
        value = self._given.get(name)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self._wrong(name, "a word")

    def names(self, name: str) -> tuple[str, ...]:
        """Several words; none where it is not given."""
        value = self._given.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or len(value) > _MOST_NAMES:
            raise self._wrong(name, "a list of names")
        found = [each for each in value if isinstance(each, str) and each]
        if len(found) != len(value):
            raise self._wrong(name, "a list of names")
        return tuple(found)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._given.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(name, f"a whole number from {least} to {most}")
        return value

    def yes(self, name: str) -> bool:
        """Yes or no; no where it is not given."""
        value = self._given.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def _wrong(self, name: str, wanted: str) -> UsageError:
        return UsageError(f"a job of the kind {self._kind} was given an impossible {name}", f"It must be {wanted}.")
