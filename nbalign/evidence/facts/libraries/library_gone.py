"""Names, methods and arguments that are gone from current releases of usual libraries, with the release."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Code

_NAMES = """
sklearn.externals.joblib | scikit-learn 0.23 | import joblib
sklearn.externals.six | scikit-learn 0.23 |
sklearn.cross_validation | scikit-learn 0.20 | sklearn.model_selection
sklearn.grid_search | scikit-learn 0.20 | sklearn.model_selection
sklearn.learning_curve | scikit-learn 0.20 | sklearn.model_selection
sklearn.datasets.load_boston | scikit-learn 1.2 |
sklearn.datasets.fetch_mldata | scikit-learn 0.22 | fetch_openml
sklearn.datasets.samples_generator | scikit-learn 0.24 | sklearn.datasets
sklearn.metrics.plot_confusion_matrix | scikit-learn 1.2 | ConfusionMatrixDisplay
sklearn.metrics.plot_roc_curve | scikit-learn 1.2 | RocCurveDisplay
sklearn.metrics.plot_precision_recall_curve | scikit-learn 1.2 | PrecisionRecallDisplay
sklearn.metrics.jaccard_similarity_score | scikit-learn 0.23 | jaccard_score
sklearn.metrics.scorer | scikit-learn 0.24 | sklearn.metrics
sklearn.inspection.plot_partial_dependence | scikit-learn 1.2 | PartialDependenceDisplay
sklearn.preprocessing.Imputer | scikit-learn 0.22 | sklearn.impute.SimpleImputer
sklearn.utils.testing | scikit-learn 0.24 |
sklearn.ensemble.forest | scikit-learn 0.24 | sklearn.ensemble
sklearn.linear_model.logistic | scikit-learn 0.24 | sklearn.linear_model
sklearn.mixture.GMM | scikit-learn 0.20 | GaussianMixture
sklearn.linear_model.RandomizedLasso | scikit-learn 0.21 |
sklearn.linear_model.RandomizedLogisticRegression | scikit-learn 0.21 |
pandas.util.testing | pandas 2.0 | pandas.testing
pandas.Panel | pandas 1.0 |
pandas.rolling_mean | pandas 1.0 | .rolling().mean()
pandas.rolling_std | pandas 1.0 | .rolling().std()
pandas.tools | pandas 1.0 | pandas.plotting
pandas.scatter_matrix | pandas 1.0 | pandas.plotting.scatter_matrix
pandas.datetime | pandas 2.0 | datetime
pandas.np | pandas 2.0 | numpy
pandas.Int64Index | pandas 2.0 | pandas.Index
pandas.Float64Index | pandas 2.0 | pandas.Index
numpy.float | NumPy 1.24 | float
numpy.int | NumPy 1.24 | int
numpy.object | NumPy 1.24 | object
numpy.complex | NumPy 1.24 | complex
numpy.float_ | NumPy 2.0 | numpy.float64
numpy.unicode_ | NumPy 2.0 | numpy.str_
numpy.NaN | NumPy 2.0 | numpy.nan
numpy.Inf | NumPy 2.0 | numpy.inf
numpy.infty | NumPy 2.0 | numpy.inf
numpy.product | NumPy 2.0 | numpy.prod
numpy.cumproduct | NumPy 2.0 | numpy.cumprod
numpy.alltrue | NumPy 2.0 | numpy.all
numpy.sometrue | NumPy 2.0 | numpy.any
scipy.misc.imread | SciPy 1.2 | imageio
scipy.misc.imsave | SciPy 1.2 | imageio
scipy.misc.imresize | SciPy 1.3 |
scipy.stats.binom_test | SciPy 1.12 | binomtest
scipy.integrate.simps | SciPy 1.14 | simpson
scipy.integrate.cumtrapz | SciPy 1.14 | cumulative_trapezoid
scipy.interpolate.interp2d | SciPy 1.14 |
statsmodels.tsa.arima_model | statsmodels 0.13 | statsmodels.tsa.arima.model
tensorflow.contrib | TensorFlow 2.0 |
tensorflow.placeholder | TensorFlow 2.0 |
tensorflow.Session | TensorFlow 2.0 |
tensorflow.InteractiveSession | TensorFlow 2.0 |
tensorflow.ConfigProto | TensorFlow 2.0 |
tensorflow.set_random_seed | TensorFlow 2.0 | tf.random.set_seed
tensorflow.get_variable | TensorFlow 2.0 |
tensorflow.global_variables_initializer | TensorFlow 2.0 |
tensorflow.truncated_normal | TensorFlow 2.0 | tf.random.truncated_normal
tensorflow.examples.tutorials | TensorFlow 2.0 |
tensorflow.keras.wrappers.scikit_learn | TensorFlow 2.12 | scikeras
keras.wrappers.scikit_learn | Keras 2.12 | scikeras
keras.utils.np_utils | Keras 3.0 | keras.utils.to_categorical
keras.layers.core | Keras 3.0 | keras.layers
keras.layers.convolutional | Keras 3.0 | keras.layers
keras.layers.recurrent | Keras 3.0 | keras.layers
keras.layers.embeddings | Keras 3.0 | keras.layers
keras.layers.normalization | Keras 3.0 | keras.layers
keras.layers.advanced_activations | Keras 3.0 | keras.layers
plotly.plotly | plotly 4.0 | chart_studio
gensim.summarization | gensim 4.0 |
"""
_DEPRECATED = """
seaborn.distplot | seaborn 0.11 | histplot
seaborn.factorplot | seaborn 0.9 | catplot
pandas_profiling | pandas-profiling 4.0 | ydata_profiling
fbprophet | Prophet 1.0 | prophet
"""
_METHODS = {
    "as_matrix": ("pandas 1.0", ".to_numpy()"),
    "ix": ("pandas 1.0", ".loc or .iloc"),
    "iteritems": ("pandas 2.0", ".items()"),
    "fit_sample": ("imbalanced-learn 0.8", ".fit_resample()"),
    "get_feature_names": ("scikit-learn 1.2", ".get_feature_names_out()"),
}
_TELLING = frozenset({"as_matrix", "ix", "fit_sample", "get_feature_names"})  # dicts had iteritems as well
# Function or method -> keyword -> release and what to write; the callee's name is known well enough to be certain.
_NORMALIZED = {"normalize": ("scikit-learn 1.2", "StandardScaler")}
_BASED = {"base_estimator": ("scikit-learn 1.4", "estimator=")}
_ARGUMENTS: dict[str, dict[str, tuple[str, str]]] = {
    "sklearn.metrics.mean_squared_error": {"squared": ("scikit-learn 1.6", "root_mean_squared_error")},
    "sklearn.preprocessing.OneHotEncoder": {"sparse": ("scikit-learn 1.4", "sparse_output=")},
    "sklearn.linear_model.LinearRegression": _NORMALIZED,
    "sklearn.linear_model.Ridge": _NORMALIZED,
    "sklearn.linear_model.Lasso": _NORMALIZED,
    "sklearn.linear_model.ElasticNet": _NORMALIZED,
    "sklearn.ensemble.AdaBoostClassifier": _BASED,
    "sklearn.ensemble.AdaBoostRegressor": _BASED,
    "sklearn.ensemble.BaggingClassifier": _BASED,
    "sklearn.ensemble.BaggingRegressor": _BASED,
    "pandas.read_csv": {"error_bad_lines": ("pandas 2.0", "on_bad_lines="), "squeeze": ("pandas 2.0", ".squeeze()")},
    ".append": {"ignore_index": ("pandas 2.0", "pandas.concat")},
}
_DISTRIBUTIONS = {"scikit-learn": ("scikit-learn", "sklearn"), "NumPy": ("numpy",), "SciPy": ("scipy",)}


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that current releases no longer have.

    Attributes:
        cell: Cell number.
        what: As people know it: `sklearn.datasets.load_boston`, `OneHotEncoder(sparse=)`, `DataFrame.append`.
        last: The part that an error message would name.
        release: Library and release in which it went, such as `scikit-learn 1.2`.
        instead: What takes its place; empty for nothing.
        removed: False when it is only deprecated.
    """

    cell: int
    what: str
    last: str
    release: str
    instead: str
    removed: bool = True

    @property
    def packages(self) -> tuple[str, ...]:
        """Names under which its library is installed."""
        library = self.release.rpartition(" ")[0]
        return _DISTRIBUTIONS.get(library, (library.lower(),))

    @property
    def version(self) -> tuple[int, ...]:
        """The release as numbers."""
        return version_of(self.release.rpartition(" ")[2])


def version_of(text: str) -> tuple[int, ...]:
    """The first dotted number in a text: `==1.2.1` is (1, 2, 1); empty for none."""
    found = re.search(r"\d{1,6}(?:\.\d{1,6}){0,3}", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _table(text: str) -> dict[str, tuple[str, str]]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return {name.strip(): (release.strip(), instead.strip()) for name, release, instead in rows}


_GONE = _table(_NAMES)
_OLD = _table(_DEPRECATED)


def read_gone(code: Code) -> tuple[Gone, ...]:
    """Everything in the code that current releases no longer have, each once a cell, in order."""
    found: dict[tuple[int, str], Gone] = {}
    for one in _all(code):
        found.setdefault((one.cell, one.what), one)
    return tuple(sorted(found.values(), key=lambda g: (g.cell, g.what)))


def why_unnamed(last: str) -> tuple[str, str] | None:
    """Release and replacement for a name whose import failed without word of its module; only one may have had it."""
    ends = [found for name, found in _GONE.items() if name.endswith(f".{last}")]
    return ends[0] if len(ends) == 1 else None


def why_gone(last: str, owner: str = "") -> tuple[str, str] | None:
    """Release and replacement for a name in an error message, and for the module or class that does not have it.

    Args:
        last: Name, attribute or argument.
        owner: Module, class or function.
    """
    if f"{owner}.{last}" in _GONE:
        return _GONE[f"{owner}.{last}"]
    if not owner:
        return _GONE.get(last)
    if last == "append" and owner in ("DataFrame", "Series"):
        return "pandas 2.0", "pandas.concat"
    if last in _METHODS and owner:
        return _METHODS[last]
    called = owner.partition(".")[0]
    for name, arguments in _ARGUMENTS.items():
        if name.rpartition(".")[2] == called and last in arguments and called:
            return arguments[last]
    return None


def _all(code: Code) -> Iterator[Gone]:
    for i in code.imports:
        yield from _named(i.cell, f"{i.module}.{i.name}" if i.name and i.name != "*" else i.module)
    families = _families({i.top for i in code.imports})
    own = {n.name for c in code.cells for n in c.nodes if isinstance(n, ast.FunctionDef)}
    for cell in code.cells:
        for node in cell.nodes:
            if not isinstance(node, ast.Attribute):
                continue
            name = code.dotted(node)
            if not name.startswith("."):
                yield from _named(cell.number, name)
            elif node.attr in _METHODS and node.attr not in own and isinstance(node.ctx, ast.Load):
                release, instead = _METHODS[node.attr]
                if node.attr in _TELLING and release.split()[0].split("-")[0] in families:
                    yield Gone(cell.number, f".{node.attr}", node.attr, release, instead)
    yield from _arguments(code)


def _families(roots: set[str]) -> set[str]:
    names = {"sklearn": "scikit", "imblearn": "imbalanced"}
    return {names.get(root, root) for root in roots}


def _named(cell: int, name: str) -> Iterator[Gone]:
    parts = name.split(".")
    for length in range(1, min(len(parts), 6) + 1):
        key = ".".join(parts[:length])
        if key in _GONE:
            yield Gone(cell, key, parts[length - 1], *_GONE[key])
        elif key in _OLD:
            yield Gone(cell, key, parts[length - 1], *_OLD[key], removed=False)


def _arguments(code: Code) -> Iterator[Gone]:
    for call in code.calls:
        given = {k.arg for k in call.node.keywords if k.arg}
        for argument, (release, instead) in _ARGUMENTS.get(call.name, {}).items():
            if argument in given:
                short = call.last if call.name != ".append" else "DataFrame.append"
                yield Gone(
                    call.cell, f"{short}({argument}=)", "append" if "append" in short else argument, release, instead
                )
        if call.last == "fillna" and "method" in given:
            yield Gone(call.cell, "fillna(method=)", "method", "pandas 2.1", ".ffill() or .bfill()", removed=False)
        if call.name == "matplotlib.pyplot.style.use" and call.node.args:
            style = call.node.args[0]
            if isinstance(style, ast.Constant) and re.match(r"seaborn(?!-v0)", str(style.value)):
                yield Gone(call.cell, f"style {str(style.value)[:24]!r}", "style", "Matplotlib 3.8", "seaborn-v0_8")
