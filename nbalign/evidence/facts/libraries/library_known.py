"""What is known of libraries by name: usual aliases, names they export, the usual base, and extras beyond it."""

from __future__ import annotations

import builtins
import re
import sys

from nbalign.evidence.facts.reading.words import words

ALIASES: dict[str, str] = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "mpl": "matplotlib",
    "mdates": "matplotlib.dates",
    "mticker": "matplotlib.ticker",
    "mpatches": "matplotlib.patches",
    "sns": "seaborn",
    "sm": "statsmodels.api",
    "smf": "statsmodels.formula.api",
    "tsa": "statsmodels.tsa.api",
    "stats": "scipy.stats",
    "sp": "scipy",
    "tf": "tensorflow",
    "nn": "torch.nn",
    "optim": "torch.optim",
    "xgb": "xgboost",
    "lgb": "lightgbm",
    "lgbm": "lightgbm",
    "px": "plotly.express",
    "go": "plotly.graph_objects",
    "alt": "altair",
    "gpd": "geopandas",
    "nx": "networkx",
    "cv2": "cv2",
    "msno": "missingno",
    "pm": "pmdarima",
    "pl": "polars",
}
"""Names that notebooks give to libraries by habit, and what they stand for."""

_EXPORTS = {
    "sklearn.model_selection": "train_test_split cross_val_score cross_val_predict cross_validate GridSearchCV "
    "RandomizedSearchCV KFold StratifiedKFold GroupKFold TimeSeriesSplit RepeatedStratifiedKFold RepeatedKFold "
    "ShuffleSplit StratifiedShuffleSplit LeaveOneOut learning_curve validation_curve ParameterGrid",
    "sklearn.preprocessing": "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler LabelEncoder OneHotEncoder "
    "OrdinalEncoder LabelBinarizer PolynomialFeatures PowerTransformer QuantileTransformer KBinsDiscretizer Normalizer "
    "FunctionTransformer TargetEncoder",
    "sklearn.impute": "SimpleImputer KNNImputer IterativeImputer MissingIndicator",
    "sklearn.compose": "ColumnTransformer make_column_transformer make_column_selector TransformedTargetRegressor",
    "sklearn.pipeline": "Pipeline make_pipeline FeatureUnion make_union",
    "sklearn.linear_model": "LinearRegression LogisticRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV "
    "SGDClassifier SGDRegressor BayesianRidge HuberRegressor PoissonRegressor TweedieRegressor Perceptron",
    "sklearn.ensemble": "RandomForestClassifier RandomForestRegressor GradientBoostingClassifier "
    "GradientBoostingRegressor HistGradientBoostingClassifier HistGradientBoostingRegressor ExtraTreesClassifier "
    "ExtraTreesRegressor AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor VotingClassifier "
    "VotingRegressor StackingClassifier StackingRegressor IsolationForest",
    "sklearn.tree": "DecisionTreeClassifier DecisionTreeRegressor plot_tree export_graphviz export_text",
    "sklearn.svm": "SVC SVR LinearSVC LinearSVR OneClassSVM",
    "sklearn.neighbors": "KNeighborsClassifier KNeighborsRegressor NearestNeighbors LocalOutlierFactor",
    "sklearn.naive_bayes": "GaussianNB MultinomialNB BernoulliNB ComplementNB",
    "sklearn.neural_network": "MLPClassifier MLPRegressor",
    "sklearn.dummy": "DummyClassifier DummyRegressor",
    "sklearn.cluster": "KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering",
    "sklearn.decomposition": "PCA TruncatedSVD NMF",
    "sklearn.feature_selection": "SelectKBest SelectFromModel SelectPercentile RFE RFECV VarianceThreshold f_classif "
    "f_regression mutual_info_classif mutual_info_regression",
    "sklearn.feature_extraction.text": "TfidfVectorizer CountVectorizer TfidfTransformer HashingVectorizer",
    "sklearn.calibration": "CalibratedClassifierCV calibration_curve",
    "sklearn.inspection": "permutation_importance PartialDependenceDisplay",
    "sklearn.base": "BaseEstimator TransformerMixin ClassifierMixin RegressorMixin",
    "sklearn.metrics": "accuracy_score precision_score recall_score f1_score fbeta_score roc_auc_score roc_curve "
    "average_precision_score precision_recall_curve precision_recall_fscore_support confusion_matrix "
    "classification_report ConfusionMatrixDisplay RocCurveDisplay PrecisionRecallDisplay mean_squared_error "
    "root_mean_squared_error mean_absolute_error mean_absolute_percentage_error median_absolute_error r2_score "
    "explained_variance_score log_loss brier_score_loss balanced_accuracy_score matthews_corrcoef cohen_kappa_score "
    "silhouette_score make_scorer",
    "xgboost": "XGBClassifier XGBRegressor XGBRanker",
    "lightgbm": "LGBMClassifier LGBMRegressor LGBMRanker",
    "catboost": "CatBoostClassifier CatBoostRegressor",
    "imblearn": "SMOTE SMOTENC ADASYN RandomOverSampler RandomUnderSampler SMOTEENN SMOTETomek",
    "statsmodels": "ARIMA SARIMAX ExponentialSmoothing SimpleExpSmoothing seasonal_decompose adfuller plot_acf "
    "plot_pacf variance_inflation_factor",
    "prophet": "Prophet",
    "scipy.stats": "zscore ttest_ind chi2_contingency spearmanr pearsonr mannwhitneyu boxcox",
    "mlflow.models": "infer_signature",
    "mlflow.tracking": "MlflowClient",
    "tensorflow.keras": "Sequential EarlyStopping ImageDataGenerator to_categorical",
    "collections": "defaultdict Counter OrderedDict namedtuple deque",
    "pathlib": "Path",
    "datetime": "timedelta",
    "copy": "deepcopy",
    "tqdm": "trange",
    "IPython.display": "HTML Markdown clear_output",
}
EXPORTS: dict[str, str] = {name: module for module, names in _EXPORTS.items() for name in names.split()}
"""Names that are taken from libraries by `from … import`, and where from."""

_MODULES = words(
    "numpy pandas matplotlib seaborn sklearn scipy statsmodels mlflow joblib xgboost lightgbm catboost shap "
    "optuna torch tensorflow keras plotly altair nltk spacy requests networkx polars missingno imblearn "
    "prophet pmdarima hyperopt pyspark dask cv2 tqdm transformers datasets category_encoders yaml wandb"
)
# Modules of the standard library whose names people hardly ever give to a variable.
_STANDARD = words(
    "os sys re json math warnings itertools collections functools pickle logging datetime random glob shutil "
    "pathlib subprocess csv zipfile tempfile sqlite3 hashlib gc io operator statistics textwrap uuid urllib"
)

EXTRAS: dict[str, str] = {
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "imblearn": "imbalanced-learn",
    "shap": "shap",
    "lime": "lime",
    "eli5": "eli5",
    "optuna": "optuna",
    "hyperopt": "hyperopt",
    "skopt": "scikit-optimize",
    "bayes_opt": "bayesian-optimization",
    "prophet": "prophet",
    "fbprophet": "fbprophet",
    "pmdarima": "pmdarima",
    "category_encoders": "category-encoders",
    "feature_engine": "feature-engine",
    "featuretools": "featuretools",
    "missingno": "missingno",
    "pandas_profiling": "pandas-profiling",
    "ydata_profiling": "ydata-profiling",
    "sweetviz": "sweetviz",
    "pycaret": "pycaret",
    "h2o": "h2o",
    "tpot": "tpot",
    "autogluon": "autogluon",
    "lazypredict": "lazypredict",
    "yellowbrick": "yellowbrick",
    "scikitplot": "scikit-plot",
    "mlxtend": "mlxtend",
    "umap": "umap-learn",
    "hdbscan": "hdbscan",
    "geopandas": "geopandas",
    "folium": "folium",
    "sktime": "sktime",
    "darts": "darts",
    "tsfresh": "tsfresh",
    "kmodes": "kmodes",
    "lifelines": "lifelines",
    "boruta": "boruta",
    "interpret": "interpret",
    "wandb": "wandb",
    "statsforecast": "statsforecast",
    "neuralprophet": "neuralprophet",
    "arch": "arch",
    "sentence_transformers": "sentence-transformers",
}
"""Modules beyond the usual data-science base -> the package to install. MLflow is taken as provided."""

SIDE_EFFECTS = re.compile(
    r"^(?:__future__|.*\benable_\w+|.*\.?Axes3D|hvplot(?:\..*)?|cufflinks|janitor|swifter|pandas_profiling|"
    r"ydata_profiling|openpyxl|xlrd|xlsxwriter|pyarrow|fastparquet|lxml|html5lib|tables|psycopg2|pymysql|scienceplots|"
    r"google\.colab(?:\..*)?|mpl_toolkits(?:\..*)?|jupyterthemes|autotime|ipympl|ipywidgets|kaleido|tabulate|graphviz|"
    r"setuptools|distutils|antigravity|this|readline|nest_asyncio|cudf\.pandas|sklearnex|modin|pandas_datareader|"
    r"tensorflow_text|tensorflow_addons|torch_xla|intel_extension_for_pytorch|pyforest|dask\.dataframe|matplotlib|"
    r"woodwork|pint_pandas|skrub|fireducks\.pandas)$"
)
"""Imports that do something by being imported, or serve another library: never called unused."""

_PROVIDED = words(
    "get_ipython display In Out exit quit spark sc sqlContext dbutils displayHTML table sql udf getArgument "
    "sqlc unicode xrange raw_input reduce basestring long unichr file cmp execfile reload apply intern buffer "
    "__file__ __builtins__ __annotations__ __session__ __path__ __spec__ reveal_type StandardError ipython "
    "WindowsError __IPYTHON__"
)
_HISTORY = re.compile(r"^_+(?:i*|i?\d+|oh|ih|dh|sh)$")


def provided(name: str) -> bool:
    """Whether a name is there without being made: builtins, and what IPython, Databricks and Python 2 provide."""
    return hasattr(builtins, name) or name in _PROVIDED or name in _MODULE_NAMES or bool(_HISTORY.match(name))


_MODULE_NAMES = frozenset({"__name__", "__doc__", "__package__", "__loader__", "__debug__"})


def library_of(name: str) -> str:
    """The library that an unbound name must come from; empty when that is not certain enough to be said."""
    if name in ALIASES:
        return ALIASES[name]
    if name in EXPORTS:
        return EXPORTS[name]
    return name if name in _MODULES or name in _STANDARD else ""


def is_standard(module: str) -> bool:
    """Whether a top-level module belongs to Python itself."""
    return module in sys.stdlib_module_names


def is_known(module: str) -> bool:
    """Whether a top-level module is one that can be told from a word of prose."""
    return module in _MODULES or module in EXTRAS or is_standard(module)
