"""Notebooks that train models, and exactly the kinds of facts they must state."""

from __future__ import annotations

from dataclasses import dataclass

from tests.evidence.building import Piece, code, md

PREDICT = "Predict churned from data/telco.csv."
FORECAST = "Forecast the next 14 days of demand from data/demand.csv."


@dataclass(frozen=True)
class Case:
    """A notebook, the kinds it must state, and nothing else."""

    name: str
    cells: tuple[str | Piece, ...]
    kinds: str
    prompt: str = PREDICT


READ = """
import pandas as pd
df = pd.read_csv("data/telco.csv")
X, y = df.drop(columns="churned"), df["churned"]
"""
SPLIT = """
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=0)
"""
BARE_SPLIT = """
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25)
"""
SERIES = """
import pandas as pd
s = pd.read_csv("data/demand.csv", parse_dates=["date"]).sort_values("date")
s["lag_7"] = s["units"].shift(7)
s = s.dropna()
X, y = s[["lag_7", "promo"]], s["units"]
"""
PLAIN = "held_out split_fits_data seeded no_search no_validation no_rival"

CASES = (
    Case(
        "a forest on a stratified split, and nothing else",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
clf = RandomForestClassifier(random_state=0).fit(X_train, y_train)
print(roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1]))
""",
        ),
        PLAIN,
    ),
    Case(
        "functions for every stage",
        (
            """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

def load():
    return pd.read_csv("data/telco.csv")

def split(frame):
    return train_test_split(frame.drop(columns="churned"), frame.churned, stratify=frame.churned, random_state=3)

def run():
    a, b, c, d = split(load())
    model = LogisticRegression(max_iter=500)
    model.fit(a, c)
    return accuracy_score(d, model.predict(b))

print(run())
""",
        ),
        PLAIN,
    ),
    Case(
        "no seed and no stratify",
        (
            READ,
            BARE_SPLIT,
            """
import xgboost as xgb
bst = xgb.XGBClassifier(n_estimators=200)
bst.fit(X_train, y_train)
bst.score(X_test, y_test)
""",
        ),
        "held_out not_seeded not_stratified no_search no_validation no_rival",
    ),
    Case(
        "a seed for all, a dummy, two models, grids on the training part",
        (
            "import numpy as np\nnp.random.seed(7)",
            READ,
            SPLIT.replace(", random_state=0", ""),
            """
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from sklearn.model_selection import GridSearchCV
base = DummyClassifier().fit(X_train, y_train)
a = GridSearchCV(LogisticRegression(), {"C": [0.1, 1, 10]}, cv=5).fit(X_train, y_train)
b = GridSearchCV(SVC(), {"C": [0.1, 1, 10]}, cv=5).fit(X_train, y_train)
""",
            "print(base.score(X_test, y_test), a.score(X_test, y_test), b.score(X_test, y_test))",
        ),
        "held_out split_fits_data seeded baseline_trained rivals cross_validated searched_on_training",
    ),
    Case(
        "cross-validation of two models in a loop over a dictionary",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.model_selection import cross_val_score
for name, m in {"nb": GaussianNB(), "gb": GradientBoostingClassifier(random_state=1)}.items():
    print(name, cross_val_score(m, X_train, y_train, cv=10).mean())
best = GradientBoostingClassifier(random_state=1).fit(X_train, y_train)
print(best.score(X_test, y_test))
""",
        ),
        "held_out split_fits_data seeded cross_validated rivals no_search",
    ),
    Case(
        "randomised search, one kind of model",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import RandomizedSearchCV
rs = RandomizedSearchCV(RandomForestClassifier(random_state=0), {"max_depth": [3, 5, 9]}, n_iter=3, random_state=0)
rs.fit(X_train, y_train)
rs.best_estimator_.score(X_test, y_test)
""",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_training no_rival",
    ),
    Case(
        "a penalty that searches itself",
        (
            READ,
            BARE_SPLIT.replace("0.25", "0.25, random_state=5"),
            """
from sklearn.linear_model import LassoCV, LinearRegression
from sklearn.metrics import mean_absolute_error as mae
lasso = LassoCV(cv=5).fit(X_train, y_train)
ols = LinearRegression().fit(X_train, y_train)
print(mae(y_test, lasso.predict(X_test)), mae(y_test, ols.predict(X_test)))
""",
        ),
        "held_out seeded cross_validated searched_on_training rivals",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "settings tried in a loop under cross-validation",
        (
            READ,
            SPLIT,
            """
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
found = {}
for k in [3, 5, 9, 15]:
    found[k] = cross_val_score(KNeighborsClassifier(n_neighbors=k), X_train, y_train, cv=5).mean()
best_k = max(found, key=found.get)
knn = KNeighborsClassifier(best_k).fit(X_train, y_train)
knn.score(X_test, y_test)
""",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_training no_rival",
    ),
    Case(
        "search over all rows, then a split",
        (
            READ,
            """
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.tree import DecisionTreeClassifier
gs = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [2, 4, 8]}, cv=5)
gs.fit(X, y)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
tree = DecisionTreeClassifier(random_state=0, **gs.best_params_).fit(X_train, y_train)
print(tree.score(X_test, y_test))
""",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_all no_rival",
    ),
    Case(
        "cross-validation over all rows steers the choice before the split",
        (
            READ,
            """
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score, train_test_split
print(cross_val_score(LogisticRegression(), X, y, cv=5).mean())
print(cross_val_score(ExtraTreesClassifier(random_state=2), X, y, cv=5).mean())
""",
            SPLIT,
            "final = ExtraTreesClassifier(random_state=2).fit(X_train, y_train)\nprint(final.score(X_test, y_test))",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_all rivals no_search",
    ),
    Case(
        "only cross-validation",
        (
            READ,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
res = cross_validate(LogisticRegression(), X, y, cv=cv, scoring=["roc_auc", "f1"])
print(res["test_f1"].mean())
""",
        ),
        "only_cross_validated cross_validated seeded no_rival",
    ),
    Case(
        "folds by hand",
        (
            READ,
            """
from sklearn.model_selection import KFold
from lightgbm import LGBMRegressor
from sklearn.metrics import mean_squared_error
errors = []
for tr, va in KFold(5, shuffle=True, random_state=1).split(X):
    m = LGBMRegressor().fit(X.iloc[tr], y.iloc[tr])
    errors.append(mean_squared_error(y.iloc[va], m.predict(X.iloc[va])))
print(sum(errors) / 5)
""",
        ),
        "only_cross_validated cross_validated seeded no_search no_rival",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "groups of patients kept together",
        (
            "import pandas as pd\nd = pd.read_csv('visits.csv')\nprint(d['patient_id'].nunique())",
            md("There are several visits per patient."),
            """
from sklearn.model_selection import GroupShuffleSplit
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import r2_score
tr, te = next(GroupShuffleSplit(test_size=0.2, random_state=0).split(d, groups=d["patient_id"]))
train, test = d.iloc[tr], d.iloc[te]
feats = ["age", "dose"]
rf = RandomForestRegressor(random_state=0).fit(train[feats], train["stay"])
print(r2_score(test["stay"], rf.predict(test[feats])))
""",
        ),
        PLAIN,
        "Predict the length of stay from visits.csv.",
    ),
    Case(
        "groups of patients torn apart",
        (
            "import pandas as pd\nd = pd.read_csv('visits.csv')\nprint(d['patient_id'].nunique())",
            md("There are several visits per patient."),
            """
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestRegressor
feats = ["age", "dose"]
a, b, c, e = train_test_split(d[feats], d["stay"], test_size=0.3, random_state=4)
rf = RandomForestRegressor(random_state=0).fit(a, c)
print(rf.score(b, e))
""",
        ),
        "held_out seeded no_search no_validation no_rival entities_on_both_sides",
        "Predict the length of stay from visits.csv.",
    ),
    Case(
        "no row is held out",
        (
            READ,
            """
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
lr = LinearRegression()
lr.fit(X, y)
print("R2", r2_score(y, lr.predict(X)))
""",
        ),
        "no_hold_out no_search no_validation no_rival",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "two models scored on their own rows",
        (
            READ,
            """
from sklearn.tree import DecisionTreeClassifier
from sklearn.ensemble import AdaBoostClassifier
for m in [DecisionTreeClassifier(), AdaBoostClassifier()]:
    m.fit(X, y)
    print(type(m).__name__, m.score(X, y))
""",
        ),
        "no_hold_out no_search no_validation rivals",
    ),
    Case(
        "a split that is ignored",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
rf = RandomForestClassifier(random_state=0)
rf.fit(X, y)
print(accuracy_score(y_test, rf.predict(X_test)))
""",
        ),
        "trained_on_test_rows seeded no_search no_validation no_rival",
    ),
    Case(
        "refitted on everything before the test rows are measured",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
lr = LogisticRegression()
print(cross_val_score(lr, X_train, y_train).mean())
lr.fit(X, y)
print(lr.score(X_test, y_test))
""",
        ),
        "trained_on_test_rows seeded cross_validated no_search no_rival",
    ),
    Case(
        "refitted on everything after it was measured",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
lr = LogisticRegression()
lr.fit(X_train, y_train)
print(lr.score(X_test, y_test))
""",
            "lr.fit(X, y)\nimport joblib\njoblib.dump(lr, 'final.joblib')",
        ),
        PLAIN + " final_fit_on_all",
    ),
    Case(
        "a series split at random",
        (
            SERIES,
            BARE_SPLIT.replace("0.25", "0.25, random_state=5"),
            """
from sklearn.ensemble import RandomForestRegressor
rf = RandomForestRegressor(random_state=0).fit(X_train, y_train)
print(rf.score(X_test, y_test))
""",
        ),
        "series_split_at_random held_out seeded no_search no_validation no_rival",
        FORECAST,
    ),
    Case(
        "a series split in order",
        (
            SERIES,
            """
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
cut = int(len(s) * 0.8)
X_train, X_test = X.iloc[:cut], X.iloc[cut:]
y_train, y_test = y.iloc[:cut], y.iloc[cut:]
rf = RandomForestRegressor(random_state=0).fit(X_train, y_train)
print(mean_absolute_error(y_test, rf.predict(X_test)))
""",
        ),
        PLAIN,
        FORECAST,
    ),
    Case(
        "a series split without shuffling, folds in time, a naive rule beside it",
        (
            SERIES,
            """
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, train_test_split
from sklearn.linear_model import Ridge
from sklearn.dummy import DummyRegressor
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=30, shuffle=False)
gs = GridSearchCV(Ridge(), {"alpha": [0.1, 1, 10]}, cv=TimeSeriesSplit(4)).fit(X_train, y_train)
base = DummyRegressor().fit(X_train, y_train)
print(gs.score(X_test, y_test), base.score(X_test, y_test))
""",
        ),
        "held_out split_fits_data cross_validated searched_on_training baseline_trained",
        FORECAST,
    ),
    Case(
        "dated transactions split at random",
        (
            """
import pandas as pd
t = pd.read_csv("tx.csv")
t["timestamp"] = pd.to_datetime(t["timestamp"])
t["hour"] = t["timestamp"].dt.hour
X, y = t[["hour", "amount"]], t["fraud"]
""",
            SPLIT,
            """
from catboost import CatBoostClassifier
cb = CatBoostClassifier(verbose=0, random_state=1)
cb.fit(X_train, y_train)
print(cb.score(X_test, y_test))
""",
        ),
        PLAIN + " dated_rows_at_random",
        "Detect fraud in tx.csv.",
    ),
    Case(
        "settings ranked on the test rows",
        (
            READ,
            SPLIT,
            """
from sklearn.neighbors import KNeighborsClassifier
scores = {}
for k in range(1, 20):
    scores[k] = KNeighborsClassifier(k).fit(X_train, y_train).score(X_test, y_test)
best = max(scores, key=scores.get)
model = KNeighborsClassifier(best).fit(X_train, y_train)
""",
        ),
        "chosen_on_test held_out split_fits_data seeded no_validation no_rival",
    ),
    Case(
        "the best of a dictionary of models by their test error",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
models = {"ridge": Ridge(), "forest": RandomForestRegressor(random_state=0)}
res = {}
for name, m in models.items():
    m.fit(X_train, y_train)
    res[name] = mean_squared_error(y_test, m.predict(X_test))
winner = min(res, key=res.get)
print(winner)
""",
        ),
        "chosen_on_test held_out split_fits_data seeded rivals no_search no_validation",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "the running best in an if",
        (
            READ,
            SPLIT,
            """
from sklearn.tree import DecisionTreeClassifier
best_score, best_depth = 0, None
for depth in (2, 4, 6, 8):
    t = DecisionTreeClassifier(max_depth=depth).fit(X_train, y_train)
    s = t.score(X_test, y_test)
    if s > best_score:
        best_score, best_depth = s, depth
print(best_depth)
""",
        ),
        "chosen_on_test held_out split_fits_data seeded no_validation no_rival",
    ),
    Case(
        "the text takes the winner from the test rows",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
rf = RandomForestClassifier(random_state=0).fit(X_train, y_train)
lr = LogisticRegression().fit(X_train, y_train)
print(rf.score(X_test, y_test), lr.score(X_test, y_test))
""",
            md("Random forest is the winner."),
        ),
        "chosen_on_test held_out split_fits_data seeded rivals no_search no_validation",
    ),
    Case(
        "two models side by side on the test rows, nothing chosen",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
rf = RandomForestClassifier(random_state=0).fit(X_train, y_train)
lr = LogisticRegression().fit(X_train, y_train)
print(rf.score(X_test, y_test), lr.score(X_test, y_test))
""",
            md("The two are close to each other."),
        ),
        "held_out split_fits_data seeded rivals no_search no_validation",
    ),
    Case(
        "early stopping on the test rows",
        (
            READ,
            SPLIT,
            """
from xgboost import XGBClassifier
m = XGBClassifier(n_estimators=2000, early_stopping_rounds=50, random_state=0)
m.fit(X_train, y_train, eval_set=[(X_test, y_test)])
print(m.score(X_test, y_test))
""",
        ),
        "chosen_on_test held_out split_fits_data seeded no_search no_validation no_rival",
    ),
    Case(
        "early stopping on a validation part",
        (
            READ,
            SPLIT,
            """
from xgboost import XGBClassifier
X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, test_size=0.2, stratify=y_train, random_state=0)
m = XGBClassifier(n_estimators=2000, early_stopping_rounds=50, random_state=0)
m.fit(X_tr, y_tr, eval_set=[(X_val, y_val)])
print(m.score(X_test, y_test))
""",
        ),
        "held_out split_fits_data seeded cross_validated no_search no_rival",
    ),
    Case(
        "SMOTE before the split",
        (
            READ,
            "from imblearn.over_sampling import SMOTE\nX, y = SMOTE(random_state=0).fit_resample(X, y)",
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
lr = LogisticRegression().fit(X_train, y_train)
print(lr.score(X_test, y_test))
""",
        ),
        "resampled_before_split " + PLAIN,
    ),
    Case(
        "minority rows drawn with replacement before the split",
        (
            """
import pandas as pd
from sklearn.utils import resample
df = pd.read_csv("data/telco.csv")
few = df[df.churned == 1]
many = df[df.churned == 0]
more = resample(few, replace=True, n_samples=len(many), random_state=1)
df = pd.concat([many, more])
X, y = df.drop(columns="churned"), df["churned"]
""",
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
lr = LogisticRegression().fit(X_train, y_train)
print(lr.score(X_test, y_test))
""",
        ),
        "resampled_before_split " + PLAIN,
    ),
    Case(
        "SMOTE on the training part",
        (
            READ,
            SPLIT,
            """
from imblearn.over_sampling import SMOTE
from sklearn.linear_model import LogisticRegression
Xr, yr = SMOTE(random_state=0).fit_resample(X_train, y_train)
lr = LogisticRegression().fit(Xr, yr)
print(lr.score(X_test, y_test))
""",
        ),
        PLAIN,
    ),
    Case(
        "every fit fails",
        (
            READ,
            SPLIT,
            code(
                "from sklearn.linear_model import LogisticRegression\nlr = LogisticRegression().fit(X_train, y_train)",
                error=("ValueError", "could not convert string to float: 'yes'"),
            ),
        ),
        "training_failed seeded no_search no_validation no_rival",
    ),
    Case(
        "numbers for classes",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import accuracy_score
rf = RandomForestRegressor(random_state=0).fit(X_train, y_train)
print(accuracy_score(y_test, rf.predict(X_test).round()))
""",
        ),
        "unfit_model " + PLAIN,
        "Classify the species in data/birds.csv.",
    ),
    Case("nothing is trained", (READ, "df.describe()", "df.hist()"), "nothing_trained"),
    Case(
        "no training is asked for",
        (READ, "df.describe()"),
        "no_training_asked",
        "Explore and visualise data/telco.csv.",
    ),
    Case(
        "a model that exists already",
        (READ, "import joblib\nm = joblib.load('model.joblib')\nprint(m.score(X, y))"),
        "no_training_asked",
        "Load the existing model in model.joblib and evaluate it on data/telco.csv.",
    ),
    Case(
        "leave one out, and a baseline under the same folds",
        (
            READ,
            """
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneOut, cross_val_score
loo = LeaveOneOut()
for m in (DummyRegressor(), LinearRegression()):
    print(-cross_val_score(m, X, y, cv=loo, scoring="neg_mean_absolute_error").mean())
""",
        ),
        "only_cross_validated cross_validated baseline_trained",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "a search over all rows and its best score, no hold-out",
        (
            READ,
            """
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC
grid = GridSearchCV(SVC(random_state=0), {"C": [0.1, 1, 10], "gamma": ["scale", 0.1]}, cv=5)
grid.fit(X, y)
print(grid.best_score_, grid.best_params_)
""",
        ),
        "only_cross_validated cross_validated searched_on_training seeded no_rival",
    ),
    Case(
        "cross-validated predictions of all rows",
        (
            READ,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from sklearn.model_selection import cross_val_predict
from sklearn.metrics import classification_report
for m in [LogisticRegression(), DecisionTreeClassifier(max_depth=3)]:
    print(classification_report(y, cross_val_predict(m, X, y, cv=5)))
""",
        ),
        "only_cross_validated cross_validated rivals",
    ),
    Case(
        "last year's value as a rule to beat, then everything for the last fit",
        (
            SERIES,
            """
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
train, test = s[s["date"] < "2024-01-01"], s[s["date"] >= "2024-01-01"]
m = Ridge().fit(train[["lag_7"]], train["units"])
print("model", mean_absolute_error(test["units"], m.predict(test[["lag_7"]])))
print("naive", mean_absolute_error(test["units"], test["lag_7"]))
""",
            "m.fit(s[['lag_7']], s['units'])",
        ),
        "held_out split_fits_data baseline_trained no_search no_validation final_fit_on_all",
        FORECAST,
    ),
    Case(
        "a clone of the winner of a search learns from all rows at the end",
        (
            READ,
            SPLIT,
            """
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
gs = GridSearchCV(RandomForestClassifier(random_state=0), {"max_depth": [3, 6]}).fit(X_train, y_train)
print(gs.score(X_test, y_test))
final = clone(gs.best_estimator_)
final.fit(X, y)
""",
        ),
        "held_out split_fits_data seeded cross_validated searched_on_training no_rival final_fit_on_all",
    ),
    Case(
        "the majority class as a rule, a final fit in a function",
        (
            READ,
            BARE_SPLIT,
            """
from sklearn.dummy import DummyClassifier
from sklearn.naive_bayes import GaussianNB
dummy = DummyClassifier(strategy="most_frequent").fit(X_train, y_train)
nb = GaussianNB().fit(X_train, y_train)
print(dummy.score(X_test, y_test), nb.score(X_test, y_test))
""",
            "def deploy(a, b):\n    return GaussianNB().fit(a, b)\nlive = deploy(X, y)",
        ),
        "held_out not_seeded not_stratified baseline_trained no_search no_validation final_fit_on_all",
    ),
    Case(
        "cross-validation on all rows comes first, the split after it, all rows again at the end",
        (
            READ,
            """
from sklearn.model_selection import cross_validate, train_test_split
from sklearn.linear_model import Lasso, Ridge
for m in (Lasso(), Ridge()):
    print(cross_validate(m, X, y, cv=5)["test_score"].mean())
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
ridge = Ridge().fit(X_train, y_train)
print(ridge.score(X_test, y_test))
ridge.fit(X, y)
""",
        ),
        "held_out seeded cross_validated searched_on_all rivals no_search final_fit_on_all",
        "Predict rent from data/flats.csv.",
    ),
)
