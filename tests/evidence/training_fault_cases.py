"""Notebooks with faults and rarer gaps of model training, and the kinds of facts they must state."""

from __future__ import annotations

from tests.evidence.building import code, md
from tests.evidence.training_cases import BARE_SPLIT, FORECAST, PLAIN, READ, SERIES, SPLIT, Case

LOGIT = """
from sklearn.linear_model import LogisticRegression
lr = LogisticRegression(max_iter=300).fit(X_train, y_train)
print(lr.score(X_test, y_test))
"""
RENT = "Predict rent from data/flats.csv."
OVERSAMPLED = """
import pandas as pd
df = pd.read_csv("data/telco.csv")
"""
FIT_FAILS = ("ValueError", "Input X contains NaN.")
BARE = "held_out no_search no_validation no_rival"

FAULT_CASES = (
    Case(
        "dated orders at random, no seed, no stratify",
        (
            """
import pandas as pd
orders = pd.read_csv("orders.csv", parse_dates=["order_date"])
orders["weekday"] = orders.order_date.dt.dayofweek
X, y = orders[["weekday", "amount"]], orders["returned"]
""",
            BARE_SPLIT,
            LOGIT,
        ),
        BARE + " not_seeded not_stratified dated_rows_at_random",
        "Predict whether an order is returned, from orders.csv.",
    ),
    Case(
        "dated sensor rows at random in a function, several rows for each machine",
        (
            md("The log holds many records per machine."),
            """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
log = pd.read_csv("log.csv")
log["datetime"] = pd.to_datetime(log["datetime"])
print(log["machine_id"].nunique())
def fit_and_score(frame):
    parts = train_test_split(frame[["temp", "vibration"]], frame["failure"], test_size=0.2)
    forest = RandomForestClassifier()
    forest.fit(parts[0], parts[2])
    return forest.score(parts[1], parts[3])
print(fit_and_score(log))
""",
        ),
        BARE + " not_seeded not_stratified dated_rows_at_random entities_on_both_sides",
        "Predict failures from log.csv.",
    ),
    Case(
        "dated readings at random with polars-like names",
        (
            """
import pandas as pd
r = pd.read_csv("r.csv").sort_values("ts")
X, y = r[["a", "b"]], r["kwh"]
""",
            BARE_SPLIT,
            """
from sklearn.svm import SVR
m = SVR().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        ),
        BARE + " not_seeded dated_rows_at_random",
        "Estimate kwh from r.csv.",
    ),
    Case(
        "dated trips at random, users with several trips",
        (
            md("## Trips\nNote that there are multiple rows per user in this table."),
            """
import pandas as pd
trips = pd.read_csv("trips.csv", parse_dates=["timestamp"])
print(trips.groupby("user_id").size().describe())
X, y = trips[["km", "hour"]], trips["tip"]
""",
            BARE_SPLIT,
            """
from sklearn.linear_model import Ridge
from sklearn.dummy import DummyRegressor
base = DummyRegressor().fit(X_train, y_train)
ridge = Ridge().fit(X_train, y_train)
print(base.score(X_test, y_test), ridge.score(X_test, y_test))
""",
        ),
        "held_out no_search no_validation baseline_trained not_seeded dated_rows_at_random entities_on_both_sides",
        "Predict the tip from trips.csv.",
    ),
    Case(
        "students with several samples each, not grouped",
        (
            md("We have 12 samples for each student, taken in one week."),
            "import pandas as pd\nw = pd.read_csv('w.csv')\nX, y = w.drop(columns=['student_id', 'passed']), w['passed']",
            SPLIT,
            LOGIT,
        ),
        PLAIN + " entities_on_both_sides",
        "Predict whether a student passes.",
    ),
    Case(
        "devices with repeated measurements, random folds",
        (
            md("The table has repeated measurements of each device."),
            "import pandas as pd\nw = pd.read_csv('w.csv')\nX, y = w.drop(columns=['device_id', 'load']), w['load']",
            BARE_SPLIT.replace("0.25", "0.25, random_state=1"),
            """
from sklearn.linear_model import Lasso
print(Lasso().fit(X_train, y_train).score(X_test, y_test))
""",
        ),
        BARE + " seeded entities_on_both_sides",
        "Predict load.",
    ),
    Case(
        "statsmodels on all rows, measured on all rows",
        (
            READ,
            """
import statsmodels.api as sm
from sklearn.metrics import mean_absolute_error
ols = sm.OLS(y, sm.add_constant(X)).fit()
print(mean_absolute_error(y, ols.predict(sm.add_constant(X))))
""",
        ),
        "no_hold_out no_search no_validation no_rival",
        RENT,
    ),
    Case(
        "a function that scores the rows it learned from",
        (
            """
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import f1_score
def run(path):
    d = pd.read_csv(path)
    feats, label = d.drop("churned", axis=1), d["churned"]
    gbm = LGBMClassifier().fit(feats, label)
    print(f1_score(label, gbm.predict(feats)))
run("data/telco.csv")
""",
        ),
        "no_hold_out no_search no_validation no_rival",
    ),
    Case(
        "a pipeline scored on its own rows",
        (
            READ,
            """
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
pipe = make_pipeline(StandardScaler(), SVC(random_state=0))
pipe.fit(X, y)
pipe.score(X, y)
""",
        ),
        "no_hold_out no_search no_validation no_rival seeded",
    ),
    Case(
        "the wrong variables in fit",
        (
            READ,
            SPLIT,
            """
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.neighbors import KNeighborsClassifier
p = Pipeline([("s", MinMaxScaler()), ("k", KNeighborsClassifier())])
p.fit(X, y)
print("accuracy", p.score(X_test, y_test))
""",
        ),
        "trained_on_test_rows seeded no_search no_validation no_rival",
    ),
    Case(
        "two models on all rows, both measured on the test part",
        (
            READ,
            BARE_SPLIT,
            """
from sklearn.ensemble import RandomForestRegressor, ExtraTreesRegressor
from sklearn.metrics import mean_squared_error
for reg in (RandomForestRegressor(), ExtraTreesRegressor()):
    reg.fit(X, y)
    print(mean_squared_error(y_test, reg.predict(X_test), squared=False))
""",
        ),
        "trained_on_test_rows not_seeded rivals no_search no_validation",
        RENT,
    ),
    Case(
        "the split is never used",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
m = Ridge().fit(X, y)
print(r2_score(y, m.predict(X)))
""",
        ),
        "trained_on_test_rows seeded no_search no_validation no_rival",
        RENT,
    ),
    Case(
        "lags and a sampled hold-out",
        (
            SERIES,
            """
train = s.sample(frac=0.8, random_state=1)
test = s.drop(train.index)
from sklearn.ensemble import GradientBoostingRegressor
gb = GradientBoostingRegressor(random_state=0).fit(train[["lag_7", "promo"]], train["units"])
print(gb.score(test[["lag_7", "promo"]], test["units"]))
""",
        ),
        "series_split_at_random held_out seeded no_search no_validation no_rival",
        "Predict units from data/demand.csv.",
    ),
    Case(
        "a forecast in the prompt, months as features, split at random",
        (
            """
import pandas as pd
flow = pd.read_csv("flow.csv")
flow["date"] = pd.to_datetime(flow["date"])
flow["month"] = flow["date"].dt.month
X, y = flow[["month", "rain"]].values, flow["level"].values
""",
            BARE_SPLIT,
            """
from sklearn.ensemble import RandomForestRegressor
r = RandomForestRegressor()
r.fit(X_train, y_train)
print(r.score(X_test, y_test))
""",
        ),
        "series_split_at_random held_out not_seeded no_search no_validation no_rival",
        "Forecast the river level from flow.csv.",
    ),
    Case(
        "a series shuffled inside a function, with random folds on top",
        (
            SERIES,
            """
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.linear_model import Ridge
def evaluate(model):
    a, b, c, d = train_test_split(X, y, random_state=0)
    print(cross_val_score(model, a, c, cv=5).mean())
    return model.fit(a, c).score(b, d)
evaluate(Ridge())
""",
        ),
        "series_split_at_random held_out seeded cross_validated no_search no_rival",
        FORECAST,
    ),
    Case(
        "a random tail of a yearly series",
        (
            """
import pandas as pd
spots = pd.read_csv("spots.csv")
spots = spots.sort_values("year")
for k in range(1, 4):
    spots[f"lag{k}"] = spots["count"].shift(k)
spots = spots.dropna()
X, y = spots[["lag1", "lag2", "lag3"]], spots["count"]
""",
            BARE_SPLIT.replace("0.25", "0.25, random_state=8"),
            """
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor
a = LinearRegression().fit(X_train, y_train)
b = DecisionTreeRegressor(random_state=0).fit(X_train, y_train)
print(a.score(X_test, y_test), b.score(X_test, y_test))
""",
        ),
        "series_split_at_random held_out seeded rivals no_search no_validation",
        "Model the yearly counts in spots.csv and predict the next 5 years.",
    ),
    Case(
        "random oversampling before the split",
        (
            READ,
            """
from imblearn.over_sampling import RandomOverSampler
X_res, y_res = RandomOverSampler(random_state=0).fit_resample(X, y)
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X_res, y_res, stratify=y_res, random_state=0)
""",
            LOGIT,
        ),
        "resampled_before_split " + PLAIN,
    ),
    Case(
        "ADASYN in a helper before the split",
        (
            READ,
            """
from imblearn.over_sampling import ADASYN
def balance(a, b):
    return ADASYN(random_state=1).fit_resample(a, b)
X, y = balance(X, y)
""",
            BARE_SPLIT.replace("0.25", "0.25, random_state=1"),
            LOGIT,
        ),
        "resampled_before_split not_stratified seeded " + BARE,
    ),
    Case(
        "the rare class sampled with replacement by pandas",
        (
            OVERSAMPLED,
            """
rare = df[df["churned"] == 1].sample(n=4000, replace=True, random_state=2)
both = pd.concat([df[df["churned"] == 0], rare])
X, y = both.drop(columns="churned"), both["churned"]
""",
            SPLIT,
            LOGIT,
        ),
        "resampled_before_split " + PLAIN,
    ),
    Case(
        "search over all rows inside a function",
        (
            READ,
            """
from sklearn.model_selection import RandomizedSearchCV, train_test_split
from sklearn.ensemble import RandomForestClassifier
def tuned(a, b):
    s = RandomizedSearchCV(RandomForestClassifier(random_state=0), {"max_depth": [2, 4]}, random_state=0)
    return s.fit(a, b).best_params_
params = tuned(X, y)
""",
            SPLIT,
            "f = RandomForestClassifier(random_state=0, **params).fit(X_train, y_train)\nprint(f.score(X_test, y_test))",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_all no_rival",
    ),
    Case(
        "cross-validated on all rows after a split that was made first",
        (
            READ,
            SPLIT,
            """
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier
for d in (2, 4, 8):
    print(d, cross_val_score(DecisionTreeClassifier(max_depth=d, random_state=0), X, y).mean())
t = DecisionTreeClassifier(max_depth=4, random_state=0).fit(X_train, y_train)
print(t.score(X_test, y_test))
""",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_all searched_on_training no_rival",
    ),
    Case(
        "a forest fails, and so does the boosting",
        (
            READ,
            SPLIT,
            code(
                "from sklearn.ensemble import RandomForestClassifier\nrf = RandomForestClassifier().fit(X_train, y_train)",
                error=FIT_FAILS,
            ),
            code(
                "from sklearn.ensemble import GradientBoostingClassifier\n"
                "gb = GradientBoostingClassifier().fit(X_train, y_train)",
                error=FIT_FAILS,
            ),
        ),
        "training_failed seeded rivals no_search no_validation",
    ),
    Case(
        "the search fails",
        (
            READ,
            SPLIT,
            "from sklearn.model_selection import GridSearchCV\nfrom sklearn.svm import SVC\n"
            "g = GridSearchCV(SVC(), {'C': [1, 10]})",
            code("g.fit(X_train, y_train)", error=FIT_FAILS),
        ),
        "training_failed seeded no_rival",
    ),
    Case(
        "the traceback points at the fit",
        (
            READ,
            SPLIT,
            code(
                "from sklearn.linear_model import LinearRegression\nprint(X_train.shape)\nlm = LinearRegression()\n"
                "lm.fit(X_train, y_train)\nprint(lm.coef_)\nprint(lm.intercept_)",
                error=("ValueError", "----> 4 lm.fit(X_train, y_train)\nValueError: could not convert"),
            ),
        ),
        "training_failed seeded no_search no_validation no_rival",
        RENT,
    ),
    Case(
        "all of a function call fails",
        (
            READ,
            SPLIT,
            code(
                "from sklearn.linear_model import Ridge\nridge = Ridge()\nridge.fit(X_train, y_train)",
                error=("NameError", "name 'X_train' is not defined"),
            ),
        ),
        "training_failed seeded no_search no_validation no_rival",
        RENT,
    ),
    Case(
        "a linear regression for a yes or no",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import LinearRegression
from sklearn.metrics import classification_report
lm = LinearRegression().fit(X_train, y_train)
print(classification_report(y_test, lm.predict(X_test) > 0.5))
""",
        ),
        "unfit_model " + PLAIN,
        "Predict whether a customer churns.",
    ),
    Case(
        "two regressors for digits",
        (
            READ,
            SPLIT,
            """
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor
from sklearn.metrics import accuracy_score, confusion_matrix
for m in (SVR(), DecisionTreeRegressor(random_state=0)):
    m.fit(X_train, y_train)
    print(confusion_matrix(y_test, m.predict(X_test).round()))
""",
        ),
        "unfit_model held_out split_fits_data seeded rivals no_search no_validation",
        "Recognise the digit in digits.csv.",
    ),
    Case(
        "boosted numbers for a spam filter",
        (
            READ,
            SPLIT,
            """
from xgboost import XGBRegressor
from sklearn.metrics import f1_score
x = XGBRegressor(random_state=0).fit(X_train, y_train)
print(f1_score(y_test, (x.predict(X_test) > 0.5).astype(int)))
""",
        ),
        "unfit_model " + PLAIN,
        "Build a spam filter on mails.csv.",
    ),
    Case(
        "a classifier for a forecast of numbers",
        (
            SERIES,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mean_squared_error
train, test = s.iloc[:-30], s.iloc[-30:]
m = LogisticRegression().fit(train[["lag_7"]], train["units"])
print(mean_squared_error(test["units"], m.predict(test[["lag_7"]])))
""",
        ),
        "unfit_model held_out split_fits_data no_search no_validation no_rival",
        FORECAST,
    ),
    Case("only charts", (READ, "df['age'].plot.hist()", "df.corr()"), "nothing_trained"),
    Case(
        "only words of a model",
        (READ, md("A random forest would be a good model here."), "df.groupby('plan').mean()"),
        "nothing_trained",
    ),
    Case(
        "imports without use",
        ("from sklearn.ensemble import RandomForestClassifier", READ, "df.isna().sum()"),
        "nothing_trained",
        "Train a classifier on data/telco.csv.",
    ),
    Case(
        "a rule by hand",
        (READ, "guess = (df['tenure'] < 3).astype(int)\nprint((guess == y).mean())"),
        "nothing_trained",
        "Build a churn model on data/telco.csv.",
    ),
    Case(
        "only a profile", (READ, "df.info()"), "no_training_asked", "Profile data/telco.csv and report on data quality."
    ),
    Case(
        "only cleaning", (READ, "df = df.dropna()"), "no_training_asked", "Clean data/telco.csv; no modelling please."
    ),
    Case(
        "a saved pipeline is evaluated",
        (READ, "import pickle\nm = pickle.load(open('m.pkl', 'rb'))\nm.score(X, y)"),
        "no_training_asked",
        "Use the saved pipeline m.pkl to score the rows in data/telco.csv.",
    ),
)
