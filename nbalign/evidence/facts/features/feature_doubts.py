"""Signs that features are built in a way that the data flow does not follow: then nothing is said to be missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.literals import text_of
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.source import Source
from nbalign.evidence.syntax import called_name

COMPONENTS = frozenset(
    {
        "PCA", "KernelPCA", "SparsePCA", "IncrementalPCA", "TruncatedSVD", "NMF", "FastICA", "FactorAnalysis", "UMAP",
        "Isomap", "LinearDiscriminantAnalysis", "PLSRegression", "RBFSampler", "Nystroem", "RandomTreesEmbedding",
        "BernoulliRBM", "DictionaryLearning", "LatentDirichletAllocation",
    }
)  # fmt: skip
# Both a model and a way to make components: only as a step before the model.
_MODELS_TOO = frozenset({"LinearDiscriminantAnalysis", "PLSRegression"})
_LOOKS_BACK = re.compile(r"\.(?:shift|diff|pct_change|rolling|expanding|ewm|cumsum|cumcount)\(|\.iloc\[-|\blags?\b")
_WORKS_OUT = re.compile(
    r"\b(?:log1p|log|log2|log10|sqrt|cbrt|exp|sin|cos|power|fft|rfft|hstack|column_stack|concatenate|polyfit|mean|std|"
    r"median|skew|kurtosis|groupby|pivot|pivot_table|unstack)\("
)
_CALLED_FEATURES = re.compile(
    r"feat|lag|anomal|window|descriptor|engineer|embed|covariat|make_x|build_x", re.IGNORECASE
)
_NO_BUILDER = re.compile(
    r"plot|draw|show|print|scor|metric|eval|rmse|mae|mape|error|report|predict|forecast|clean|load|read|impute|fill|"
    r"summar|describe|explor",
    re.IGNORECASE,
)
_FRAMES = ("DataFrame", "concat", "dict")


def components(source: Source) -> tuple[str, int] | None:
    """The name and cell of a reduction to components that stands in a pipeline before its model; None if none does."""
    for fit in source.trace.of(Fit):
        model = fit.estimator.model
        if model is None:
            continue
        for part in fit.estimator.parts():
            if part.name in COMPONENTS and part.id != model.id:
                return part.name, part.at.cell
    return None


def in_formula(source: Source) -> dict[str, int]:
    """Columns that a table is put together from, worked out, and that a model's formula names, with their cells."""
    formulas = " ".join(
        node.value[:2000]
        for cell in source.code.cells
        for node in cell.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "~" in node.value[:200]
    )
    wanted = set(re.findall(r"[A-Za-z_]\w*", " ".join(part for part in formulas.split("~")[1:])))
    found: dict[str, int] = {}
    for cell in source.code.cells if wanted else ():
        for node in cell.nodes:
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Dict):
                for key, value in zip(node.args[0].keys, node.args[0].values, strict=True):
                    name = key.value if isinstance(key, ast.Constant) else None
                    if isinstance(name, str) and name in wanted and _LOOKS_BACK.search(text_of(value)):
                        found.setdefault(name, cell.number)
    return found


def may_be_built(source: Source, used: Used) -> bool:
    """Whether code up to the first fit may build features out of sight: in functions, arrays and new tables."""
    for cell in source.code.cells:
        if cell.number > used.first:
            return False
        for node in cell.nodes:
            if isinstance(node, ast.FunctionDef) and _builds(node):
                return True
            if isinstance(node, ast.Call) and (_puts_together(node) or _reduces(node)):
                return True
            if isinstance(node, ast.Assign) and _called_features(node):
                return True
    return False


def _builds(node: ast.FunctionDef) -> bool:
    """Whether a function gives back what it worked out, and is not called after a score, a plot or a repair."""
    returns = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
    if not returns or _NO_BUILDER.search(node.name):
        return False
    body = text_of(node)
    if ".predict" in body or ".fit(" in body:
        return False
    named = bool(_CALLED_FEATURES.search(node.name))
    return bool(_LOOKS_BACK.search(body)) or (named and (bool(_WORKS_OUT.search(body)) or _arithmetic(node)))


def _puts_together(node: ast.Call) -> bool:
    """Whether a table is made of a dictionary of columns that look back: `pd.DataFrame({"lag1": s.shift(1)})`."""
    name = called_name(node)
    return name in _FRAMES and any(_LOOKS_BACK.search(text_of(value)) for value in _columns_given(node))


def _columns_given(node: ast.Call) -> Iterator[ast.expr]:
    for given in (*node.args, *(k.value for k in node.keywords)):
        if isinstance(given, ast.Dict):
            yield from given.values
        elif isinstance(given, ast.DictComp):
            yield given.value


def _reduces(node: ast.Call) -> bool:
    name = called_name(node)
    return name in COMPONENTS and name not in _MODELS_TOO


def _called_features(node: ast.Assign) -> bool:
    """Whether something called features is worked out: `features = np.column_stack([...])`."""
    names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    if not any(_CALLED_FEATURES.search(n) for n in names) or not isinstance(node.value, ast.Call | ast.BinOp):
        return False
    text = text_of(node.value)
    return bool(_LOOKS_BACK.search(text) or _WORKS_OUT.search(text)) and "importance" not in text


def _arithmetic(node: ast.AST) -> bool:
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Sub | ast.Div | ast.Mult) for n in ast.walk(node))
