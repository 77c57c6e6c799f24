"""Facts about features, on code as people write it."""

from __future__ import annotations

import pytest

from nbalign.evidence import read_evidence
from tests.evidence.building import Cells, Table, cases, code, facts_of, kinds_of, md, notebook

READ = "import numpy as np\nimport pandas as pd\ndf = pd.read_csv('homes.csv')"
XY = "X = df[['sqft', 'rooms', 'region']]\ny = df['price']"
SPLIT = """
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
"""
FIT = """
from sklearn.linear_model import Ridge
model = Ridge().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""
FOREST = """
from sklearn.ensemble import RandomForestRegressor
model = RandomForestRegressor().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""
SERIES = "import pandas as pd\nts = pd.read_csv('load.csv', parse_dates=['date']).set_index('date')"


def by_time(*columns: str) -> str:
    """A split by date and a fit on some columns."""
    names = ", ".join(repr(c) for c in columns)
    return (
        f"cols = [{names}]\ntrain, test = ts[ts.index < '2020-01-01'], ts[ts.index >= '2020-01-01']\n"
        "from sklearn.linear_model import LinearRegression\n"
        "m = LinearRegression().fit(train[cols], train['load'])\nprint(m.score(test[cols], test['load']))"
    )


def chosen(*columns: str) -> str:
    """X of some columns."""
    return f"X = df[{list(columns)!r}]\ny = df['price']"


SCALE = "from sklearn.preprocessing import StandardScaler\n"
BEST = "from sklearn.feature_selection import SelectKBest, f_regression\n"

CASES: Table = {
    "scaled_before_split": (
        [
            (READ, XY, SCALE + "X = StandardScaler().fit_transform(X)", SPLIT, FIT),
            (READ, XY, SCALE + "sc = StandardScaler()\nsc.fit(X)\nX = sc.transform(X)", SPLIT, FIT),
            (READ, SCALE + "df[['sqft']] = StandardScaler().fit_transform(df[['sqft']])", XY, SPLIT, FIT),
            (READ, XY, "from sklearn import preprocessing\nX = preprocessing.MinMaxScaler().fit_transform(X)", SPLIT, FIT),
            (READ, SCALE + "def prepare(d):\n    x = d[['sqft', 'rooms']]\n    return StandardScaler().fit_transform(x), d['price']\nX, y = prepare(df)", SPLIT, FIT),
            (READ, XY, SCALE + "X = pd.DataFrame(StandardScaler().fit_transform(X), columns=X.columns)", SPLIT, FIT),
            (READ, XY, "X = (X - X.mean()) / X.std()", SPLIT, FIT),
            (READ, XY, "lo, hi = X.min(), X.max()\nX = (X - lo) / (hi - lo)", SPLIT, FIT),
        ],
        [
            (READ, XY, SPLIT, SCALE + "sc = StandardScaler().fit(X_train)\nX_train = sc.transform(X_train)\nX_test = sc.transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\np = make_pipeline(StandardScaler(), Ridge()).fit(X_train, y_train)\np.score(X_test, y_test)"),
            (READ, XY, SPLIT, FIT, SCALE + "Z = StandardScaler().fit_transform(X)"),
            (READ, XY, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\ncross_val_score(make_pipeline(StandardScaler(), Ridge()), X, y, cv=5).mean()"),
            (READ, XY, SCALE + "from sklearn.decomposition import PCA\nxy = PCA(2).fit_transform(StandardScaler().fit_transform(X))\nimport matplotlib.pyplot as plt\nplt.scatter(xy[:, 0], xy[:, 1])", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "selected_before_split": (
        [
            (READ, XY, BEST + "sel = SelectKBest(f_regression, k=2)\nX = sel.fit_transform(X, y)", SPLIT, FIT),
            (READ, XY, BEST + "sel = SelectKBest(f_regression, k=2).fit(X, y)\nX = X[X.columns[sel.get_support()]]", SPLIT, FIT),
            (READ, XY, "from sklearn.feature_selection import RFE\nfrom sklearn.linear_model import Ridge\nrfe = RFE(Ridge(), n_features_to_select=2).fit(X, y)\nX = X.loc[:, rfe.support_]", SPLIT, FIT),
            (READ, BEST + "def pick(X, y):\n    s = SelectKBest(f_regression, k=2).fit(X, y)\n    return list(X.columns[s.get_support()])", XY, "cols = pick(X, y)\nX = X[cols]", SPLIT, FIT),
            (READ, XY, "from sklearn.feature_selection import SelectFromModel\nfrom sklearn.linear_model import Lasso\nX = SelectFromModel(Lasso()).fit_transform(X, y)", SPLIT, FIT),
        ],
        [
            (READ, XY, SPLIT, BEST + "sel = SelectKBest(f_regression, k=2).fit(X_train, y_train)\nX_train, X_test = sel.transform(X_train), sel.transform(X_test)", FIT),
            (READ, XY, SPLIT, BEST + "from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\np = make_pipeline(SelectKBest(f_regression, k=2), Ridge()).fit(X_train, y_train)\np.score(X_test, y_test)"),
            (READ, XY, BEST + "sel = SelectKBest(f_regression, k='all').fit(X, y)\npd.Series(sel.scores_, X.columns).plot.bar()", SPLIT, FIT),
            (READ, XY, "df.corr()['price'].sort_values()", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "projected_before_split": (
        [
            (READ, XY, "from sklearn.decomposition import PCA\nX = PCA(2).fit_transform(X)", SPLIT, FIT),
            (READ, XY, "from sklearn.decomposition import PCA\np = PCA(n_components=2)\np.fit(X)\nX = p.transform(X)", SPLIT, FIT),
            (READ, XY, "from sklearn.discriminant_analysis import LinearDiscriminantAnalysis\nlda = LinearDiscriminantAnalysis().fit(X, y)\nX['axis'] = lda.transform(X)", SPLIT, FIT),
            (READ, XY, "from sklearn.decomposition import TruncatedSVD\nX = pd.DataFrame(TruncatedSVD(2).fit_transform(X))", SPLIT, FIT),
            (READ, XY, "import sklearn.decomposition as dec\nX = dec.NMF(2).fit_transform(X)", SPLIT, FIT),
        ],
        [
            (READ, XY, SPLIT, "from sklearn.decomposition import PCA\np = PCA(2).fit(X_train)\nX_train, X_test = p.transform(X_train), p.transform(X_test)", FIT),
            (READ, XY, "from sklearn.decomposition import PCA\nxy = PCA(2).fit_transform(X)\nimport matplotlib.pyplot as plt\nplt.scatter(xy[:, 0], xy[:, 1], c=y)", SPLIT, FIT),
            (READ, XY, SPLIT, "from sklearn.discriminant_analysis import LinearDiscriminantAnalysis\nm = LinearDiscriminantAnalysis().fit(X_train, y_train)\nm.score(X_test, y_test)"),
            (READ, XY, SPLIT, "from sklearn.decomposition import PCA\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nm = make_pipeline(PCA(2), Ridge()).fit(X_train, y_train)\nm.score(X_test, y_test)"),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "target_means_of_all_rows": (
        [
            (READ, "df['local'] = df.groupby('region')['price'].transform('mean')", chosen("sqft", "local"), SPLIT, FIT),
            (READ, "means = df.groupby('region')['price'].mean()\ndf['local'] = df['region'].map(means)", chosen("sqft", "local"), SPLIT, FIT),
            (READ, "df['local'] = df['region'].map(df.groupby('region').price.median())", chosen("sqft", "local"), SPLIT, FIT),
            (READ, "def add(d):\n    d = d.copy()\n    d['local'] = d.groupby('region')['price'].transform('mean')\n    return d\ndf = add(df)", chosen("sqft", "local"), SPLIT, FIT),
            (READ, "from category_encoders import TargetEncoder\ndf['local'] = TargetEncoder().fit_transform(df[['region']], df['price'])", chosen("sqft", "local"), SPLIT, FIT),
        ],
        [
            (READ, XY, SPLIT, "means = y_train.groupby(X_train['region']).mean()\nX_train['local'] = X_train['region'].map(means)\nX_test['local'] = X_test['region'].map(means)", FIT),
            (READ, "df.groupby('region')['price'].mean().plot.bar()", XY, SPLIT, FIT),
            (READ, "df['n'] = df.groupby('region')['sqft'].transform('count')", chosen("sqft", "n"), SPLIT, FIT),
            (READ, XY, SPLIT, "from sklearn.preprocessing import TargetEncoder\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nm = make_pipeline(TargetEncoder(), Ridge()).fit(X_train, y_train)\nm.score(X_test, y_test)"),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "feature_made_of_target": (
        [
            (READ, "df['per_room'] = df['price'] / df['rooms']", chosen("sqft", "per_room"), SPLIT, FIT),
            (READ, "df['expensive'] = (df['price'] > 1e6).astype(int)", chosen("sqft", "expensive"), SPLIT, FIT),
            (READ, "df = df.assign(log_price=np.log(df['price']))", chosen("sqft", "log_price"), SPLIT, FIT),
            (READ, "def add(d):\n    d['unit'] = d.price / d.sqft\n    return d\ndf = add(df)", chosen("sqft", "unit"), SPLIT, FIT),
            (READ, "df['a'] = df['price'] * 2\ndf['b'] = df['a'] + df['sqft']", chosen("sqft", "b"), SPLIT, FIT),
        ],
        [
            (READ, "df['per_room'] = df['sqft'] / df['rooms']", chosen("sqft", "per_room"), SPLIT, FIT),
            (READ, "df['log_price'] = np.log(df['price'])", "X = df[['sqft', 'rooms']]\ny = df['log_price']", SPLIT, FIT),
            (READ, "df['per_room'] = df['price'] / df['rooms']\nprint(df.groupby('region')['per_room'].mean())", XY, SPLIT, FIT),
            (SERIES, "ts['lag'] = ts['load'].shift(1)", by_time("lag")),
            (SERIES, "ts['lag1'] = ts['load'].shift(1)\nts['lag7'] = ts['load'].shift(7)\nts['growth'] = ts['lag1'] / ts['lag7']", by_time("lag1", "growth")),
            (READ, "df['known'] = df['price'].notna()\ndf = df[df['known']]", XY, SPLIT, FIT),
        ],
    ),
    "target_made_of_feature": (
        [
            (READ, "df['big'] = (df['sqft'] > 2000).astype(int)", "X = df[['sqft', 'rooms']]\ny = df['big']", SPLIT, "from sklearn.linear_model import LogisticRegression\nLogisticRegression().fit(X_train, y_train).score(X_test, y_test)"),
            (READ, "df['total'] = df['a'] + df['b']", "X = df[['a', 'b', 'c']]\ny = df['total']", SPLIT, FIT),
            (READ, "df['bmi'] = df['weight'] / df['height'] ** 2", "X = df[['weight', 'height']]\ny = df['bmi']", SPLIT, FIT),
            (READ, "df['high'] = np.where(df['score'] >= 50, 1, 0)", "X = df[['score', 'age']]\ny = df['high']", SPLIT, FIT),
            (READ, "df['late'] = df['delay'] > 15", "X = df[['delay', 'hour']]\ny = df['late']", SPLIT, FIT),
        ],
        [
            (READ, "df['big'] = (df['sqft'] > 2000).astype(int)", "X = df[['rooms', 'age']]\ny = df['big']", SPLIT, FIT),
            (READ, "df['late'] = df['delay'] > 15", "X = df.drop(columns=['late', 'delay'])\ny = df['late']", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
            (SERIES, "ts['load'] = ts['raw'].shift(-1)", by_time("raw")),
            (READ, "df['price'] = df['price'].astype(float)", XY, SPLIT, FIT),
        ],
    ),
    "window_looks_ahead": (
        [
            (SERIES, "ts['smooth'] = ts['load'].rolling(5, center=True).mean()", by_time("smooth")),
            (SERIES, "ts['next_temp'] = ts['temp'].shift(-1)", by_time("next_temp")),
            (SERIES, "def f(d):\n    d['ma'] = d['load'].rolling(window=7, center=True, min_periods=1).mean()\n    return d\nts = f(ts)", by_time("ma")),
            (SERIES, "ts = ts.assign(ma=ts['load'].rolling(3, center=True).median())", by_time("ma")),
            (SERIES, "ts['ma'] = (\n    ts.groupby('store')['load']\n    .transform(lambda s: s.rolling(5, center=True).mean())\n)", by_time("ma")),
        ],
        [
            (SERIES, "ts['ma'] = ts['load'].shift(1).rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['load'].rolling(12, center=True).mean().plot()\nts['month'] = ts.index.month", by_time("month")),
            (SERIES, "ts['target'] = ts['load'].shift(-1)\ntrain, test = ts.iloc[:900], ts.iloc[900:]\nfrom sklearn.linear_model import Ridge\nm = Ridge().fit(train[['load']], train['target'])\nm.score(test[['load']], test['target'])"),
            (SERIES, "ts['lag'] = ts['load'].shift(1)", by_time("lag"), "ts['trend'] = ts['load'].rolling(365, center=True).mean()"),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "window_includes_present": (
        [
            (SERIES, "ts['ma'] = ts['load'].rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['ch'] = ts['load'].diff()", by_time("ch")),
            (SERIES, "ts['ema'] = ts['load'].ewm(span=5).mean()", by_time("ema")),
            (SERIES, "ts['cum'] = ts['load'].expanding().mean()", by_time("cum")),
            (SERIES, "ts['ma'] = ts.groupby('store')['load'].transform(lambda s: s.rolling(3, min_periods=1).mean())", by_time("ma")),
            (SERIES, "ts['pct'] = ts['load'].pct_change()", by_time("pct")),
        ],
        [
            (SERIES, "ts['ma'] = ts['load'].shift(1).rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['ma'] = ts['load'].rolling(7).mean().shift(1)", by_time("ma")),
            (SERIES, "ts['ma'] = ts['temp'].rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['ma'] = ts.groupby('store')['load'].transform(lambda s: s.shift(1).rolling(7).mean())", by_time("ma")),
            (SERIES, "ts['target'] = ts['load'].shift(-1)\nts['ma'] = ts['load'].rolling(7).mean()\ntrain, test = ts.iloc[:900], ts.iloc[900:]\nfrom sklearn.linear_model import Ridge\nm = Ridge().fit(train[['ma']], train['target'])\nm.score(test[['ma']], test['target'])"),
            (SERIES, "ts['load'].rolling(7).mean().plot()\nts['lag'] = ts['load'].shift(1)", by_time("lag")),
        ],
    ),
    "identifier_as_feature": (
        [
            (READ, chosen("listing_id", "sqft"), SPLIT, FIT),
            (READ, "df = df.reset_index()", chosen("index", "sqft"), SPLIT, FIT),
            (READ, code("df.info()", text="RangeIndex: 9 entries, 0 to 8\n 0   PassengerId  9 non-null int64\n 1   sqft  9 non-null int64\n 2   price  9 non-null int64"), "X = df.drop(columns=['price'])\ny = df['price']", SPLIT, FIT),
            (READ, "df['customer_no'] = df['customer'].str[1:].astype(int)", chosen("customer_no", "sqft"), SPLIT, FIT),
            (READ, "feats = ['id', 'sqft']\nX, y = df[feats], df['price']", SPLIT, FIT),
        ],
        [
            (READ, "X = df.drop(columns=['listing_id', 'price'])\ny = df['price']", SPLIT, FIT),
            (READ, "df = df.drop('Id', axis=1)", "X = df.drop('price', axis=1)\ny = df['price']", SPLIT, FIT),
            (READ, "ids = df.pop('id')", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "X = df[[c for c in df.columns if c not in ('id', 'price')]]\ny = df['price']", SPLIT, FIT),
            (READ, "df = df.set_index('listing_id')", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "X = pd.get_dummies(df[['user_id', 'item_id']], columns=['user_id', 'item_id'])\ny = df['price']", SPLIT, FIT),
            (READ, chosen("humidity", "paid", "grid"), SPLIT, FIT),
        ],
    ),
    "codes_for_nominal": (
        [
            (READ, "df['region'] = df['region'].map({'north': 0, 'south': 1, 'east': 2})", XY, SPLIT, FIT),
            (READ, "df['region'] = df['region'].astype('category').cat.codes", XY, SPLIT, FIT),
            (READ, "from sklearn.preprocessing import LabelEncoder\ndf['region'] = LabelEncoder().fit_transform(df['region'])", XY, SPLIT, FIT),
            (READ, "df['region'] = pd.factorize(df['region'])[0]", XY, SPLIT, FIT),
            (READ, "codes = {r: i for i, r in enumerate(df['region'].unique())}\ndf['region'] = df['region'].map(codes)", XY, SPLIT, FIT),
            (READ, "df = df.replace({'region': {'oak': 0, 'pine': 1, 'elm': 2}})", XY, SPLIT, FIT),
        ],
        [
            (READ, "df['region'] = df['region'].map({'low': 0, 'medium': 1, 'high': 2})", XY, SPLIT, FIT),
            (READ, "df['region'] = df['region'].map({'yes': 1, 'no': 0})", XY, SPLIT, FIT),
            (READ, "df['region'] = df['region'].astype('category').cat.codes", XY, SPLIT, FOREST),
            (READ, "X = pd.get_dummies(df[['sqft', 'region']])\ny = df['price']", SPLIT, FIT),
            (READ, "from sklearn.preprocessing import LabelEncoder\nX = df[['sqft', 'rooms']]\ny = LabelEncoder().fit_transform(df['price'])", SPLIT, FIT),
            (READ, "df['grade'] = df['grade'].map({'a': 1, 'b': 2, 'c': 3})", chosen("sqft", "grade"), SPLIT, FIT),
        ],
    ),
    "dummies_made_apart": (
        [
            (READ, XY, SPLIT, "X_train = pd.get_dummies(X_train)\nX_test = pd.get_dummies(X_test)", FIT),
            (READ, XY, SPLIT, "Xtr = pd.get_dummies(X_train, drop_first=True)\nXte = pd.get_dummies(X_test, drop_first=True)"),
            ("import pandas as pd\ntrain = pd.read_csv('train.csv')\ntest = pd.read_csv('test.csv')", "train = pd.get_dummies(train)\ntest = pd.get_dummies(test)"),
            ("import pandas as pd\ntrain_df = pd.read_csv('train.csv')\ntest_df = pd.read_csv('test.csv')", "train_df = pd.get_dummies(train_df, columns=['a'])\ntest_df = pd.get_dummies(test_df, columns=['a'])"),
            (READ, XY, SPLIT, "from pandas import get_dummies\nX_train, X_test = get_dummies(X_train), get_dummies(X_test)", FIT),
        ],
        [
            (READ, "df = pd.get_dummies(df)", XY, SPLIT, FIT),
            (READ, XY, SPLIT, "X_train = pd.get_dummies(X_train)\nX_test = pd.get_dummies(X_test).reindex(columns=X_train.columns, fill_value=0)", FIT),
            (READ, XY, SPLIT, "X_train = pd.get_dummies(X_train)\nX_test = pd.get_dummies(X_test)\nX_train, X_test = X_train.align(X_test, join='left', axis=1, fill_value=0)", FIT),
            (READ, XY, SPLIT, "from sklearn.preprocessing import OneHotEncoder\ne = OneHotEncoder(handle_unknown='ignore').fit(X_train)\nX_train, X_test = e.transform(X_train), e.transform(X_test)", FIT),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "features_built": (
        [
            (READ, "df['per_room'] = df['sqft'] / df['rooms']", chosen("sqft", "per_room"), SPLIT, FIT),
            (READ, "df['log_sqft'] = np.log1p(df['sqft'])", chosen("log_sqft"), SPLIT, FIT),
            (READ, "df = df.assign(age=2020 - df.year_built)", chosen("sqft", "age"), SPLIT, FIT),
            (READ, "df['month'] = pd.to_datetime(df['sold']).dt.month", chosen("sqft", "month"), SPLIT, FIT),
            (READ, XY, SPLIT, "from sklearn.preprocessing import PolynomialFeatures\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nmake_pipeline(PolynomialFeatures(2), Ridge()).fit(X_train, y_train)"),
            (SERIES, "ts['lag'] = ts['load'].shift(1)", by_time("lag")),
            (READ, "def add(d):\n    out = d.copy()\n    out['bath_ratio'] = out['baths'] / out['rooms']\n    return out", "df = add(df)", chosen("sqft", "bath_ratio"), SPLIT, FIT),
        ],
        [
            (READ, XY, SPLIT, FIT),
            (READ, "df['sqft'] = df['sqft'].fillna(0)", XY, SPLIT, FIT),
            (READ, XY, SPLIT, FIT, "out = X_test.copy()\nout['pred'] = model.predict(X_test)\nout['error'] = out['pred'] - y_test"),
            (READ, "info = pd.DataFrame(df.dtypes)\ninfo['missing'] = df.isna().sum()\ninfo['distinct'] = df.nunique()", XY, SPLIT, FIT),
            (READ, "df['band'] = pd.cut(df['price'], 5)\ndf.groupby('band').size()", XY, SPLIT, FIT),
        ],
    ),
    "prepared_on_training_rows": (
        [
            (READ, XY, SPLIT, SCALE + "sc = StandardScaler().fit(X_train)\nX_train, X_test = sc.transform(X_train), sc.transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "sc = StandardScaler()\nX_train = sc.fit_transform(X_train)\nX_test = sc.transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import Pipeline\nfrom sklearn.linear_model import Ridge\nPipeline([('s', StandardScaler()), ('m', Ridge())]).fit(X_train, y_train)"),
            (READ, XY, SPLIT, "from sklearn.preprocessing import OneHotEncoder\nfrom sklearn.compose import make_column_transformer\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\np = make_pipeline(make_column_transformer((OneHotEncoder(), ['region'])), Ridge())\np.fit(X_train, y_train)"),
            (READ, XY, SPLIT, SCALE + "def scale(a, b):\n    s = StandardScaler().fit(a)\n    return s.transform(a), s.transform(b)\nX_train, X_test = scale(X_train, X_test)", FIT),
        ],
        [
            (READ, XY, SCALE + "X = StandardScaler().fit_transform(X)", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
            (READ, "df = pd.get_dummies(df)", XY, SPLIT, FIT),
            (READ, "from sklearn.preprocessing import StandardScaler", XY, SPLIT, FIT),
            (READ, "df['region'] = df['region'].map({'n': 0, 's': 1})", XY, SPLIT, FIT),
        ],
    ),
    "dropped_unexplained": (
        [
            (READ, "X = df.drop(columns=['price', 'rooms', 'baths'])\ny = df['price']", SPLIT, FIT),
            (READ, "df = df.drop(['rooms', 'baths', 'age'], axis=1)", "X = df.drop('price', axis=1)\ny = df['price']", SPLIT, FIT),
            (READ, md("## Features"), "df.drop(columns=['rooms', 'baths'], inplace=True)", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "unused = ['rooms', 'baths']\ndf = df.drop(columns=unused)", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "X = df.drop(columns=['price', 'rooms', 'baths', 'listing_id'])\ny = df['price']", SPLIT, FIT),
        ],
        [
            (READ, md("We drop `rooms` and `baths`: both repeat `sqft`."), "df = df.drop(columns=['rooms', 'baths'])", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "X = df.drop(columns=['price', 'listing_id'])\ny = df['price']", SPLIT, FIT),
            (READ, "df['per_room'] = df['sqft'] / df['rooms']", "X = df.drop(columns=['price', 'sqft', 'rooms'])\ny = df['price']", SPLIT, FIT),
            (READ, "# rooms and baths are left out, they are known only after the survey\ndf = df.drop(columns=['rooms', 'baths'])", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "needless_scaling": (
        [
            (READ, XY, SPLIT, SCALE + "s = StandardScaler().fit(X_train)\nX_train, X_test = s.transform(X_train), s.transform(X_test)", FOREST),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.tree import DecisionTreeRegressor\nmake_pipeline(StandardScaler(), DecisionTreeRegressor()).fit(X_train, y_train)"),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom xgboost import XGBRegressor\nmake_pipeline(StandardScaler(), XGBRegressor()).fit(X_train, y_train)"),
            (READ, XY, SCALE + "X = StandardScaler().fit_transform(X)", SPLIT, FOREST),
            (READ, XY, SPLIT, "from sklearn.preprocessing import MinMaxScaler\nfrom sklearn.pipeline import Pipeline\nfrom lightgbm import LGBMRegressor\nPipeline([('s', MinMaxScaler()), ('m', LGBMRegressor())]).fit(X_train, y_train)"),
        ],
        [
            (READ, XY, SPLIT, FOREST),
            (READ, XY, SPLIT, SCALE + "s = StandardScaler().fit(X_train)\nX_train, X_test = s.transform(X_train), s.transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.svm import SVR\nmake_pipeline(StandardScaler(), SVR()).fit(X_train, y_train)", FOREST),
            (READ, XY, SPLIT, "from sklearn.preprocessing import StandardScaler", FOREST),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "unscaled": (
        [
            (READ, XY, SPLIT, "from sklearn.neighbors import KNeighborsRegressor\nKNeighborsRegressor().fit(X_train, y_train).score(X_test, y_test)"),
            (READ, XY, SPLIT, "from sklearn.svm import SVR\nSVR().fit(X_train, y_train)"),
            (READ, XY, SPLIT, FIT),
            (READ, XY, SPLIT, "from sklearn.neural_network import MLPRegressor\nm = MLPRegressor()\nm.fit(X_train, y_train)"),
            (READ, XY, SPLIT, "from sklearn.linear_model import Lasso\nfrom sklearn.model_selection import GridSearchCV\nGridSearchCV(Lasso(), {'alpha': [1, 2]}).fit(X_train, y_train)"),
        ],
        [
            (READ, XY, SPLIT, FOREST),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.svm import SVR\nmake_pipeline(StandardScaler(), SVR()).fit(X_train, y_train)"),
            (READ, XY, "X = (X - X.mean()) / X.std()", SPLIT, FIT),
            (READ, XY, SPLIT, "from sklearn.linear_model import LinearRegression\nLinearRegression().fit(X_train, y_train)"),
            (READ, XY, SPLIT, "from sklearn.preprocessing import RobustScaler\nr = RobustScaler().fit(X_train)\nX_train, X_test = r.transform(X_train), r.transform(X_test)", FIT),
        ],
    ),
    "refitted_on_test": (
        [
            (READ, XY, SPLIT, SCALE + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "X_train = StandardScaler().fit_transform(X_train)\nX_test = StandardScaler().fit_transform(X_test)", FIT),
            (READ, XY, SPLIT, "from sklearn.preprocessing import OneHotEncoder\ne = OneHotEncoder()\nA = e.fit_transform(X_train)\nB = e.fit_transform(X_test)"),
            (READ, XY, SPLIT, SCALE + "s = StandardScaler()\ns.fit(X_train)\nX_train = s.transform(X_train)\ns.fit(X_test)\nX_test = s.transform(X_test)", FIT),
            (READ, XY, SPLIT, SCALE + "def scale(x):\n    return StandardScaler().fit_transform(x)\nX_train, X_test = scale(X_train), scale(X_test)", FIT),
        ],
        [
            (READ, XY, SPLIT, SCALE + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)", FIT),
            (READ, XY, SPLIT, FIT),
            (READ, XY, SCALE + "X = StandardScaler().fit_transform(X)", SPLIT, FIT),
            (READ, XY, SPLIT, SCALE + "from sklearn.pipeline import make_pipeline\nfrom sklearn.svm import SVR\np = make_pipeline(StandardScaler(), SVR()).fit(X_train, y_train)\np.predict(X_test)"),
            (READ, XY, SPLIT, SCALE + "s = StandardScaler().fit(X_train)\nfor part in (X_train, X_test):\n    s.transform(part)", FIT),
        ],
    ),
}  # fmt: skip

TFIDF = (
    "import pandas as pd\nfrom sklearn.feature_extraction.text import TfidfVectorizer\nmails = pd.read_csv('mails.csv')"
)
SPAM = "from sklearn.model_selection import train_test_split\nX_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
BAYES = "from sklearn.naive_bayes import MultinomialNB\nMultinomialNB().fit(X_train, y_train).score(X_test, y_test)"

MILD: Table = {
    "vectorised_before_split": (
        [
            (TFIDF, "X = TfidfVectorizer().fit_transform(mails['text'])\ny = mails['spam']", SPAM, BAYES),
            (TFIDF, "v = TfidfVectorizer(max_features=500)\nv.fit(mails.text)\nX, y = v.transform(mails.text), mails.spam", SPAM, BAYES),
            (TFIDF, "X = TfidfVectorizer().fit_transform(mails['text']).toarray()\ny = mails['spam'].values", SPAM, BAYES),
            (TFIDF, "def embed(t):\n    return TfidfVectorizer().fit_transform(t)\nX, y = embed(mails['text']), mails['spam']", SPAM, BAYES),
            (TFIDF, "from sklearn.feature_extraction.text import TfidfTransformer, CountVectorizer\nX = TfidfTransformer().fit_transform(CountVectorizer().fit_transform(mails['text']))\ny = mails['spam']", SPAM, BAYES),
        ],
        [
            (TFIDF, "X, y = mails['text'], mails['spam']", SPAM, "v = TfidfVectorizer()\nX_train = v.fit_transform(X_train)\nX_test = v.transform(X_test)", BAYES),
            (TFIDF, "X, y = mails['text'], mails['spam']", SPAM, "from sklearn.pipeline import make_pipeline\nfrom sklearn.naive_bayes import MultinomialNB\nmake_pipeline(TfidfVectorizer(), MultinomialNB()).fit(X_train, y_train).score(X_test, y_test)"),
            (TFIDF, "from sklearn.feature_extraction.text import CountVectorizer\nX, y = CountVectorizer().fit_transform(mails['text']), mails['spam']", SPAM, BAYES),
            (TFIDF, "X, y = mails[['length']], mails['spam']", SPAM, BAYES),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "nominal_as_number": (
        [
            (READ, chosen("sqft", "city"), SPLIT, FIT),
            (READ, chosen("sqft", "occupation", "zipcode"), SPLIT, FIT),
            (READ, chosen("region", "sqft"), SPLIT, "from sklearn.neighbors import KNeighborsRegressor\nKNeighborsRegressor().fit(X_train, y_train)"),
            (READ, chosen("sqft", "category"), SPLIT, SCALE + "s = StandardScaler().fit(X_train)\nX_train, X_test = s.transform(X_train), s.transform(X_test)", FIT),
            (READ, chosen("race", "sqft"), SPLIT, "from sklearn.svm import SVR\nSVR().fit(X_train, y_train)"),
        ],
        [
            (READ, chosen("sqft", "city"), SPLIT, FOREST),
            (READ, "df = pd.get_dummies(df, columns=['city'])", "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, chosen("sqft", "rooms"), SPLIT, FIT),
            (READ, chosen("sqft", "city"), SPLIT, "from sklearn.preprocessing import OneHotEncoder\nfrom sklearn.compose import ColumnTransformer\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\nmake_pipeline(ColumnTransformer([('c', OneHotEncoder(), ['city']), ('n', 'passthrough', ['sqft'])]), Ridge()).fit(X_train, y_train)"),
            (READ, chosen("city_population", "sqft"), SPLIT, FOREST),
        ],
    ),
    "lags_look_back": (
        [
            (SERIES, "ts['lag'] = ts['load'].shift(1)", by_time("lag")),
            (SERIES, "for k in (1, 7):\n    ts[f'lag{k}'] = ts['load'].shift(k)", by_time("lag1", "lag7")),
            (SERIES, "ts['ma'] = ts['load'].shift(1).rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['lag'] = ts.groupby('store')['load'].shift(7)", by_time("lag")),
            (SERIES, "def add(d):\n    d = d.copy()\n    d['lag'] = d['load'].shift(24)\n    return d\nts = add(ts)", by_time("lag")),
        ],
        [
            (SERIES, "ts['ma'] = ts['load'].rolling(7).mean()", by_time("ma")),
            (SERIES, "ts['month'] = ts.index.month", by_time("month")),
            (SERIES, "ts['lag'] = ts['load'].shift(1)\nts['ma'] = ts['load'].rolling(3).mean()", by_time("lag", "ma")),
            (SERIES, "ts['t1'] = ts['temp'].shift(1)", by_time("t1")),
            (READ, XY, SPLIT, FIT),
        ],
    ),
    "identifier_kept_out": (
        [
            (READ, "X = df.drop(columns=['listing_id', 'price'])\ny = df['price']", SPLIT, FIT),
            (READ, "df = df.drop('Id', axis=1)", "X = df.drop('price', axis=1)\ny = df['price']", SPLIT, FIT),
            (READ, "df.drop(columns='customerID', inplace=True)", "X = df.drop(columns=['price'])\ny = df['price']", SPLIT, FIT),
            (READ, "drop = ['PassengerId', 'price']\nX, y = df.drop(drop, axis=1), df['price']", SPLIT, FIT),
            (READ, "del df['txn_id']", "X = df.drop(columns=['price'])\ny = df['price']", SPLIT, FIT),
        ],
        [
            (READ, chosen("listing_id", "sqft"), SPLIT, FIT),
            (READ, "X = df.drop(columns=['price'])\ny = df['price']", SPLIT, FIT),
            (READ, XY, SPLIT, FIT),
            (READ, "X = df.drop(columns=['store_id', 'price'])\ny = df['price']", SPLIT, FIT),
            (READ, "X = df.drop(columns=['humidity', 'price'])\ny = df['price']", SPLIT, FIT),
        ],
    ),
    "nothing_built": (
        [
            (READ, XY, SPLIT, FIT),
            (READ, "X = df.drop(columns='price')\ny = df['price']", SPLIT, FIT),
            (READ, "X = pd.get_dummies(df.drop(columns='price'))\ny = df['price']", SPLIT, FIT),
            (READ, XY, SPLIT, FOREST),
            (READ, XY, SPLIT, FIT, "res = y_test - model.predict(X_test)\nX_test['res'] = res / 2"),
        ],
        [
            (READ, "df['per_room'] = df['sqft'] / df['rooms']", chosen("sqft", "per_room"), SPLIT, FIT),
            (READ, XY, SPLIT, BEST + "s = SelectKBest(f_regression, k=1).fit(X_train, y_train)\nX_train, X_test = s.transform(X_train), s.transform(X_test)", FIT),
            (SERIES, "ts['lag'] = ts['load'].shift(1)", by_time("lag")),
            (READ, "df['age'] = 2020 - df['built']", chosen("sqft", "age"), SPLIT, FIT),
            (READ, "df.head()"),
        ],
    ),
}  # fmt: skip
ALL = {**CASES, **MILD}


@pytest.mark.parametrize(("kind", "cells"), cases(ALL, hold=True))
def test_a_fact_is_stated_where_it_holds(kind: str, cells: Cells) -> None:
    assert kind in kinds_of("feature_engineering", *cells)


@pytest.mark.parametrize(("kind", "cells"), cases(ALL, hold=False))
def test_a_fact_is_not_stated_where_it_does_not_hold(kind: str, cells: Cells) -> None:
    assert kind not in kinds_of("feature_engineering", *cells)


GIVEN = "X = df.drop(columns=['churned'])\ny = df['churned']"
COLUMNS = code("df.columns.tolist()", result="['tenure', 'cancellation_fee', 'churned']")


def test_a_late_column_is_blamed_only_with_scores_that_are_too_good() -> None:
    fit = "from sklearn.linear_model import LogisticRegression\nm = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
    good = (READ, COLUMNS, GIVEN, SPLIT, code(fit, text="0.991"))
    fair = (READ, COLUMNS, GIVEN, SPLIT, code(fit, text="0.78"))
    dropped = (READ, COLUMNS, "df = df.drop(columns='cancellation_fee')", GIVEN, SPLIT, code(fit, text="0.991"))
    assert "feature_gives_target_away" in kinds_of("feature_engineering", *good)
    assert "feature_gives_target_away" not in kinds_of("feature_engineering", *fair)
    assert "feature_gives_target_away" not in kinds_of("feature_engineering", *dropped)


def test_dummies_on_all_rows_are_no_fault() -> None:
    cells = (
        READ,
        "df = pd.get_dummies(df, columns=['region'])",
        "X = df.drop(columns='price')\ny = df['price']",
        SPLIT,
        FIT,
    )
    assert all(f.kind.polarity != "fault" for f in facts_of("feature_engineering", *cells))


def test_words_that_give_a_reason_count() -> None:
    words = md("## Features\n`per_room` is added because crowded homes sell for less.")
    cells = (READ, words, "df['per_room'] = df['sqft'] / df['rooms']", chosen("sqft", "per_room"), SPLIT, FIT)
    assert "features_reasoned" in kinds_of("feature_engineering", *cells)
    assert "features_reasoned" not in kinds_of("feature_engineering", *(c for c in cells if c is not words))


def test_a_notebook_that_trains_nothing_has_no_features() -> None:
    assert kinds_of("feature_engineering", READ, "df.head()") == {"no_room_for_features"}


def test_every_sentence_is_short_and_one_line() -> None:
    for _, cells in cases(ALL, hold=True):
        for fact in read_evidence(notebook(*cells), strict=True).of("feature_engineering"):
            assert len(fact.text) < 160
            assert "\n" not in fact.text
