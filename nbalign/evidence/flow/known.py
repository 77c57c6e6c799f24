"""What is known by name: estimators and what they learn, metrics, looks. Other names rightly mean nothing."""

from __future__ import annotations

import re

from nbalign.evidence.flow.estimator_notes import Role

FILLERS = {"SimpleImputer", "KNNImputer", "IterativeImputer", "Imputer", "MissForest", "MeanMedianImputer",
           "KNN", "SoftImpute", "IterativeSVD", "MICE"}  # fmt: skip
SCALERS = {
    "StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "PowerTransformer", "QuantileTransformer",
    "Normalization",
}  # fmt: skip
ENCODERS = {
    "OneHotEncoder", "OrdinalEncoder", "LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "StringIndexer",
    "BinaryEncoder", "CountEncoder", "HashingEncoder", "DictVectorizer", "OneHotEncoderEstimator",
}  # fmt: skip
TARGET_ENCODERS = {"TargetEncoder", "LeaveOneOutEncoder", "CatBoostEncoder", "JamesSteinEncoder", "MEstimateEncoder",
                   "WOEEncoder"}  # fmt: skip
VECTORIZERS = {"CountVectorizer", "TfidfVectorizer", "TfidfTransformer", "Tokenizer", "TextVectorization", "IDF",
               "Word2Vec", "Doc2Vec"}  # fmt: skip
DECOMPOSERS = {
    "PCA", "TruncatedSVD", "NMF", "FastICA", "KernelPCA", "SparsePCA", "IncrementalPCA", "FactorAnalysis", "TSNE",
    "UMAP", "LatentDirichletAllocation", "Isomap",
}  # fmt: skip
# Classifiers and regressions whose `transform` projects the data on axes that were learned with the target.
PROJECTORS = {"LinearDiscriminantAnalysis", "NeighborhoodComponentsAnalysis", "PLSRegression", "PLSCanonical", "CCA"}
SELECTORS = {
    "SelectKBest", "SelectPercentile", "RFE", "RFECV", "SelectFromModel", "VarianceThreshold", "SelectFdr",
    "SelectFpr", "SequentialFeatureSelector", "GenericUnivariateSelect", "BorutaPy",
}  # fmt: skip
BINNERS = {"KBinsDiscretizer", "Bucketizer", "QuantileDiscretizer"}
SCALING = {"scale", "minmax_scale", "maxabs_scale", "robust_scale", "power_transform", "quantile_transform", "zscore"}
STATELESS = {
    "PolynomialFeatures", "FunctionTransformer", "Normalizer", "Binarizer", "HashingVectorizer", "FeatureHasher",
    "VectorAssembler", "HashingTF", "StopWordsRemover", "RegexTokenizer", "SplineTransformer",
}  # fmt: skip
COMPOSITES = {"Pipeline", "make_pipeline", "ColumnTransformer", "make_column_transformer", "FeatureUnion",
              "make_union", "DataFrameMapper", "make_imb_pipeline"}  # fmt: skip
SEARCHES = {
    "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "BayesSearchCV",
    "CrossValidator", "TrainValidationSplit", "OptunaSearchCV", "TuneSearchCV",
}  # fmt: skip
SPLITTERS = {
    "KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold", "RepeatedKFold", "RepeatedStratifiedKFold",
    "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit", "TimeSeriesSplit", "LeaveOneOut",
    "LeaveOneGroupOut", "PredefinedSplit",
}  # fmt: skip
RESAMPLERS = {
    "SMOTE", "SMOTENC", "SMOTEN", "BorderlineSMOTE", "SVMSMOTE", "ADASYN", "RandomOverSampler", "RandomUnderSampler",
    "SMOTEENN", "SMOTETomek", "NearMiss", "TomekLinks", "ClusterCentroids", "KMeansSMOTE",
}  # fmt: skip
UNDERSAMPLERS = {"RandomUnderSampler", "NearMiss", "TomekLinks", "ClusterCentroids", "EditedNearestNeighbours"}
DUMMIES = {"DummyClassifier", "DummyRegressor", "NaiveForecaster"}
BUILDERS = {
    "OLS", "WLS", "GLS", "GLM", "Logit", "Probit", "MNLogit", "Poisson", "ols", "logit", "glm", "probit", "mnlogit",
    "poisson", "ARIMA", "SARIMAX", "AutoReg", "ExponentialSmoothing", "SimpleExpSmoothing", "Holt", "VAR", "AR",
    "ARMA", "UnobservedComponents", "ETSModel", "PHReg", "OrderedModel", "MixedLM", "mixedlm", "NegativeBinomial",
    "ThetaModel", "RLM", "rlm", "quantreg", "QuantReg", "wls", "gls",
}  # fmt: skip

_WHAT = (
    (FILLERS, "fill"),
    (SCALERS, "scale"),
    (ENCODERS, "encode"),
    (TARGET_ENCODERS, "target encode"),
    (VECTORIZERS, "vectorize"),
    (DECOMPOSERS, "decompose"),
    (SELECTORS, "select"),
    (BINNERS, "bin"),
)
_TRANSFORMERS = frozenset().union(*(names for names, _ in _WHAT), STATELESS)

# Packages whose classes can be fitted. Anything else with a capital letter is just an object.
ESTIMATOR_PACKAGES = {
    "sklearn", "xgboost", "lightgbm", "catboost", "imblearn", "statsmodels", "keras", "tensorflow", "tf_keras",
    "fancyimpute", "missingpy",
    "pyspark", "prophet", "fbprophet", "pmdarima", "category_encoders", "feature_engine", "skopt", "mlxtend",
    "umap", "boruta", "sktime", "ngboost", "cuml", "sklearn_pandas", "gensim", "skorch", "interpret", "pygam",
}  # fmt: skip
_TRANSFORMER_MODULES = re.compile(
    r"\.(?:preprocessing|impute|decomposition|feature_extraction|feature_selection|manifold|random_projection|"
    r"kernel_approximation)\b|^category_encoders|^feature_engine|^pyspark\.ml\.feature"
)
_MODEL_MODULES = re.compile(
    r"^(?:xgboost|lightgbm|catboost|prophet|fbprophet|pmdarima|ngboost|sktime|pygam|interpret)\b|"
    r"^sklearn\.(?:linear_model|ensemble|svm|neighbors|naive_bayes|tree|neural_network|dummy|gaussian_process|"
    r"discriminant_analysis|kernel_ridge|isotonic|calibration|multiclass|multioutput|cluster|mixture|semi_supervised|"
    r"covariance|cross_decomposition|experimental)\b|^pyspark\.ml\.(?:classification|regression|clustering|"
    r"recommendation)\b|^imblearn\.ensemble|^(?:tensorflow\.|tf_keras\.)?(?:python\.)?keras\.(?:models\.|engine\.)?"
    r"(?:Sequential|Model)\b|^tensorflow\.keras\.(?:models\.)?(?:Sequential|Model)\b|^mlxtend\.classifier"
)
# Classes of modelling packages that hold data or watch a training: nothing that is fitted.
_HELPERS = {"DMatrix", "QuantileDMatrix", "Dataset", "Pool", "EarlyStopping", "LearningRateScheduler",
            "EvaluationMonitor", "TrainingCallback", "ModelCheckpoint"}  # fmt: skip
# Class names that stand for themselves when it is not known where they come from (a star import).
_BARE_MODELS = re.compile(
    r"^(?:LogisticRegression|LinearRegression|Ridge|Lasso|ElasticNet|SGD(?:Classifier|Regressor)|\w+NB|"
    r"(?:RandomForest|ExtraTrees|GradientBoosting|HistGradientBoosting|AdaBoost|Bagging|Voting|Stacking|KNeighbors|"
    r"DecisionTree|MLP|XGB|LGBM|CatBoost|Dummy)(?:Classifier|Regressor)|SV[CR]|LinearSV[CR]|KMeans|Prophet|Sequential)$"
)


def role_of(full: str) -> Role | None:
    """What an imported name makes when it is called; None when it makes no estimator that is known."""
    last = full.rpartition(".")[2]
    top = full.split(".")[0]
    if top not in ESTIMATOR_PACKAGES and "." in full:
        return None
    if last in COMPOSITES:
        return "pipeline"
    if last in SEARCHES:
        return "search"
    if last in SPLITTERS:
        return "splitter"
    if last in RESAMPLERS:
        return "resampler"
    if full == "sklearn.compose.TransformedTargetRegressor":
        return "model"
    if last in _TRANSFORMERS:
        return "selector" if last in SELECTORS else "transformer"
    if "." not in full:
        return "model" if _BARE_MODELS.match(last) else None
    if not last[:1].isupper() or last in _HELPERS:
        return None
    if _TRANSFORMER_MODULES.search(full):
        return "transformer"
    if _MODEL_MODULES.search(full) or (_BARE_MODELS.match(last) and top != "tensorflow"):
        return "model"
    return None


def learns(name: str, role: Role, full: str = "") -> str:
    """What a transformer learns, as `Learned.what`; empty when it learns nothing from rows."""
    if name in STATELESS or (name == "Tokenizer" and full.startswith("pyspark")):
        return ""
    for names, what in _WHAT:
        if name in names:
            return what
    return {"selector": "select", "resampler": "resample", "model": "model", "search": "model"}.get(role, "transform")


METRICS = {
    "accuracy_score", "balanced_accuracy_score", "precision_score", "recall_score", "f1_score", "fbeta_score",
    "roc_auc_score", "average_precision_score", "log_loss", "brier_score_loss", "matthews_corrcoef",
    "cohen_kappa_score", "jaccard_score", "hamming_loss", "zero_one_loss", "classification_report", "confusion_matrix",
    "precision_recall_fscore_support", "roc_curve", "precision_recall_curve", "mean_squared_error",
    "root_mean_squared_error", "mean_absolute_error", "median_absolute_error", "r2_score", "explained_variance_score",
    "mean_absolute_percentage_error", "mean_squared_log_error", "max_error", "mean_pinball_loss", "rmse", "mse",
    "mean_poisson_deviance", "top_k_accuracy_score", "d2_absolute_error_score", "calibration_curve", "rmspe",
    "root_mean_squared_log_error", "ndcg_score", "smape", "mape", "mae",
}  # fmt: skip
METRIC_PLOTS = {
    "ConfusionMatrixDisplay.from_predictions", "RocCurveDisplay.from_predictions",
    "PrecisionRecallDisplay.from_predictions", "PredictionErrorDisplay.from_predictions",
    "DetCurveDisplay.from_predictions", "CalibrationDisplay.from_predictions",
}  # fmt: skip
ESTIMATOR_PLOTS = {
    "ConfusionMatrixDisplay.from_estimator", "RocCurveDisplay.from_estimator", "PrecisionRecallDisplay.from_estimator",
    "PredictionErrorDisplay.from_estimator", "plot_confusion_matrix", "plot_roc_curve", "plot_precision_recall_curve",
}  # fmt: skip

READERS = re.compile(r"^(?:read_\w+|load_\w+|fetch_\w+|make_(?:classification|regression|blobs|moons|circles)|"
                     r"loadtxt|genfromtxt|get_rdataset|load_dataset|table|scan_\w+)$")  # fmt: skip
STATISTICS = {"mean", "median", "mode", "std", "var", "quantile", "min", "max", "nanmean", "nanmedian", "nanstd",
              "percentile", "nanpercentile", "average", "mad", "sem"}  # fmt: skip
LOOKS = {
    "head", "tail", "shape", "info", "describe", "dtypes", "columns", "isnull", "isna", "notnull", "notna",
    "value_counts", "nunique", "unique", "hist", "boxplot", "plot", "corr", "corrwith", "skew", "kurt", "kurtosis",
    "sample", "memory_usage", "duplicated", "cov", "crosstab", "summary", "printSchema", "show",
}  # fmt: skip
# Attributes of a table that are read without being called and are not columns.
NOT_COLUMNS = LOOKS | {
    "style", "attrs", "axes", "flags", "hvplot", "schema", "write", "writeStream", "rdd", "na", "stat", "iplot",
    "index", "groupby", "apply", "copy", "drop", "fillna", "feature_names", "target_names", "DESCR", "filename",
    "details", "swifter", "dtype", "names", "nbytes", "is_unique", "hasnans", "empty", "ndim", "size", "exog_name",
    "endog_name", "load_pandas", "keys", "items", "values", "fields", "isStreaming", "storageLevel", "count", "sum",
    "mean", "max", "min", "join", "merge", "append", "toPandas", "cache", "persist", "collect", "take", "first",
    "sparse", "mode", "std",
}  # fmt: skip

# Functions that notebooks get by a star import: where they come from.
STARRED = {
    **dict.fromkeys(("train_test_split", "cross_val_score", "cross_validate", "cross_val_predict"),
                    "sklearn.model_selection"),
    **dict.fromkeys(METRICS, "sklearn.metrics"),
    **dict.fromkeys(SCALING - {"zscore"}, "sklearn.preprocessing"),
    **dict.fromkeys(("read_csv", "DataFrame", "Series", "concat", "merge", "get_dummies", "isnull", "cut", "qcut"),
                    "pandas"),
    **dict.fromkeys(("array", "where", "concatenate", "hstack", "vstack", "mean", "std", "nanmean"), "numpy"),
}  # fmt: skip
