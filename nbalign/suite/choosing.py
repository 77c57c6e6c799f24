"""A part of a suite, by the ids and tags of its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nbalign.errors import NotFound
from nbalign.rubrics.fields import nearest
from nbalign.rubrics.problems import shown
from nbalign.suite.model import Suite

_MOST_SHOWN = 20


def choose(suite: Suite, cases: Sequence[str] = (), tags: Sequence[str] = ()) -> Suite:
    """The suite with some of its cases only, in the author's order.

    Args:
        suite: The whole suite.
        cases: Ids; empty for all. An id that is named is taken whatever its tags.
        tags: Cases with any of these tags; empty for all. With both, a case needs its id or one of the tags.

    Returns:
        The same suite (with the same hash) and fewer cases, at least one.

    Raises:
        NotFound: If an id or a tag is not in the suite.
    """
    if not cases and not tags:
        return suite
    _known(suite, cases, [case.id for case in suite.cases], "case")
    _known(suite, tags, sorted({tag for case in suite.cases for tag in case.tags}), "tag")
    wanted, marked = set(cases), set(tags)
    return replace(suite, cases=tuple(c for c in suite.cases if c.id in wanted or marked & set(c.tags)))


def _known(suite: Suite, asked: Sequence[str], known: Sequence[str], what: str) -> None:
    there = set(known)
    for name in asked:
        if name not in there:
            some = ", ".join(known[:_MOST_SHOWN]) + (" …" if len(known) > _MOST_SHOWN else ".")
            hint = f"Its {what}s: {some}" if known else f"It has no {what}s."
            raise NotFound(f"the suite {suite.id} has no {what} {shown(name)!r}{nearest(name, known)}", hint)
