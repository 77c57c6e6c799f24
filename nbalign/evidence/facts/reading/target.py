"""A guess at the target column from the idioms by which notebooks part it from the features."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from weakref import WeakKeyDictionary

from nbalign.evidence.code import Call, Code
from nbalign.evidence.facts.reading.strings import ALL, column_of, strings_of
from nbalign.evidence.facts.reading.target_columns import is_series_read, keeps_meaning, one_column, one_name
from nbalign.evidence.facts.reading.words import words

_ENOUGH = 2.0  # votes below which the target is not known
_Y = re.compile(r"^(?:y|Y|labels?|targets?|y_?(?:train|tr|all|full|raw|true|data|test|te|val)|(?:train|test)_y)$")
_X = re.compile(r"^(?:X|x|features?|X_?(?:train|tr|all|full|raw|data|test|te)|predictors|inputs)$")
_NAMED = re.compile(
    r"^(?:target|label|dependent|response|outcome|y)_?(?:col|column|name|var|variable|feature)?$", re.IGNORECASE
)
_KEYWORDS = frozenset({"labelCol", "label_col", "target", "label", "target_col", "target_column", "y", "stratify"})
_FORMULA = re.compile(
    r"^\s*(?:(?:np\.)?(?:log|log1p|sqrt)\(\s*)?(?:Q\(['\"]|C\()?([A-Za-z_][\w .]{0,60}?)['\")\s]*~[^~=]"
)
_ASKED = re.compile(
    r"\b(?:predict|forecast|estimate|classify|model|explain|recogni[sz]e|detect)\w*\s+(?:the\s+|whether\s+|if\s+)?"
    r"[`'\"]?([A-Za-z_]\w{1,60})",
    re.IGNORECASE,
)
_UNSUPERVISED_SECOND = frozenset({"fit", "train_test_split", "cross_val_score", "cross_validate", "cross_val_predict"})


def target_of(code: Code) -> str:
    """The name of the target column.

    Read from `y = df["x"]`, `df.drop("x", axis=1)`, `TARGET = "x"`, formulas such as `"x ~ a + b"`, arguments of splits
    and fits, and the task prompt where it names a column that the code uses.

    Args:
        code: The notebook's code.

    Returns:
        The name; empty when there is no guess, or two are equally good.
    """
    return _guess(code)[0]


def target_names(code: Code) -> frozenset[str]:
    """The target column, columns that it was made of or that were made of it alone, and variables bound to it."""
    return _guess(code)[1]


def _guess(code: Code) -> tuple[str, frozenset[str]]:
    found = _READ.get(code)
    if found is None:
        votes = _Votes(code)
        target = votes.winner()
        found = _READ[code] = (target, votes.names(target))
    return found


_READ: WeakKeyDictionary[Code, tuple[str, frozenset[str]]] = WeakKeyDictionary()


class _Votes:
    """The votes of all idioms in one notebook."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.strings = strings_of(code)
        self.votes: defaultdict[str, float] = defaultdict(float)
        self.used = {
            a.id
            for c in code.calls
            if c.last in _UNSUPERVISED_SECOND or "split" in c.last
            for a in [*c.node.args, *(k.value for k in c.node.keywords)]
            if isinstance(a, ast.Name)
        }
        self.assigned: list[tuple[ast.expr, ast.expr]] = []
        for cell in code.cells:
            for node in cell.nodes:
                if isinstance(node, ast.Assign):
                    for to in node.targets:
                        self.assignment(to, node.value)
                elif isinstance(node, ast.AnnAssign) and node.value is not None:
                    self.assignment(node.target, node.value)
                elif isinstance(node, ast.FunctionDef):
                    self.defaults(node)
                elif isinstance(node, ast.Compare):
                    self.left_out(node)
                elif isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values, strict=True):
                        if isinstance(key, ast.Constant) and _NAMED.match(str(key.value)) and key.value != "y":
                            self.vote(self.strings.of(value), 2, constants=value)
        self.own = {
            node.name: [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
            for cell in code.cells
            for node in cell.nodes
            if isinstance(node, ast.FunctionDef)
        }
        for call in code.calls:
            self.call(call)
        self.prompt()

    def vote(self, names: frozenset[str], weight: float, constants: ast.expr | None = None) -> None:
        """Votes for one name; for several only a little each. With `constants`, a string itself must stand there."""
        if constants is not None and not (isinstance(constants, ast.Constant) and isinstance(constants.value, str)):
            return
        if ALL in names or not names or len(names) > 12:
            return
        for name in names:
            if name and len(name) <= 80:
                self.votes[name] += weight if len(names) == 1 else min(weight, 1.2) / len(names)

    def assignment(self, to: ast.expr, value: ast.expr) -> None:
        if isinstance(to, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for inner, part in zip(to.elts, value.elts, strict=False):
                self.assignment(inner, part)
            return
        self.assigned.append((to, value))
        name = to.id if isinstance(to, ast.Name) else to.attr if isinstance(to, ast.Attribute) else ""
        if not name:
            return
        if isinstance(to, ast.Name) and is_series_read(value):
            self.vote(one_column(value, self.strings), 2)  # a table of which one column is taken at once: a series
        if _NAMED.match(name) and isinstance(value, ast.Constant):
            self.vote(self.strings.of(value), 3 if name.lower() != "y" else 1, constants=value)
        elif _Y.match(name):
            sure = name in self.used or name not in ("y", "Y", "labels", "label")
            self.vote(one_column(value, self.strings), 3 if sure else 1)
        elif _X.match(name):
            self.vote(self.dropped(value), 2)

    def dropped(self, value: ast.expr) -> frozenset[str]:
        """Columns left out in `df.drop(...)` or `df.columns.drop(...)` anywhere in an expression."""
        for node in ast.walk(value):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "drop":
                keyword = next((k.value for k in node.keywords if k.arg in ("columns", "labels")), None)
                rows = any(k.arg == "index" for k in node.keywords)
                given = keyword or (node.args[0] if node.args and not rows else None)
                return self.strings.of(given)
        return frozenset()

    def left_out(self, node: ast.Compare) -> None:
        """`[c for c in df.columns if c != "x"]` and `... if c not in ("id", "x")`."""
        if isinstance(node.left, ast.Name) and len(node.ops) == 1 and isinstance(node.ops[0], ast.NotEq | ast.NotIn):
            source = self.strings.looped.get(node.left.id, [])
            if any((isinstance(s, ast.Attribute) and s.attr == "columns") or isinstance(s, ast.Name) for s in source):
                self.vote(self.strings.of(node.comparators[0]), 1.5)

    def defaults(self, node: ast.FunctionDef) -> None:
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
        for name, value in zip(reversed(names), reversed(node.args.defaults), strict=False):
            if _NAMED.match(name) and name != "y":
                self.vote(self.strings.of(value), 2, constants=value)

    def call(self, call: Call) -> None:
        if call.last == "pop" and len(call.node.args) == 1 and isinstance(call.node.func, ast.Attribute):
            self.vote(self.strings.of(call.node.args[0]), 1, constants=call.node.args[0])
        if call.last in _UNSUPERVISED_SECOND:
            at = 2 if call.last.startswith("cross_val") else 1
            second = call.node.args[at] if len(call.node.args) > at else call.argument(-1, "y")
            if second is not None and not isinstance(second, ast.Name):
                self.vote(one_column(second, self.strings), 3 if call.last != "fit" else 2)
        for given in call.node.keywords:
            if given.arg == "stratify":
                self.vote(one_column(given.value, self.strings), 2)
            elif given.arg in _KEYWORDS and isinstance(given.value, ast.Constant) and call.last in _TAKERS:
                self.vote(self.strings.of(given.value), 3)
        if call.name in self.own:
            for name, passed in zip(self.own[call.name], call.node.args, strict=False):
                if _Y.match(name) and not isinstance(passed, ast.Name | ast.Attribute):
                    self.vote(one_column(passed, self.strings), 2)
        if call.last == "drop" or (not call.node.args and not call.node.keywords):
            return
        for value in (
            *call.node.args[:2],
            *(k.value for k in call.node.keywords if k.arg in ("formula", "formula_like")),
        ):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and "~" in value.value:
                found = _FORMULA.match(value.value)
                if found:
                    self.votes[found.group(1).strip()] += 2

    def prompt(self) -> None:
        """Where the prompt asks to predict something that is a column of the code, that is a vote too."""
        prompt = self.code.notebook.prompt[:4000]
        if not prompt:
            return
        columns = {
            n.value
            for c in self.code.cells
            for n in c.nodes
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and 0 < len(n.value) <= 60
        }
        asked = {m.group(1).casefold() for m in _ASKED.finditer(prompt)}
        words = {w.casefold() for w in re.findall(r"\w+", prompt)}
        for column in columns:
            if column.casefold() in asked:
                self.votes[column] += 2
            elif column.casefold() in words and self.votes.get(column):
                self.votes[column] += 0.5

    def winner(self) -> str:
        best = sorted(self.votes.items(), key=lambda item: -item[1])[:2]
        if not best or best[0][1] < _ENOUGH or (len(best) > 1 and best[1][1] == best[0][1]):
            return ""
        return best[0][0]

    def names(self, target: str) -> frozenset[str]:
        """Names under which the target goes: columns made of it alone or that it was made of, and variables."""
        if not target:
            return frozenset()
        names = {target}
        for _ in range(2):
            for to, value in self.assigned:
                source = one_column(value, self.strings)
                bare = one_name(value)
                if isinstance(to, ast.Name) and ((source and source <= names) or (bare in names and bare != target)):
                    names.add(to.id)
                elif isinstance(to, ast.Subscript):
                    made = column_of(to, self.strings)
                    if made == {target} and isinstance(value, ast.BinOp) and not source:
                        source = one_column(value.left, self.strings)
                    if len(made) == 1 and len(source) == 1 and ALL not in made | source:
                        if source <= names and keeps_meaning(value):
                            names |= made
                        elif made == {target}:
                            names |= source
        if any(call.last == "train_test_split" for call in self.code.calls):
            names |= _names(self.code) & {"y_train", "y_tr", "ytr", "Ytr", "y_trn", "Y_train"}
        return frozenset(names - {ALL, "_"})


_TAKERS = words(
    "setup TabularPredictor pd_dataframe_to_tf_dataset train LogisticRegression RandomForestClassifier "
    "GBTClassifier RandomForestRegressor GBTRegressor LinearRegression DecisionTreeClassifier "
    "DecisionTreeRegressor NaiveBayes BinaryClassificationEvaluator MulticlassClassificationEvaluator "
    "RegressionEvaluator LinearSVC XGBClassifier"
)


def _names(code: Code) -> frozenset[str]:
    return frozenset(
        n.id for c in code.cells for n in c.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
