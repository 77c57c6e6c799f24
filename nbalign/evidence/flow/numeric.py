"""Functions of NumPy, SciPy and PyTorch on arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow import metrics, tables
from nbalign.evidence.flow.filling import fill
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import STATISTICS
from nbalign.evidence.flow.model_events import Choice, Seed
from nbalign.evidence.flow.subscripts import with_rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_SAME = {
    "array", "asarray", "ravel", "log", "log1p", "exp", "expm1", "sqrt", "abs", "absolute", "square", "clip", "round",
    "reshape", "squeeze", "tensor", "from_numpy", "FloatTensor", "LongTensor", "Tensor", "float32", "float64", "int64",
    "expand_dims", "atleast_2d", "nan_to_num", "sign", "power", "csr_matrix", "where", "add_constant", "boxcox",
    "sigmoid", "softmax", "sin", "cos", "maximum", "minimum", "rint", "ascontiguousarray", "as_tensor", "argsort",
}  # fmt: skip
_PACKAGES = {"numpy", "scipy", "torch", "statsmodels", "tensorflow", "math"}
_SEEDS = (
    "numpy.random.seed",
    "random.seed",
    "torch.manual_seed",
    "tensorflow.random.set_seed",
    "tensorflow.set_random_seed",
)


def call(flow: Expressions, given: Given) -> Thing | None:
    """Library functions about arrays."""
    last, top = given.last, given.top
    if given.full in _SEEDS or last in ("set_random_seed", "seed_everything", "manual_seed_all"):
        flow.state.emit(Seed(flow.state.place, given.full))
        return constant(None)
    if top not in _PACKAGES:
        return None
    data = given.args[0] if given.args else UNKNOWN
    if last == "where" and len(given.args) == 3:
        return _where(flow, given)
    if last in ("argmax", "argmin") and data.measured:
        flow.state.emit(Choice(flow.state.place, last, data.measured))
        return Thing("scalar")
    if last in ("full", "full_like", "repeat", "zeros", "ones", "zeros_like", "ones_like", "tile", "empty"):
        # Constant predictions: nothing that was predicted, so a metric on them is that of a baseline.
        return Thing("array", learned=flow.combined(given.all).learned, name="constant array")
    if last in STATISTICS and top in ("numpy", "scipy", "torch"):
        by_hand = metrics.by_hand(flow, data, last)
        if by_hand is not None:
            return by_hand
        if data.is_data:
            return tables.method(flow, data, Given(last.removeprefix("nan"), (), {}, given.node))
        return Thing("scalar", learned=data.learned, measured=data.measured, name=last)
    if last in ("sum",) and data.error is not None:
        return metrics.by_hand(flow, data, last)
    if last == "norm" and data.error is not None:
        return metrics.by_hand(flow, data, last)
    if last in ("isnan", "isfinite") and given.args:
        return data.like(kind="mask", missing="yes" if last == "isnan" else "no")
    if last in ("split", "array_split") and given.args:
        cuts = given.get(1, "indices_or_sections")
        count = len(cuts.items) + 1 if cuts is not None and cuts.items else int((cuts and cuts.number) or 2)
        text = ast.unparse(given.node)[:60]
        return sequence(
            with_rows(data, flow.state.subset(data.rows, f"part {number} of {text}", "slice"))
            for number in range(1, min(max(count, 2), 12) + 1)
        )
    if last == "shuffle" and data.is_data:
        data.rows = flow.state.subset(data.rows, "all", "shuffle")
        return constant(None)
    if last in (
        "rand",
        "randn",
        "random",
        "normal",
        "uniform",
        "choice",
        "permutation",
        "arange",
        "linspace",
        "randint",
    ):
        learned = frozenset(x for t in given.all if t.kind == "scalar" for x in t.learned)  # drawn around a mean
        return Thing("array" if last != "permutation" else "unknown", name="random", learned=learned)
    if last in _SAME and given.args:
        first = data if data.kind != "list" else flow.combined(data.items or [])
        if data.kind == "list" and first.rows and first.kind == "unknown":
            first.kind = "array"  # rows that a loop put into a list
        others = flow.combined([first, *given.args[1:]])
        if first.is_data:
            return first.like(learned=first.all_learned | others.learned, kind=first.kind,
                              error=others.error, against=others.against)  # fmt: skip
        if (
            data.kind == "list"
            and not others.rows
            and not others.learned
            and data.items
            and last in ("array", "tensor")
        ):
            return Thing("array", new=not others.measured, measured=others.measured)
        return others
    return None


def _where(flow: Expressions, given: Given) -> Thing:
    """`np.where(isnan(x), value, x)` is a fill."""
    condition, one, other = given.args
    if condition.missing and (one.is_data or other.is_data):
        data, value = (other, one) if condition.missing == "yes" else (one, other)
        learned = fill(flow, data, tuple(sorted(data.sources or condition.sources)), value)
        return data.like(learned=data.learned | learned)
    made = flow.combined([condition, one, other])
    made.kind = "array" if made.rows else made.kind
    return made
