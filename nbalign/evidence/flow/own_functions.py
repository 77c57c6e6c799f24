"""Calls of the notebook's own functions and lambdas: their text is followed with what is given to it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nbalign.evidence.flow import binding, calls
from nbalign.evidence.flow.scope import Scope
from nbalign.evidence.flow.state import MOST_DEPTH
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant, merge

if TYPE_CHECKING:
    from nbalign.evidence.flow.interpret import Interpreter


class Returned(Exception):
    """A function comes to its end."""


def call(
    flow: Interpreter, function: Thing, args: Sequence[Thing], kwargs: dict[str, Thing], me: Thing | None
) -> Thing:
    """Follows a call of one of the notebook's own functions, or lambdas; of a library's, what is known of it.

    Args:
        flow: The reading; its scope is what it was before when the call is over.
        function: What is called.
        args: Values by position, without the object itself.
        kwargs: Values by name.
        me: The object whose method it is; None for plain functions.
    """
    if function.kind in ("library", "method"):
        return calls.by_value(flow, function, tuple(args), kwargs)
    node = function.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return UNKNOWN
    if len(flow.state.within) >= MOST_DEPTH or flow.state.within.count(function.name) > 1:
        return flow.combined([*args, *kwargs.values()])
    scope = Scope(outer=function.scope)
    given = list(args) if me is None else [me, *args]
    binding.bind_arguments(flow, node.args, scope, given, kwargs)
    outer_scope, outer_returned, outer_loops = flow.scope, flow.returned, flow.loops
    flow.scope, flow.returned, flow.loops = scope, [], []
    try:
        with flow.state.inside(function.name or "lambda", function.defined):
            if isinstance(node, ast.Lambda):
                return flow.value(node.body)
            with suppress(Returned):
                flow.run(node.body)
            found = flow.returned
    finally:
        flow.scope, flow.returned, flow.loops = outer_scope, outer_returned, outer_loops
    result = found[0] if found else constant(None)
    for other in found[1:]:
        result = merge(result, other)
    return result
