"""Which model is chosen and which is used: words of choice, and loop variables that outlive their loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Code
from nbalign.evidence.syntax import called_name, variables
from nbalign.notebooks.model import Notebook

FAMILIES = {
    "forest": re.compile(r"random[ _-]?forests?|forests?|extra[ -]?trees|\brf\b", re.IGNORECASE),
    "boosting": re.compile(r"(?:gradient |hist\w* )?boost\w*|xgb\w*|lgbm|lightgbm|catboost|\bgbm\b", re.IGNORECASE),
    "logistic": re.compile(r"logistic(?: regression)?|log_?reg\b|logit", re.IGNORECASE),
    "linear": re.compile(r"linear (?:regression|model)|\bols\b", re.IGNORECASE),
    "ridge": re.compile(r"ridge(?: regression)?", re.IGNORECASE),
    "lasso": re.compile(r"lasso(?: regression)?", re.IGNORECASE),
    "svm": re.compile(r"\bsv[mcr]\b|support[ -]vector \w+", re.IGNORECASE),
    "neighbours": re.compile(r"k-?nn\b|(?:k-)?nearest[ -]neighbou?rs?", re.IGNORECASE),
    "tree": re.compile(r"decision[ -]trees?", re.IGNORECASE),
}
_CLASS_FAMILY = (
    ("forest", re.compile(r"Forest|ExtraTrees")),
    ("boosting", re.compile(r"Boost|XGB|LGBM|GBT")),
    ("logistic", re.compile(r"^Logistic|^[Ll]ogit$")),
    ("ridge", re.compile(r"^Ridge")),
    ("lasso", re.compile(r"^Lasso")),
    ("linear", re.compile(r"^LinearRegression$|^OLS$|^ols$")),
    ("svm", re.compile(r"SV[CR]$")),
    ("neighbours", re.compile(r"^KNeighbors")),
    ("tree", re.compile(r"^DecisionTree")),
)
_FAMILY = "|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in FAMILIES.items())
_CHOSEN = re.compile(
    rf"(?:\b(?:the|our|my)\s+)?[*_`\"']*(?:{_FAMILY})[*_`\"']*(?:\s+model)?\s+"
    r"(?:wins|is the (?:winner|best(?: model| one| choice)?)|is (?:chosen|selected|best)|performs? best|"
    r"comes out on top)\b",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"\b(?:we|i|i'll|let's|so we|going to)\s+(?:\w+\s+){0,2}"
    r"(?:select|choose|pick|go with|take|stay with|stick with|use)\s+"
    rf"(?:the\s+|a\s+|our\s+)?[*_`\"']*(?:{_FAMILY})",
    re.IGNORECASE,
)
_SAID_NOT = re.compile(r"\b(?:not|never|n't|if|would|could|unless|without)\b", re.IGNORECASE)


def family(class_name: str) -> str:
    """The family of a model by its class; empty when it is none of the common ones."""
    return next((name for name, pattern in _CLASS_FAMILY if pattern.search(class_name)), "")


@dataclass(frozen=True, slots=True)
class Said:
    """A model that the notebook's words choose.

    Attributes:
        family: Which family.
        cell: Cell that says so.
    """

    family: str
    cell: int


def chosen_in_words(notebook: Notebook) -> list[Said]:
    """The models that markdown chooses in so many words, in order; the prompt's cell is left out."""
    found = []
    for cell in notebook.cells[1:]:
        if cell.kind != "markdown":
            continue
        for sentence in re.split(r"(?<=[.!?:;])\s|\n\s*\n", cell.source[:6000]):
            sentence = " ".join(sentence.split())[:400]
            match = _CHOSEN.search(sentence) or _CHOOSES.search(sentence)
            if match is None or _SAID_NOT.search(sentence[: match.end()]):
                continue
            names = [name for name, text in match.groupdict().items() if text]
            if len(names) == 1:
                found.append(Said(names[0], cell.number))
    return found


@dataclass(frozen=True, slots=True)
class Leftover:
    """A model that a loop left behind and that is used after it.

    Attributes:
        name: The variable.
        loop: Cell of the loop.
        used: Cell where it is used.
        how: `predict`, `fit`, …
        last: What the notebook calls the last model of the loop, where that is written down.
        others: What it calls the models before.
    """

    name: str
    loop: int
    used: int
    how: str
    last: str
    others: tuple[str, ...]


_USES = {"predict", "predict_proba", "decision_function", "forecast"}


def leftovers(code: Code) -> list[Leftover]:
    """Uses, after a loop over models, of the variable that still holds the loop's last model."""
    loops: dict[str, tuple[int, str, tuple[str, ...]]] = {}
    literals: dict[str, ast.expr] = {}
    found: dict[str, Leftover] = {}
    for cell in code.cells:
        for statement in cell.tree.body:
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                hidden = _hidden(statement)
                for name, how in _used(statement, loops):
                    if name in hidden:
                        continue
                    where, last, others = loops[name]
                    kept = found.get(name)
                    if kept is None or how == "predict":
                        found[name] = Leftover(name, where, cell.number, how, last, others)
            for name in _bound(statement):
                loops.pop(name, None)
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target = statement.targets[0]
                if isinstance(target, ast.Name):
                    literals[target.id] = statement.value
            if isinstance(statement, ast.For) and not _leaves_early(statement):
                names = _loop_models(statement)
                keys = _keys(statement.iter, literals)
                if len(keys) > 1:
                    loops.update({name: (cell.number, keys[-1], tuple(keys[:-1])) for name in names})
    return list(found.values())


def _leaves_early(loop: ast.For) -> bool:
    return any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))


def _loop_models(loop: ast.For) -> list[str]:
    """Loop variables that are fitted or validated in the loop's body and not bound there anew."""
    names = variables(loop.target)
    again = {n.id for s in loop.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    fitted = set()
    for statement in loop.body:
        for node in ast.walk(statement):
            if not isinstance(node, ast.Call):
                continue
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr in ("fit", "predict") and isinstance(func.value, ast.Name):
                fitted.add(func.value.id)
            name = called_name(node)
            if name.startswith("cross_val") and node.args and isinstance(node.args[0], ast.Name):
                fitted.add(node.args[0].id)
    return sorted({*((names & fitted) - again), *_made_anew(loop, names, fitted)})


def _made_anew(loop: ast.For, names: set[str], fitted: set[str]) -> set[str]:
    """Names that every round binds to a model of its own, made from what is looped over: `m = Search(m).fit(…)`."""
    steps = list(loop.body)
    for step in loop.body:
        if isinstance(step, ast.With):
            steps += step.body
    found: set[str] = set()
    for step in steps:
        if not isinstance(step, ast.Assign) or len(step.targets) != 1 or not isinstance(step.targets[0], ast.Name):
            continue
        name = step.targets[0].id
        uses = variables(step.value)
        fits = [n for n in ast.walk(step.value) if isinstance(n, ast.Attribute) and n.attr == "fit"]
        model = isinstance(step.value, ast.Call) and (
            any(step.value.func is n for n in fits) or (name in fitted and not fits and _makes(step.value))
        )
        if model and uses & names:
            found.add(name)
        else:
            found.discard(name)
    kept = {n.id for s in loop.body if isinstance(s, ast.If) for n in ast.walk(s)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}  # fmt: skip
    return found - kept


def _makes(call: ast.Call) -> bool:
    """Whether a call makes a pipeline, a search or a copy of a model."""
    name = called_name(call)
    return name in ("Pipeline", "make_pipeline", "clone", "deepcopy") or name.endswith("SearchCV")


def _keys(iterated: ast.expr, literals: dict[str, ast.expr]) -> list[str]:
    """Names of what is looped over, from a literal; an empty list when it is none."""
    if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Attribute) and iterated.func.attr == "items":
        iterated = iterated.func.value
    if isinstance(iterated, ast.Name):
        iterated = literals.get(iterated.id, iterated)
    if isinstance(iterated, ast.Dict):
        return [str(k.value) for k in iterated.keys if isinstance(k, ast.Constant)]
    if isinstance(iterated, ast.List | ast.Tuple):
        return [next((str(n.value) for n in ast.walk(e) if isinstance(n, ast.Constant)), ast.unparse(e)[:40])
                for e in iterated.elts]  # fmt: skip
    return []


def _used(statement: ast.stmt, loops: dict[str, tuple[int, str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (*_USES, "fit"):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in loops:
                yield owner.id, "fit" if node.func.attr == "fit" else "predict"


def _hidden(statement: ast.stmt) -> set[str]:
    """Names that mean something else inside a statement: bound by a loop in it, a comprehension or a lambda."""
    names = set()
    if isinstance(statement, ast.For | ast.While | ast.With | ast.If | ast.Try):
        names |= set(_bound(statement))
    for node in ast.walk(statement):
        if isinstance(node, ast.comprehension):
            names |= variables(node.target)
        elif isinstance(node, ast.Lambda):
            names |= {a.arg for a in node.args.args}
    return names


def _bound(statement: ast.stmt) -> Iterable[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
