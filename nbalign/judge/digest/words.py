"""The words that tell what a line of a notebook is about; all patterns are bounded, as lines are."""

from __future__ import annotations

import re

METRIC = re.compile(
    r"\b(?:(?:balanced[_ ])?accuracy|acc|f[1-9β](?:[-_ ]?score)?|roc|auc|auroc|(?:roc|pr)[-_ ]?auc|average[_ ]precision"
    r"|avg[_ ]precision|ap|precision|recall|specificity|sensitivity|brier\w*|log[_ -]?loss|loss|mcc|kappa|r2|r\^2|r²"
    r"|r-squared|n?rmse|n?mae|mse|mape|smape|wape|mase|rmsle|deviance|bias|error|errors|score|scores|lift|silhouette"
    r"|confusion|misclassified|baseline|best|chosen|selected|winner|fold|folds|cv)(?=\b|_|@|\d)",
    re.IGNORECASE,
)
"""Names of metrics and of choices among models."""

STRICT_METRIC = re.compile(
    r"(?:^|[\s_.'\"(])(?:accuracy|acc|f1\w*|roc|auc|roc_auc|pr_auc|avg_precision|average_precision|precision\S*|recall\S*"
    r"|brier|log_?loss|r2|r²|rmse|mae|mse|mape|smape|wape|mase|deviance|lift\S*|specificity|cv\w*"
    r"|\w*missing\w*|null\w*)(?:$|[\s_.'\")])",
    re.IGNORECASE,
)
"""Names that mark a table as one of metrics or of missing values."""

DECISIVE = re.compile(
    r"\.fit\w*\(|\.transform\(|\.predict\w*\(|\.score\(|train_test_split|\.split\(|cross_val|Search(?:CV)?\(|\bKFold"
    r"|\w*KFold\(|TimeSeriesSplit|ShuffleSplit|\.(?:fillna|dropna|interpolate|ffill|bfill|replace|mask)\(|Imputer\("
    r"|\.log_\w+\(|start_run|end_run|set_experiment|autolog|register_model|set_tracking_uri|get_dummies|\.resample\("
    r"|\.shift\(|\.rolling\(|\.expanding\(|\.ewm\(|_score\(|_error\(|log_loss\(|confusion_matrix|classification_report"
    r"|SMOTE|\bresample\(|\.sample\(|\.iloc\[|joblib\.|pickle\.|\.save\w*\(|load_model|\.forecast\(|SelectKBest"
    r"|transform\([\"']mean|TargetEncoder|\.merge\(|\.qcut\(|\.cut\("
)
"""Calls on which judgements about leakage, training, evaluation and tracking rest."""

BUILDING = re.compile(
    r"(?:Classifier|Regressor|Regression|Ridge|Lasso|ElasticNet|SV[CR]|Pipeline|pipeline|ColumnTransformer|Scaler|Encoder"
    r"|Transformer|NB|ARIMA|SARIMAX|Smoothing|Prophet|KMeans|PCA|Dummy\w+|GLM|OLS|Logit)\w*\("
    r"|^\s*\w+(?:\.loc)?\[[^\]]{1,120}\]\s*=[^=]|\.drop\w*\(|read_\w+\(|to_csv\(|isna\(|isnull\(|\.info\(|\.describe\("
    r"|value_counts\(|\.corr\w*\(|duplicated\(|\.head\(|\.assign\(|\.groupby\(|^\s*[Xy]\w*\s*(?:,|=)|pip install"
    r"|conda install|^\s*def \w|^\s*(?:features|target|numeric|num\w*|cat\w*|nominal\w*)\s*=|random_state|seed"
)
"""Calls that load, look at or build data and models."""

PLOT_TRIM = re.compile(
    r"^\s*(?:plt|ax\w*|fig\w*|axs?|axes|g|cbar|sns|mpl|matplotlib)(?:\[[^\]]{0,60}\])*\."
    r"(?:set\w*|title|suptitle|[xy]label|[xy]lim|[xy]ticks|[xy]scale|legend|grid|tight_layout|show|figure|subplots?\w*"
    r"|savefig|axis|ax[hv]line|tick_params|annotate|text|colorbar|despine|close|rcParams|style|margins|invert_\w+"
    r"|spines|autofmt_xdate|get_\w+|clf|gcf|gca)\b"
    r"|^\s*(?:fig\w*|_)\s*,\s*\w+\s*=\s*plt\.|^\s*(?:fig|ax)\w*\s*=\s*plt\.(?:figure|gca|subplot)|^\s*%matplotlib|^\s*%config"
)
"""Plotting calls that only dress a figure."""

TELLING = re.compile(
    r"\d|leak|missing|impute|median|drop|split|train|test|baseline|balance|because|therefore|so that|target|valid|fold"
    r"|tun|future|past|overfit|stratif|scal|encod|outlier|placeholder",
    re.IGNORECASE,
)
"""Words that make a sentence worth more than filler."""

VERDICT = re.compile(
    r"excellent|perfect|reliabl|\bwins?\b|\bwon\b|\bbest\b|\bbetter\b|\bbeats?\b|\bworse\b|almost all|\bcaught\b"
    r"|\bmiss(?:es|ed)\b|accura|\bauc\b|\brecall\b|\bprecision\b|\bf1\b|\br2\b|r²|\brmse\b|\bmae\b|\bmape\b|\berrors?\b|baseline"
    r"|leak|overfit|captures|explains|\bready\b|\bchosen\b|\bpick\b|\bselect",
    re.IGNORECASE,
)
"""Words of a sentence that reads results or decides."""

COMMENTED_CODE = re.compile(
    r"^\s*#+\s?(?:\s*(?:import\s+\w|from\s+[\w.]+\s+import\b|for\s+.{1,80}\bin\b.{1,80}:|if\s.{1,120}:$|with\s.{1,120}:"
    r"|def\s+\w+\(|return\b|print\(|[\w.]+(?:\[[^\]]{1,80}\])*\s*[-+*/]?=\s*\S|[\w.]+(?:\[[^\]]{1,80}\])*\.?[\w.]*\(.*\)"
    r"|[\"'\w.]+\s*:\s*[\w.]+\(.*\),?$|[)\]}]))"
)
"""A comment that was a line of code."""

BANNER = re.compile(r"^\s*#[\s#=*~_+\-–—─═]*$")
"""A comment line without words."""
