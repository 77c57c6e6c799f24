"""Facts about missing values, on code as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evidence import read_evidence
from nbalign.evidence.facts.reading.naming import is_identifier, never_zero, quoted
from nbalign.evidence.facts.reading.tables import column_of, described, infos, lines_of, series
from tests.evidence.building import Cells, Table, cases, code, kinds_of, md, notebook

READ = "import numpy as np\nimport pandas as pd\ndf = pd.read_csv('loans.csv')"
SPLIT = """
from sklearn.model_selection import train_test_split
X = df.drop(columns=['defaulted'])
y = df['defaulted']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
"""
FIT = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""
NULLS = code("df.isnull().sum()", result="income        43\nage            0\ndefaulted      0\ndtype: int64")
CLEAN = code("df.isnull().sum()", result="income        0\nage           0\ndefaulted     0\ndtype: int64")
SERIES = "import pandas as pd\nts = pd.read_csv('load.csv', parse_dates=['date']).set_index('date').sort_index()"
BY_TIME = """
train, test = ts[ts.index < '2020-01-01'], ts[ts.index >= '2020-01-01']
from sklearn.linear_model import Ridge
m = Ridge().fit(train[['lag']], train['load'])
m.score(test[['lag']], test['load'])
"""

LEAKS: list[Cells] = [
    (READ, "df['income'] = df['income'].fillna(df['income'].mean())", SPLIT, FIT),
    (READ, "df.income.fillna(df.income.median(), inplace=True)", SPLIT, FIT),
    (READ, "for c in ['income', 'age']:\n    df[c] = df[c].fillna(df[c].median())", SPLIT, FIT),
    (READ, "df = df.fillna(df.mean(numeric_only=True))", SPLIT, FIT),
    (
        READ,
        "from sklearn.impute import SimpleImputer\nimp = SimpleImputer()\ndf[['income']] = imp.fit_transform(df[['income']])",
        SPLIT,
        FIT,
    ),
    (READ, "def clean(d):\n    d = d.copy()\n    d['income'] = d['income'].fillna(d['income'].mode()[0])\n    return d\ndf = clean(df)", SPLIT, FIT),
    (READ, "df['income'] = df['income'].interpolate()", SPLIT, FIT),
    (READ, "df['income'] = df.groupby('region')['income'].transform(lambda s: s.fillna(s.mean()))", SPLIT, FIT),
    (READ, "from sklearn.impute import KNNImputer\nX = KNNImputer(n_neighbors=5).fit_transform(df.drop(columns='defaulted'))\ny = df['defaulted']",
     "from sklearn.model_selection import train_test_split\nX_train, X_test, y_train, y_test = train_test_split(X, y)", FIT),
    (READ, "df = df.assign(income=df['income'].fillna(df['income'].mean()))", SPLIT, FIT),
    (READ, "df.loc[df['income'].isnull(), 'income'] = df['income'].median()", SPLIT, FIT),
    (READ, "df['income'] = np.where(df['income'].isna(), df['income'].mean(), df['income'])", SPLIT, FIT),
    (READ, "values = {'income': df['income'].median()}\ndf = df.fillna(value=values)", SPLIT, FIT),
]  # fmt: skip
SOUND: list[Cells] = [
    (READ, SPLIT, "m = X_train['income'].median()\nX_train['income'] = X_train['income'].fillna(m)\nX_test['income'] = X_test['income'].fillna(m)", FIT),
    (READ, SPLIT, "from sklearn.impute import SimpleImputer\nimp = SimpleImputer(strategy='median')\nX_train = imp.fit_transform(X_train)\nX_test = imp.transform(X_test)", FIT),
    (READ, SPLIT, "from sklearn.pipeline import make_pipeline\nfrom sklearn.impute import SimpleImputer\nfrom sklearn.svm import SVC\npipe = make_pipeline(SimpleImputer(), SVC())\npipe.fit(X_train, y_train)\npipe.score(X_test, y_test)"),
    (READ, "df['income'] = df['income'].fillna(df['salary'] * 12)", SPLIT, FIT),
    (READ, "df['job'] = df['job'].fillna('unknown')", SPLIT, FIT),
    (READ, "print(df['income'].fillna(df['income'].mean()).describe())\ndf = df.dropna()", SPLIT, FIT),
    (READ, "train = pd.read_csv('train.csv')\ntest = pd.read_csv('test.csv')\nmed = train['income'].median()\nfor d in (train, test):\n    d['income'] = d['income'].fillna(med)"),
    (READ, "from sklearn.pipeline import Pipeline\nfrom sklearn.impute import SimpleImputer\nfrom sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\np = Pipeline([('i', SimpleImputer()), ('m', Ridge())])\ncross_val_score(p, df.drop(columns='y'), df['y'], cv=5)"),
    (SERIES, "ts['load'] = ts['load'].ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
]  # fmt: skip


@pytest.mark.parametrize("cells", LEAKS)
def test_a_fill_learned_from_rows_that_are_tested_on_is_a_fault(cells: Cells) -> None:
    assert kinds_of("data_imputation", *cells) & {"fill_learned_from_test_rows"}


@pytest.mark.parametrize("cells", SOUND)
def test_a_sound_fill_never_raises_the_alarm_of_a_leak(cells: Cells) -> None:
    assert "fill_learned_from_test_rows" not in kinds_of("data_imputation", *cells)


CASES: Table = {
    "filled_from_target": (
        [
            (READ, "df['income'] = df.groupby('defaulted')['income'].transform(lambda s: s.fillna(s.median()))", SPLIT, FIT),
            (READ, "df['income'] = df['income'].fillna(df.groupby('defaulted')['income'].transform('mean'))", SPLIT, FIT),
            (READ, "df['band'] = pd.qcut(df['defaulted'], 5)\ndf['age'] = df['age'].fillna(df.groupby('band')['age'].transform('median'))", SPLIT, FIT),
            (READ, "df['age'] = df['age'].fillna(df.groupby(['defaulted'])['age'].transform('mean'))", SPLIT, FIT),
            (READ, "df['age'].fillna(df.groupby('defaulted')['age'].transform('median'), inplace=True)", SPLIT, FIT),
        ],
        [
            (READ, "df['age'] = df['age'].fillna(df.groupby('region')['age'].transform('mean'))", SPLIT, FIT),
            (READ, "df['age'] = df['age'].fillna(df['age'].median())", SPLIT, FIT),
            (READ, "df.groupby('defaulted')['age'].mean()", "df['age'] = df['age'].fillna(30)", SPLIT, FIT),
            (READ, SPLIT, "X_train['age'] = X_train['age'].fillna(X_train['age'].mean())", FIT),
            (READ, "print(df.groupby('defaulted')['age'].apply(lambda s: s.isna().mean()))\ndf = df.dropna()", SPLIT, FIT),
        ],
    ),
    "target_filled": (
        [
            (READ, "df['defaulted'] = df['defaulted'].fillna(df['defaulted'].mode()[0])", SPLIT, FIT),
            (READ, "df['defaulted'].fillna(df['defaulted'].mean(), inplace=True)", SPLIT, FIT),
            (READ, "df['defaulted'] = df['defaulted'].fillna(df.groupby('region')['defaulted'].transform('mean'))", SPLIT, FIT),
            (READ, "df['defaulted'] = df['defaulted'].interpolate()", SPLIT, FIT),
            (READ, "df.loc[df['defaulted'].isna(), 'defaulted'] = df['defaulted'].median()", SPLIT, FIT),
        ],
        [
            (READ, "df = df.dropna(subset=['defaulted'])", SPLIT, FIT),
            (READ, "df['income'] = df['income'].fillna(df['income'].mean())", SPLIT, FIT),
            (READ, "df = df[df['defaulted'].notna()]", SPLIT, FIT),
            (READ, SPLIT, FIT),
            (SERIES, "ts['load'] = ts['load'].ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
        ],
    ),
    "filled_with_meaningless": (
        [
            (READ, "df['income'] = df['income'].fillna(-1)", SPLIT, FIT),
            (READ, "df['calls'] = df['calls'].fillna(999)", SPLIT, FIT),
            (READ, NULLS, "df = df.fillna(-999)", SPLIT, FIT),
            (READ, "df['bmi'] = df['bmi'].fillna(0)", SPLIT, FIT),
            (READ, "df['weight'].fillna(0, inplace=True)", SPLIT, FIT),
            (READ, "df = df.fillna({'year_built': 0})", SPLIT, FIT),
        ],
        [
            (READ, "df['children'] = df['children'].fillna(0)", SPLIT, FIT),
            (READ, "df['garage'] = df['garage'].fillna('none')", SPLIT, FIT),
            (READ, "df['income'] = df['income'].fillna(-1)", SPLIT, "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier().fit(X_train, y_train).score(X_test, y_test)"),
            (READ, "pd.crosstab(df['region'], df['job']).fillna(0)", SPLIT, FIT),
            (READ, SPLIT, "X_train = X_train.fillna(X_train.median())", FIT),
        ],
    ),
    "lags_filled_with_zero": (
        [
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts = ts.fillna(0)", BY_TIME),
            (SERIES, "for k in (1, 7):\n    ts[f'lag_{k}'] = ts['load'].shift(k)\nts['lag'] = ts['load'].shift(24)\nts.fillna(0, inplace=True)", BY_TIME),
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts['lag'] = ts['lag'].fillna(0)", BY_TIME),
            (SERIES, "ts['lag'] = ts['load'].shift(1).rolling(7).mean()\nts = ts.fillna(value=0)", BY_TIME),
            (SERIES, "def feats(d):\n    d = d.copy()\n    d['lag'] = d['load'].shift(2)\n    return d.fillna(0)\nts = feats(ts)", BY_TIME),
        ],
        [
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts = ts.dropna()", BY_TIME),
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts['lag'] = ts['lag'].bfill()", BY_TIME),
            (SERIES, "ts['rain'] = ts['rain'].fillna(0)\nts['lag'] = ts['load'].shift(1)\nts = ts.dropna()", BY_TIME),
            (READ, "df['calls'] = df['calls'].fillna(0)", SPLIT, FIT),
            (SERIES, "ts['lag'] = ts['load'].shift(1)", BY_TIME, "ts.groupby(ts.index.month)['load'].mean().fillna(0).plot()"),
        ],
    ),
    "zeros_declared_missing": (
        [
            (READ, CLEAN, "df[['children', 'visits']] = df[['children', 'visits']].replace(0, np.nan)\ndf = df.dropna()", SPLIT, FIT),
            (READ, CLEAN, "cols = ['children', 'tv']\ndf[cols] = df[cols].replace(0, np.nan)\ndf = df.fillna(df.median())", SPLIT, FIT),
            (READ, CLEAN, "for c in ['children', 'tv']:\n    df[c] = df[c].replace(0, np.nan)\ndf = df.dropna()", SPLIT, FIT),
            (READ, CLEAN, "df['children'] = df['children'].replace({0: np.nan})\ndf.dropna(inplace=True)", SPLIT, FIT),
            (READ, CLEAN, "df['tv'] = df['tv'].replace(0, None)\ndf = df.dropna()", SPLIT, FIT),
        ],
        [
            (READ, CLEAN, "df[['Glucose', 'BMI']] = df[['Glucose', 'BMI']].replace(0, np.nan)", SPLIT, FIT),
            (READ, CLEAN, "df['year_built'] = df['year_built'].replace(0, np.nan)", SPLIT, FIT),
            (READ, CLEAN, "df['score'] = df['score'].replace(999, np.nan)", SPLIT, FIT),
            (READ, CLEAN, SPLIT, FIT),
            (READ, CLEAN, "df['x'] = df['x'].replace('?', np.nan)", SPLIT, FIT),
        ],
    ),
    "valid_values_blanked": (
        [
            (READ, "for c in ['a', 'b']:\n    q1, q3 = df[c].quantile([.25, .75])\n    df.loc[(df[c] < q1 - 1.5 * (q3 - q1)), c] = np.nan\ndf = df.dropna()", SPLIT, FIT),
            (READ, "z = (df['a'] - df['a'].mean()) / df['a'].std()\ndf['a'] = df['a'].mask(z.abs() > 3)\ndf = df.dropna()", SPLIT, FIT),
            (READ, "hi = df['a'].quantile(.99)\ndf['a'] = np.where(df['a'] > df['a'].quantile(.99), np.nan, df['a'])", SPLIT, FIT),
            (READ, "from scipy import stats\n# outliers\ndf.loc[np.abs(stats.zscore(df['a'])) > 3, 'a'] = np.nan", SPLIT, FIT),
            (READ, "lower = df['a'].quantile(.01)\ndf.loc[df['a'] < lower, 'a'] = None", SPLIT, FIT),
        ],
        [
            (READ, "df.loc[df['age'] < 0, 'age'] = np.nan", SPLIT, FIT),
            (READ, "df['a'] = df['a'].clip(upper=df['a'].quantile(.99))", SPLIT, FIT),
            (READ, "df['plain'] = df['a'].where(df['promo'] == 0)", SPLIT, FIT),
            (READ, "df = df[df['a'] < df['a'].quantile(.99)]", SPLIT, FIT),
            (READ, "df['score'] = df['score'].mask(df['score'] == 999)", SPLIT, FIT),
        ],
    ),
    "failed_on_missing": (
        [
            (READ, SPLIT, code(FIT, error=("ValueError", "Input X contains NaN."))),
            (READ, SPLIT, code(FIT, error=("ValueError", "Input contains NaN, infinity or a value too large for dtype('float64')."))),
            (READ, SPLIT, code(FIT, error=("ValueError", "Input y contains NaN."))),
            (READ, code("import statsmodels.api as sm\nsm.OLS(df.y, df.x).fit()", error=("MissingDataError", "exog contains inf or nans\nNaN in exog"))),
            (READ, SPLIT, code(FIT, error=("ValueError", "Input X contains NaN.\nLogisticRegression does not accept missing values"))),
        ],
        [
            (READ, SPLIT, FIT),
            (READ, SPLIT, code(FIT, error=("NameError", "name 'sns' is not defined"))),
            (READ, SPLIT, code(FIT, text="Input X contains NaN is an error I got before")),
            (READ, SPLIT, code(FIT, error=("ValueError", "could not convert string to float: 'male'"))),
            (READ, NULLS, "df = df.dropna()", SPLIT, FIT),
        ],
    ),
    "imputer_in_pipeline": (
        [
            (READ, SPLIT, "from sklearn.pipeline import Pipeline\nfrom sklearn.impute import SimpleImputer\nfrom sklearn.svm import SVC\np = Pipeline([('i', SimpleImputer(strategy='median')), ('c', SVC())]).fit(X_train, y_train)"),
            (READ, SPLIT, "from sklearn.pipeline import make_pipeline\nfrom sklearn.impute import KNNImputer\nfrom sklearn.svm import SVC\np = make_pipeline(KNNImputer(), SVC())\np.fit(X_train, y_train)"),
            (READ, SPLIT, "from sklearn.compose import ColumnTransformer\nfrom sklearn.pipeline import Pipeline\nfrom sklearn.impute import SimpleImputer\nfrom sklearn.svm import SVC\nct = ColumnTransformer([('n', SimpleImputer(), ['income'])])\nm = Pipeline([('p', ct), ('m', SVC())])\nm.fit(X_train, y_train)"),
            (READ, "import sklearn.impute as si\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\nprint(cross_val_score(make_pipeline(si.SimpleImputer(), Ridge()), df[['a', 'b']], df['y']).mean())"),
            (READ, SPLIT, "from sklearn.pipeline import make_pipeline\nfrom sklearn.impute import SimpleImputer\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import GridSearchCV\ndef build():\n    return make_pipeline(SimpleImputer(), LogisticRegression())\ng = GridSearchCV(build(), {'logisticregression__C': [1, 10]}).fit(X_train, y_train)"),
        ],
        [
            (READ, SPLIT, "from sklearn.impute import SimpleImputer\nX_train = SimpleImputer().fit_transform(X_train)", FIT),
            (READ, SPLIT, "from sklearn.pipeline import make_pipeline\nfrom sklearn.svm import SVC\nfrom sklearn.preprocessing import StandardScaler\nmake_pipeline(StandardScaler(), SVC()).fit(X_train, y_train)"),
            (READ, "from sklearn.impute import SimpleImputer", SPLIT, FIT),
            (READ, "df = df.fillna(0)", SPLIT, FIT),
            (READ, "df = df.dropna()", SPLIT, FIT),
        ],
    ),
    "incomplete_rows_dropped": (
        [
            (READ, NULLS, "df = df.dropna()", SPLIT, FIT),
            (READ, NULLS, "df.dropna(inplace=True)", SPLIT, FIT),
            (READ, NULLS, "df = df.dropna(subset=['income', 'age']).reset_index(drop=True)", SPLIT, FIT),
            (READ, NULLS, "df = df[df['income'].notna()]", SPLIT, FIT),
            (READ, "def load():\n    return pd.read_csv('loans.csv').dropna()\ndf = load()", SPLIT, FIT),
        ],
        [
            (READ, CLEAN, "df = df.dropna()", SPLIT, FIT),
            (READ, NULLS, "df = df.dropna(subset=['defaulted'])", SPLIT, FIT),
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts = ts.dropna()", BY_TIME),
            (READ, NULLS, "df['income'].dropna().hist()\ndf['income'] = df['income'].fillna(1)", SPLIT, FIT),
            (READ, NULLS, SPLIT, FIT),
        ],
    ),
    "series_cut": (
        [
            (SERIES, "ts = ts.dropna()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (SERIES, "ts = ts.dropna()", "def f(d):\n    d = d.copy()\n    d['lag'] = d['load'].shift(52)\n    return d\nts = f(ts)", BY_TIME),
            (SERIES, "ts.dropna(inplace=True)\nts['lag'] = ts.load.shift(1)", BY_TIME),
            (SERIES, "clean = ts.dropna().copy()\nclean['lag'] = clean['load'].shift(7)\nts = clean", BY_TIME),
            (SERIES, "ts = ts.dropna()\nts = ts.assign(lag=ts['load'].shift(1))", BY_TIME),
        ],
        [
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts = ts.dropna()", BY_TIME),
            (SERIES, "ts = ts.asfreq('D').ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (READ, "df = df.dropna()", SPLIT, FIT),
            (READ, "df = df.dropna()\ndf['roll'] = df['a'].rolling(3).mean()", SPLIT, FIT),
            (SERIES, "ts = ts.dropna(subset=['load'])", BY_TIME),
        ],
    ),
    "placeholder_recognised": (
        [
            (READ, "df['score'] = df['score'].replace(999, np.nan)", SPLIT, FIT),
            (READ, "df = df.replace('?', np.nan)", SPLIT, FIT),
            ("import pandas as pd\ndf = pd.read_csv('a.csv', na_values=['?', -999])", SPLIT, FIT),
            (READ, "df.loc[df['age'] == -1, 'age'] = np.nan", SPLIT, FIT),
            (READ, "df['x'] = np.where(df['x'] == -999, np.nan, df['x'])", SPLIT, FIT),
            (READ, "df['x'] = df['x'].replace({-1: np.nan, 99: np.nan})", SPLIT, FIT),
            (READ, "df['year_built'] = df['year_built'].replace(0, np.nan)", SPLIT, FIT),
        ],
        [
            (READ, "df['job'] = df['job'].replace('admin.', 'admin')", SPLIT, FIT),
            (READ, "df['x'] = df['x'].replace(2, 3)", SPLIT, FIT),
            (READ, "df['x'] = df['x'].fillna(-1)", SPLIT, FIT),
            (READ, "print((df['x'] == 999).sum())", SPLIT, FIT),
            (READ, SPLIT, FIT),
        ],
    ),
    "placeholder_kept": (
        [
            (READ, code("df.describe()", result="            age       score\ncount  300.0000  300.000000\nmean    40.0000  705.000000\nstd     10.0000  102.000000\nmin     18.0000  465.000000\n25%     30.0000  640.000000\n50%     40.0000  689.000000\n75%     50.0000  740.000000\nmax     90.0000  999.000000"), SPLIT, FIT),
            (READ, code("df.describe().T", result="        count   mean   std   min   25%   50%   75%    max\nage     300.0   40.0  10.0  18.0  30.0  40.0  50.0   90.0\ntail    300.0    9.3   8.2  -1.0   2.0   9.0  16.0   25.0"), SPLIT, FIT),
            (READ, code("print(df.describe())", text="         year_built      sqft\ncount    300.000000   300.000\nmean    1870.000000  1800.000\nstd      430.000000   500.000\nmin        0.000000   700.000\n25%     1955.000000  1400.000\n50%     1975.000000  1800.000\n75%     1995.000000  2100.000\nmax     2022.000000  4000.000"), SPLIT, FIT),
            (READ, code("df.describe()", result="           Glucose         BMI\ncount   768.000000  768.000000\nmean    120.900000   32.000000\nstd      32.000000    7.900000\nmin       0.000000    0.000000\n25%      99.000000   27.300000\n50%     117.000000   32.000000\n75%     140.000000   36.600000\nmax     199.000000   67.100000"), SPLIT, FIT),
            (READ, code("df.describe().T", result="       count   mean    std    min    25%    50%    75%   max\na      300.0   40.0   10.0   18.0   30.0   40.0   50.0  90.0\nt      300.0   19.3  108.2 -999.0   12.0   19.0   26.0  45.0"), SPLIT, FIT),
        ],
        [
            (READ, code("df.describe()", result="            age       score\ncount  300.0000  300.000000\nmean    40.0000  705.000000\nmin     18.0000  465.000000\n25%     30.0000  640.000000\n50%     40.0000  689.000000\n75%     50.0000  740.000000\nmax     90.0000  999.000000"), "df['score'] = df['score'].replace(999, np.nan)", SPLIT, FIT),
            (READ, code("df.describe().T", result="       count  mean  std   min  25%  50%  75%  max\nz      300.0   0.0  1.0  -1.0 -0.5  0.0  0.5  1.0\nb      300.0   0.0  1.0  -1.0 -0.5  0.0  0.5  1.0"), SPLIT, FIT),
            (READ, code("df.describe().T", result="        count  mean  std  min  25%  50%  75%   max\nvisits  300.0   1.0  2.0  0.0  0.0  1.0  2.0  12.0\nkids    300.0   1.0  1.0  0.0  0.0  1.0  2.0   6.0"), SPLIT, FIT),
            (READ, SPLIT, FIT),
            (READ, code("df.describe().T", result="        count  mean   std  min   25%   50%   75%    max\nprice   300.0  700.  150.  300.  600.  980.  990.  999.0\nkids    300.0   1.0  1.0  0.0  0.0  1.0  2.0   6.0"), SPLIT, FIT),
        ],
    ),
    "missing_counted": (
        [
            (READ, NULLS, "df = df.dropna()", SPLIT, FIT),
            (READ, code("df.info()", text="<class 'pandas.core.frame.DataFrame'>\nRangeIndex: 300 entries, 0 to 299\nData columns (total 2 columns):\n #   Column  Non-Null Count  Dtype  \n---  ------  --------------  -----  \n 0   income  257 non-null    float64\n 1   age     300 non-null    int64  \ndtypes: float64(1), int64(1)"), "df = df.dropna()", SPLIT, FIT),
            (READ, code("print(df.isna().mean())", text="income    0.143\nage       0.000\ndtype: float64"), "df = df.dropna()", SPLIT, FIT),
            (READ, code("pd.DataFrame({'dtype': df.dtypes, 'missing': df.isna().sum()})", result="           dtype  missing\nincome   float64       43\nage        int64        0"), "df = df.dropna()", SPLIT, FIT),
            (READ, code("print('missing cells:', df.isnull().sum().sum())", text="missing cells: 43"), "df = df.dropna()", SPLIT, FIT),
        ],
        [
            (READ, "df = df.dropna()", SPLIT, FIT),
            (READ, CLEAN, SPLIT, FIT),
            (READ, code("df['job'].value_counts()", result="job\nadmin    40\nboss     12\nName: count, dtype: int64"), SPLIT, FIT),
            (READ, code("df.nunique()", result="income    250\nage        60\ndtype: int64"), SPLIT, FIT),
            (READ, "df = df.fillna(0)", code("df.isnull().sum()", result="income    0\nage       0\ndtype: int64"), SPLIT, FIT),
        ],
    ),
    "nothing_missing": (
        [
            (READ, CLEAN, SPLIT, FIT),
            (READ, code("df.isna().sum().sum()", result="np.int64(0)"), SPLIT, FIT),
            (READ, code("print('Missing values:', df.isnull().sum().sum())", text="Missing values: 0"), SPLIT, FIT),
            (READ, code("df.isnull().values.any()", result="False"), SPLIT, FIT),
            (READ, code("df.isna().sum()[lambda s: s > 0]", result="Series([], dtype: int64)"), SPLIT, FIT),
            (READ, code("df.info()", text="RangeIndex: 300 entries, 0 to 299\n #   Column  Non-Null Count  Dtype  \n---  ------  --------------  -----  \n 0   income  300 non-null    float64\n 1   age     300 non-null    int64  "), SPLIT, FIT),
            (READ, CLEAN, "df = df.dropna()  # just in case", SPLIT, FIT),
        ],
        [
            (READ, NULLS, SPLIT, FIT),
            (READ, SPLIT, FIT),
            (READ, "df = df.fillna(df.median())", code("df.isnull().sum()", result="income    0\nage       0\ndtype: int64"), SPLIT, FIT),
            (READ, CLEAN, "df[['kids', 'tv']] = df[['kids', 'tv']].replace(0, np.nan)\ndf = df.dropna()", SPLIT, FIT),
            (READ, code("df.info()", text="RangeIndex: 300 entries, 0 to 299\n #   Column  Non-Null Count  Dtype  \n---  ------  --------------  -----  \n 0   income  257 non-null    float64\n 1   age     300 non-null    int64  "), SPLIT, FIT),
        ],
    ),
    "rebuilt_from_row": (
        [
            (READ, "df['total'] = df['total'].fillna(df['tenure'] * df['monthly'])", SPLIT, FIT),
            (READ, "df.total = df.total.fillna(df.tenure * df.monthly)", SPLIT, FIT),
            (READ, "df['bmi'].fillna(df['weight'] / df['height'] ** 2, inplace=True)", SPLIT, FIT),
            (READ, "def fix(d):\n    d['total'] = d['total'].fillna(d['a'] + d['b'])\n    return d\ndf = fix(df)", SPLIT, FIT),
            (READ, "df = df.assign(total=df['total'].fillna(df['a'] - df['b']))", SPLIT, FIT),
        ],
        [
            (READ, "df['total'] = df['total'].fillna(df['total'].mean() * 2)", SPLIT, FIT),
            (READ, "df['total'] = df['total'].fillna(0)", SPLIT, FIT),
            (READ, "df['total'] = df['total'].fillna(df['total'].median())", SPLIT, FIT),
            (READ, "df['total'] = df['a'] * df['b']", SPLIT, FIT),
            (READ, "df = df.dropna()", SPLIT, FIT),
        ],
    ),
    "filled_from_unrelated_row": (
        [
            (READ, "df['income'] = df['income'].ffill()", SPLIT, FIT),
            (READ, "df = df.fillna(method='ffill')", SPLIT, FIT),
            (READ, "df.ffill(inplace=True)", SPLIT, FIT),
            (READ, "df['income'].fillna(method='pad', inplace=True)", SPLIT, FIT),
            (READ, "df = df.ffill().dropna()", SPLIT, FIT),
        ],
        [
            (SERIES, "ts['load'] = ts['load'].ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (READ, "df['income'] = df.groupby('person')['income'].ffill()", SPLIT, FIT),
            (READ, "df = df.sort_values('date').ffill()", SPLIT, FIT),
            (READ, "df['income'] = df['income'].fillna(0)", SPLIT, FIT),
            (READ, SPLIT, FIT),
        ],
    ),
}  # fmt: skip

IMPUTE = "from sklearn.impute import SimpleImputer\nimp = SimpleImputer(strategy='median')\n"
TREES = "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier().fit(X_train, y_train).score(X_test, y_test)"

MILD: Table = {
    "fill_learned_from_training": (
        [
            (READ, SPLIT, "m = X_train['income'].mean()\nX_train['income'] = X_train['income'].fillna(m)\nX_test['income'] = X_test['income'].fillna(m)", FIT),
            (READ, SPLIT, IMPUTE + "X_train = imp.fit_transform(X_train)\nX_test = imp.transform(X_test)", FIT),
            (READ, SPLIT, "for p in (X_train, X_test):\n    p['income'] = p['income'].fillna(X_train['income'].median())", FIT),
            (READ, SPLIT, "X_train.income.fillna(X_train.income.mode()[0], inplace=True)", FIT),
            (READ, SPLIT, IMPUTE + "imp.fit(X_train)\nX_train, X_test = imp.transform(X_train), imp.transform(X_test)", FIT),
        ],
        [
            (READ, "df['income'] = df['income'].fillna(df['income'].mean())", SPLIT, FIT),
            (READ, SPLIT, "X_train = X_train.fillna(0)", FIT),
            (READ, SPLIT, FIT),
            (READ, "df = df.dropna()", SPLIT, FIT),
            (READ, IMPUTE + "df[['a']] = imp.fit_transform(df[['a']])", SPLIT, FIT),
        ],
    ),
    "test_filled_from_itself": (
        [
            (READ, SPLIT, "X_test['income'] = X_test['income'].fillna(X_test['income'].mean())", FIT),
            (READ, SPLIT, "for p in (X_train, X_test):\n    p['income'] = p['income'].fillna(p['income'].median())", FIT),
            (READ, SPLIT, "X_train = X_train.fillna(X_train.mean())\nX_test = X_test.fillna(X_test.mean())", FIT),
            (READ, SPLIT, IMPUTE + "X_train = imp.fit_transform(X_train)\nX_test = imp.fit_transform(X_test)", FIT),
            (READ, SPLIT, "def f(x):\n    return x.fillna(x.median())\nX_train, X_test = f(X_train), f(X_test)", FIT),
        ],
        [
            (READ, SPLIT, "X_test['income'] = X_test['income'].fillna(X_train['income'].mean())", FIT),
            (READ, SPLIT, "X_test = X_test.fillna(0)", FIT),
            (READ, SPLIT, IMPUTE + "X_train = imp.fit_transform(X_train)\nX_test = imp.transform(X_test)", FIT),
            (READ, "df = df.fillna(df.mean())", SPLIT, FIT),
            (READ, SPLIT, FIT),
        ],
    ),
    "filled_from_past": (
        [
            (SERIES, "ts['load'] = ts['load'].ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (SERIES, "ts = ts.fillna(method='ffill')\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (SERIES, "ts['load'] = ts.groupby('store')['load'].ffill()\nts['lag'] = ts.groupby('store')['load'].shift(1)", BY_TIME),
            (SERIES, "ts.ffill(inplace=True)\nts['lag'] = ts['load'].shift(7)", BY_TIME),
            (SERIES, "ts = ts.asfreq('D').ffill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
        ],
        [
            (READ, "df = df.ffill()", SPLIT, FIT),
            (SERIES, "ts['load'] = ts['load'].interpolate()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (SERIES, "ts['load'] = ts['load'].bfill()\nts['lag'] = ts['load'].shift(1)", BY_TIME),
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts = ts.dropna()", BY_TIME),
            (READ, SPLIT, FIT),
        ],
    ),
    "constant_by_hand": (
        [
            (READ, "df['age'] = df['age'].fillna(35)", SPLIT, FIT),
            (READ, "df['sex'] = df['sex'].fillna('male')", SPLIT, FIT),
            (READ, "df = df.fillna({'age': 35, 'sex': 'male'})", SPLIT, FIT),
            (READ, "df['port'].fillna('S', inplace=True)", SPLIT, FIT),
            (READ, "df['age'] = df['age'].fillna(-1)", SPLIT, TREES),
        ],
        [
            (READ, "df['job'] = df['job'].fillna('Unknown')", SPLIT, FIT),
            (READ, "df['age'] = df['age'].fillna(df['age'].median())", SPLIT, FIT),
            (READ, "df['kids'] = df['kids'].fillna(0)", SPLIT, FIT),
            (READ, "df['age'] = df['age'].fillna(-1)", SPLIT, FIT),
            (READ, SPLIT, FIT, "X_test['shown'] = X_test['age'].fillna(35)"),
        ],
    ),
    "many_rows_dropped": (
        [
            (READ, code("df.shape", result="(1000, 9)"), NULLS, code("df = df.dropna()\ndf.shape", result="(640, 9)"), SPLIT, FIT),
            (READ, code("print(df.shape)", text="(1000, 9)"), NULLS, code("n = len(df)\ndf = df.dropna()\nprint(n, '->', len(df))", text="1000 -> 400"), SPLIT, FIT),
            (READ, code("df.shape", result="(1000, 9)"), NULLS, "df.dropna(inplace=True)", code("df.shape", result="(300, 9)"), SPLIT, FIT),
            (READ, code("df.shape", result="(1000, 9)"), NULLS, code("df = df[df['income'].notna()]\nlen(df)", result="500"), SPLIT, FIT),
            (READ, NULLS, code("before = len(df)\ndf = df.dropna()\nprint(f'{before} -> {len(df)} rows')", text="1,000 -> 650 rows"), SPLIT, FIT),
        ],
        [
            (READ, code("df.shape", result="(1000, 9)"), NULLS, code("df = df.dropna()\ndf.shape", result="(957, 9)"), SPLIT, FIT),
            (READ, code("df.shape", result="(1000, 9)"), CLEAN, code("df = df.dropna()\ndf.shape", result="(1000, 9)"), SPLIT, FIT),
            (READ, NULLS, "df = df.dropna()", SPLIT, FIT),
            (SERIES, code("ts.shape", result="(100, 2)"), code("ts['lag'] = ts['load'].shift(52)\nts = ts.dropna()\nts.shape", result="(48, 3)"), BY_TIME),
            (READ, code("df.shape", result="(1000, 9)"), NULLS, code("df = df.dropna(subset=['defaulted'])\ndf.shape", result="(500, 9)"), SPLIT, FIT),
        ],
    ),
    "missing_not_counted": (
        [
            (READ, "df = df.fillna(0)", SPLIT, FIT),
            (READ, "df = df.dropna()", SPLIT, FIT),
            (READ, "df['a'] = df['a'].fillna(df['a'].mean())", SPLIT, FIT),
            (READ, code("df.head()", result="   a  b\n0  1  2"), "df = df.fillna('none')", SPLIT, FIT),
            (READ, SPLIT, IMPUTE + "X_train = imp.fit_transform(X_train)", FIT),
        ],
        [
            (READ, NULLS, "df = df.fillna(0)", SPLIT, FIT),
            (READ, "df.isnull().sum()", "df = df.dropna()", SPLIT, FIT),
            (READ, "df.info()", "df = df.dropna()", SPLIT, FIT),
            (READ, "import missingno as msno\nmsno.matrix(df)", "df = df.dropna()", SPLIT, FIT),
            (READ, SPLIT, FIT),
        ],
    ),
    "missing_flagged": (
        [
            (READ, SPLIT, "from sklearn.impute import SimpleImputer\nimp = SimpleImputer(add_indicator=True)\nX_train = imp.fit_transform(X_train)", FIT),
            (READ, "df['no_age'] = df['age'].isna().astype(int)\ndf['bmi'] = df['bmi'].fillna(0)", SPLIT, FIT),
            (READ, "df = pd.get_dummies(df, dummy_na=True)\ndf = df.fillna(0)", SPLIT, FIT),
            (READ, "from sklearn.impute import MissingIndicator\nflags = MissingIndicator().fit_transform(df)\ndf = df.fillna(0)", SPLIT, FIT),
            (READ, "df['no_age'] = df.age.isnull().astype('int8')\ndf = df.fillna(1)", SPLIT, FIT),
        ],
        [
            (READ, "df = df.fillna(0)", SPLIT, FIT),
            (READ, SPLIT, IMPUTE + "X_train = imp.fit_transform(X_train)", FIT),
            (READ, "df['n'] = df['a'].astype(int)\ndf = df.fillna(0)", SPLIT, FIT),
            (READ, "df = pd.get_dummies(df, dummy_na=False)\ndf = df.fillna(0)", SPLIT, FIT),
            (READ, CLEAN, SPLIT, FIT),
        ],
    ),
}  # fmt: skip
ALL = {**CASES, **MILD}


@pytest.mark.parametrize(("kind", "cells"), cases(ALL, hold=True))
def test_a_fact_is_stated_where_it_holds(kind: str, cells: Cells) -> None:
    assert kind in kinds_of("data_imputation", *cells)


@pytest.mark.parametrize(("kind", "cells"), cases(ALL, hold=False))
def test_a_fact_is_not_stated_where_it_does_not_hold(kind: str, cells: Cells) -> None:
    assert kind not in kinds_of("data_imputation", *cells)


def test_words_that_give_a_reason_count() -> None:
    words = md("`income` is skewed, so the missing values get the median rather than the mean.")
    cells = (READ, NULLS, words, "df['income'] = df['income'].fillna(1)", SPLIT, FIT)
    assert "missing_reasoned" in kinds_of("data_imputation", *cells)
    assert "missing_reasoned" not in kinds_of("data_imputation", *(c for c in cells if c is not words))


def test_every_sentence_is_short_and_one_line() -> None:
    for cells in [*LEAKS, *(cells for _, cells in cases(ALL, hold=True))]:
        for fact in read_evidence(notebook(*cells), strict=True).of("data_imputation"):
            assert len(fact.text) < 160
            assert "\n" not in fact.text


@given(st.text(max_size=300))
def test_no_output_breaks_the_reading_of_tables(text: str) -> None:
    import re

    lines = lines_of(text)
    list(infos(lines))
    list(series(lines))
    described(lines)
    column_of(lines, re.compile("missing"))


@given(st.text(max_size=60))
def test_no_name_breaks_the_reading_of_names(name: str) -> None:
    is_identifier(name)
    never_zero(name)
    assert "\n" not in quoted([name])


@pytest.mark.parametrize("name", ["id", "customer_id", "PassengerId", "CustomerID", "txn_id", "customerid", "order_no"])
def test_names_of_identifiers(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["paid", "grid", "user_id", "store_id", "humidity", "age", "bid", "covid", "number"])
def test_names_that_are_no_identifiers(name: str) -> None:
    assert not is_identifier(name)
