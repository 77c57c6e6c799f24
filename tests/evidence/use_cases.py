"""Notebooks that use models, and exactly the kinds of facts they must state."""

from __future__ import annotations

from tests.evidence.building import md
from tests.evidence.training_cases import READ, SPLIT, Case

SOME = "Predict churned from data/telco.csv."
TABLE = "Which customers in data/telco.csv are likely to churn?"
TWO = "Train a price model on data/homes.csv and value these two homes: 90 sqm in the north, 120 sqm in the south."
AHEAD = "Forecast the next 14 days of demand from data/demand.csv."
EXPLAIN = "Build a churn model on data/telco.csv and explain what drives churn."
LOGIT = """
from sklearn.linear_model import LogisticRegression
lr = LogisticRegression().fit(X_train, y_train)
print(lr.score(X_test, y_test))
"""
PIPE = """
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
pipe = make_pipeline(StandardScaler(), RandomForestClassifier(random_state=0))
pipe.fit(X_train, y_train)
print(roc_auc_score(y_test, pipe.predict_proba(X_test)[:, 1]))
"""
SCALED = """
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.metrics import f1_score
scaler = StandardScaler()
A = scaler.fit_transform(X_train)
B = scaler.transform(X_test)
svc = SVC().fit(A, y_train)
print(f1_score(y_test, svc.predict(B)))
"""
NEW = "new = pd.DataFrame({'age': [30, 41], 'fee': [20.0, 35.5]})"
DERIVED = """
import pandas as pd
df = pd.read_csv("data/telco.csv")
df["fee_per_year"] = df["fee"] * 12
df["long"] = (df["age"] > 5).astype(int)
X, y = df[["age", "fee", "fee_per_year", "long"]], df["churned"]
"""
SERIES = """
import pandas as pd
s = pd.read_csv("data/demand.csv", parse_dates=["date"]).sort_values("date")
for k in (1, 7):
    s[f"lag_{k}"] = s["units"].shift(k)
s = s.dropna()
train, test = s.iloc[:-30], s.iloc[-30:]
"""
RIDGE = """
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
ridge = Ridge().fit(train[["lag_1", "lag_7"]], train["units"])
print(mean_absolute_error(test["units"], ridge.predict(test[["lag_1", "lag_7"]])))
"""

USE_CASES = (
    Case(
        "a pipeline labels new rows",
        (READ, SPLIT, PIPE, NEW, "print(pipe.predict(new))"),
        "new_rows_predicted same_preparation predictions_shown",
    ),
    Case(
        "stored, read back, probabilities for new rows",
        (
            READ,
            SPLIT,
            PIPE,
            "import joblib\njoblib.dump(pipe, 'm.joblib')\nagain = joblib.load('m.joblib')",
            NEW,
            "new.assign(p=again.predict_proba(new)[:, 1])",
        ),
        "new_rows_predicted same_preparation predictions_shown stored_and_loaded with_probabilities",
    ),
    Case(
        "pickled with a context manager",
        (
            READ,
            SPLIT,
            PIPE,
            """
import pickle
with open("m.pkl", "wb") as f:
    pickle.dump(pipe, f)
with open("m.pkl", "rb") as f:
    model = pickle.load(f)
""",
            NEW,
            "new['churn'] = model.predict(new)\nnew",
        ),
        "new_rows_predicted same_preparation predictions_shown stored_and_loaded",
    ),
    Case(
        "the fitted scaler is used again",
        (READ, SPLIT, SCALED, NEW, "svc.predict(scaler.transform(new))"),
        "new_rows_predicted same_preparation predictions_shown",
    ),
    Case(
        "the function of training prepares new rows",
        (
            """
import pandas as pd
def prepare(frame):
    out = frame.copy()
    out["fee_per_year"] = out["fee"] * 12
    return out[["age", "fee_per_year"]]
df = pd.read_csv("data/telco.csv")
X, y = prepare(df), df["churned"]
""",
            SPLIT,
            LOGIT,
            NEW,
            "print(lr.predict(prepare(new)))",
        ),
        "new_rows_predicted same_preparation predictions_shown",
    ),
    Case(
        "a fresh scaler for new rows",
        (
            READ,
            SPLIT,
            SCALED,
            NEW,
            "Z = StandardScaler().fit_transform(new)\nprint(svc.predict(Z))",
        ),
        "preparation_refitted new_rows_predicted predictions_shown",
    ),
    Case(
        "the scaler is fitted again on new rows",
        (READ, SPLIT, SCALED, NEW, "new_s = scaler.fit_transform(new)\npred = svc.predict(new_s)\nprint(pred)"),
        "preparation_refitted new_rows_predicted predictions_shown",
    ),
    Case(
        "a scaler of its own for the test part",
        (
            READ,
            SPLIT,
            """
from sklearn.preprocessing import MinMaxScaler
from sklearn.neighbors import KNeighborsClassifier
A = MinMaxScaler().fit_transform(X_train)
B = MinMaxScaler().fit_transform(X_test)
knn = KNeighborsClassifier().fit(A, y_train)
pred = knn.predict(B)
print(pred[:10])
""",
        ),
        "preparation_refitted predictions_shown",
    ),
    Case(
        "a scoring function that scales anew",
        (
            READ,
            SPLIT,
            SCALED,
            """
def score(rows):
    scaled = StandardScaler().fit_transform(rows)
    return svc.predict(scaled)
""",
            NEW,
            "print(score(new))",
        ),
        "preparation_refitted new_rows_predicted predictions_shown",
    ),
    Case(
        "components learned anew",
        (
            READ,
            SPLIT,
            """
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
pca = PCA(2)
lr = LogisticRegression().fit(pca.fit_transform(X_train), y_train)
print(lr.score(pca.transform(X_test), y_test))
""",
            NEW,
            "print(lr.predict(PCA(2).fit_transform(new)))",
        ),
        "preparation_refitted new_rows_predicted predictions_shown",
    ),
    Case(
        "scaling is left out",
        (READ, SPLIT, SCALED, NEW, "print(svc.predict(new))"),
        "preparation_left_out new_rows_predicted predictions_shown",
    ),
    Case(
        "scaled for training, raw for the test part",
        (
            READ,
            SPLIT,
            """
from sklearn.preprocessing import RobustScaler
from sklearn.linear_model import Ridge
Z = RobustScaler().fit_transform(X_train)
m = Ridge().fit(Z, y_train)
print(m.predict(X_test)[:5])
""",
        ),
        "preparation_left_out predictions_shown",
    ),
    Case(
        "raw rows for a loaded network",
        (
            READ,
            SPLIT,
            """
from sklearn.preprocessing import StandardScaler
from sklearn.neural_network import MLPClassifier
import joblib
st = StandardScaler().fit(X_train)
mlp = MLPClassifier(random_state=0).fit(st.transform(X_train), y_train)
print(mlp.score(st.transform(X_test), y_test))
joblib.dump(mlp, "mlp.joblib")
""",
            NEW,
            "net = joblib.load('mlp.joblib')\nprint(net.predict(new))",
        ),
        "preparation_left_out new_rows_predicted predictions_shown stored_and_loaded",
    ),
    Case(
        "one raw row for a scaled neighbour search",
        (
            READ,
            """
from sklearn.preprocessing import MinMaxScaler
from sklearn.neighbors import KNeighborsClassifier
from sklearn.model_selection import train_test_split
mm = MinMaxScaler()
a, b, c, d = train_test_split(X, y, random_state=0)
a2, b2 = mm.fit_transform(a), mm.transform(b)
knn = KNeighborsClassifier().fit(a2, c)
print(knn.score(b2, d))
""",
            "print(knn.predict([[44, 12.5]]))",
        ),
        "preparation_left_out new_rows_predicted predictions_shown",
    ),
    Case(
        "raw rows after scaled frames",
        (
            READ,
            SPLIT,
            """
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import SGDClassifier
sc = StandardScaler()
tr = pd.DataFrame(sc.fit_transform(X_train), columns=X.columns)
te = pd.DataFrame(sc.transform(X_test), columns=X.columns)
sgd = SGDClassifier(random_state=0).fit(tr, y_train)
print(sgd.score(te, y_test))
""",
            NEW,
            "new['label'] = sgd.predict(new[['age', 'fee']])\nprint(new)",
        ),
        "preparation_left_out new_rows_predicted predictions_shown",
    ),
    Case(
        "features typed again for new rows",
        (
            DERIVED,
            SPLIT,
            LOGIT,
            """
new = pd.DataFrame({"age": [3, 8], "fee": [20, 30]})
new["fee_per_year"] = new["fee"] * 12
new["long"] = (new["age"] > 5).astype(int)
print(lr.predict(new))
""",
        ),
        "new_rows_predicted prepared_by_hand predictions_shown",
    ),
    Case(
        "derived values typed as numbers",
        (
            DERIVED,
            SPLIT,
            LOGIT,
            "one = pd.DataFrame([{'age': 3, 'fee': 20, 'fee_per_year': 240, 'long': 0}])\nlr.predict_proba(one)",
        ),
        "new_rows_predicted prepared_by_hand predictions_shown with_probabilities",
    ),
    Case(
        "indicator columns made again and lined up",
        (
            """
import pandas as pd
df = pd.read_csv("data/telco.csv")
X, y = pd.get_dummies(df.drop(columns="churned")), df["churned"]
""",
            SPLIT,
            LOGIT,
            "n = pd.DataFrame({'plan': ['a', 'b']})\nn = pd.get_dummies(n).reindex(columns=X.columns, fill_value=0)",
            "print(lr.predict(n))",
        ),
        "new_rows_predicted prepared_by_hand predictions_shown",
    ),
    Case(
        "assign typed twice, model stored",
        (
            """
import pandas as pd, joblib
df = pd.read_csv("data/telco.csv").assign(rate=lambda d: d["fee"] / d["age"])
X, y = df[["age", "fee", "rate"]], df["churned"]
""",
            SPLIT,
            LOGIT,
            "joblib.dump(lr, 'lr.joblib')\nmodel = joblib.load('lr.joblib')",
            "n = pd.DataFrame({'age': [3], 'fee': [9]}).assign(rate=3.0)\nprint(model.predict(n))",
        ),
        "new_rows_predicted prepared_by_hand predictions_shown stored_and_loaded",
    ),
    Case(
        "a forecast put together by position",
        (
            SERIES,
            RIDGE,
            """
history = s["units"].tolist()
path = []
for day in pd.date_range("2025-01-01", periods=14):
    nxt = ridge.predict([[history[-1], history[-7]]])[0]
    history.append(nxt)
    path.append(nxt)
print(path)
""",
        ),
        "new_rows_predicted prepared_by_hand predictions_shown",
        AHEAD,
    ),
    Case(
        "only rows of the test part",
        (READ, SPLIT, PIPE, "pipe.predict(X_test)[:10]"),
        "only_test_rows predictions_shown",
    ),
    Case(
        "test rows with their truth in a table",
        (READ, SPLIT, LOGIT, "pd.DataFrame({'true': y_test, 'said': lr.predict(X_test)}).head(12)"),
        "only_test_rows predictions_shown",
    ),
    Case(
        "probabilities of the test part in a plot",
        (
            READ,
            SPLIT,
            LOGIT,
            "import matplotlib.pyplot as plt\np = lr.predict_proba(X_test)[:, 1]\nplt.hist(p)\nplt.show()",
        ),
        "only_test_rows predictions_shown with_probabilities",
    ),
    Case(
        "test rows written to a file",
        (
            READ,
            SPLIT,
            LOGIT,
            "out = X_test.copy()\nout['p'] = lr.predict(X_test)\nout.to_csv('out.csv')",
        ),
        "only_test_rows predictions_shown",
    ),
    Case(
        "training rows as new customers",
        (READ, SPLIT, PIPE, "new_customers = X_train.sample(5, random_state=1)\npipe.predict(new_customers)"),
        "known_rows_as_new predictions_shown",
    ),
    Case(
        "the head of the training part as unseen rows",
        (READ, SPLIT, LOGIT, "unseen = X_train.head(10)\nprint(lr.predict(unseen))"),
        "known_rows_as_new predictions_shown",
    ),
    Case(
        "all customers ranked by the model that learned from them",
        (
            READ,
            SPLIT,
            LOGIT,
            "df['risk'] = lr.predict_proba(X)[:, 1]\ndf.sort_values('risk', ascending=False).head(100)",
        ),
        "known_rows_as_new predictions_shown",
        TABLE,
    ),
    Case(
        "the file read again and ranked",
        (
            READ,
            SPLIT,
            PIPE,
            "everyone = pd.read_csv('data/telco.csv').drop(columns='churned')",
            "everyone['risk'] = pipe.predict_proba(everyone)[:, 1]\nprint(everyone.nlargest(10, 'risk'))",
        ),
        "known_rows_as_new predictions_shown",
        TABLE,
    ),
    Case(
        "the last known rows as the future",
        (
            SERIES,
            RIDGE,
            "ridge.fit(s[['lag_1', 'lag_7']], s['units'])",
            "next_rows = s[['lag_1', 'lag_7']].tail(14)\nprint(ridge.predict(next_rows))",
        ),
        "known_rows_as_new asked_rows_not_predicted predictions_shown",
        AHEAD,
    ),
    Case(
        "out-of-fold scores for the list",
        (
            READ,
            """
from sklearn.model_selection import cross_val_predict
from sklearn.ensemble import RandomForestClassifier
rf = RandomForestClassifier(random_state=0)
df["risk"] = cross_val_predict(rf, X, y, cv=5, method="predict_proba")[:, 1]
df.nlargest(100, "risk")
""",
        ),
        "scored_out_of_fold predictions_shown",
        TABLE,
    ),
    Case(
        "no predictions are asked for", (READ, SPLIT, PIPE, "pipe.predict(X_test)[:4]"), "no_predictions_asked", EXPLAIN
    ),
    Case(
        "an exploration",
        (READ, "df.describe()"),
        "no_predictions_asked",
        "Explore data/telco.csv and describe data quality.",
    ),
    Case(
        "a tuning exercise",
        (READ, SPLIT, LOGIT),
        "no_predictions_asked",
        "Tune a random forest on data/telco.csv and compare it with a baseline.",
    ),
    Case(
        "an evaluation",
        (READ, SPLIT, LOGIT),
        "no_predictions_asked",
        "Train and evaluate a regression on data/telco.csv.",
    ),
    Case(
        "feature importances",
        (READ, SPLIT, PIPE, "print(pipe[-1].feature_importances_)"),
        "no_predictions_asked",
        "Fit a model on data/telco.csv to understand the importance of each column.",
    ),
    Case(
        "two homes that are never valued",
        (READ, SPLIT, PIPE, "pipe.predict(X_test)[:5]"),
        "asked_rows_not_predicted predictions_shown",
        TWO,
    ),
    Case("only the past is predicted", (SERIES, RIDGE), "asked_rows_not_predicted predictions_not_shown", AHEAD),
    Case(
        "a price for a house that is not asked of the model",
        (
            READ,
            SPLIT,
            """
from xgboost import XGBRegressor
x = XGBRegressor().fit(X_train, y_train)
pred = x.predict(X_test)
pd.DataFrame({"y": y_test, "p": pred}).plot.scatter("y", "p")
""",
        ),
        "asked_rows_not_predicted predictions_shown",
        "Estimate the price for this house: 80 sqm, two rooms. Data: data/homes.csv.",
    ),
    Case(
        "new customers that never come",
        (READ, SPLIT, LOGIT, "print(lr.predict_proba(X_test)[:3])"),
        "asked_rows_not_predicted predictions_shown with_probabilities",
        "Train on data/telco.csv and predict churn for new customers with a one-year contract.",
    ),
    Case(
        "a model that is never applied",
        (READ, "from sklearn.linear_model import Ridge\nm = Ridge().fit(X, y)\nprint(m.coef_)"),
        "nothing_predicted",
    ),
    Case(
        "a summary of coefficients only",
        (
            READ,
            "import statsmodels.api as sm\nres = sm.OLS(y, sm.add_constant(X)).fit()\nprint(res.params)",
        ),
        "nothing_predicted",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "a fit in a function and no more",
        (
            READ,
            """
from sklearn.ensemble import RandomForestClassifier
def train_it(a, b):
    return RandomForestClassifier().fit(a, b)
forest = train_it(X, y)
forest.feature_importances_
""",
        ),
        "nothing_predicted",
        TABLE,
    ),
    Case(
        "stored and never used",
        (
            READ,
            SPLIT,
            "from sklearn.tree import DecisionTreeClassifier\nt = DecisionTreeClassifier().fit(X_train, y_train)",
            "import joblib\njoblib.dump(t, 't.joblib')",
        ),
        "nothing_predicted",
    ),
    Case(
        "a pipeline fitted and drawn",
        (
            READ,
            "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
            "from sklearn.svm import SVC\np = make_pipeline(StandardScaler(), SVC())\np.fit(X, y)",
        ),
        "nothing_predicted",
        TWO,
    ),
    Case(
        "the variable of the loop",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
for name, model in {"logit": LogisticRegression(), "knn": KNeighborsClassifier()}.items():
    model.fit(X_train, y_train)
    print(name, model.score(X_test, y_test))
""",
            md("We choose the logistic regression."),
            NEW,
            "print(model.predict(new))",
        ),
        "other_model new_rows_predicted predictions_shown",
    ),
    Case(
        "a loop over a list leaves its last model",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
models = [("forest", RandomForestClassifier()), ("tree", DecisionTreeClassifier())]
for label, est in models:
    est.fit(X_train, y_train)
    print(label, est.score(X_test, y_test))
""",
            "print(est.predict(X_test)[:10])",
        ),
        "other_model predictions_shown",
    ),
    Case(
        "the rejected model answers",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
rf = RandomForestClassifier().fit(X_train, y_train)
lr = LogisticRegression().fit(X_train, y_train)
print(rf.score(X_test, y_test), lr.score(X_test, y_test))
""",
            md("Logistic regression wins on every measure."),
            NEW,
            "new['churn'] = rf.predict(new)\nnew",
        ),
        "other_model new_rows_predicted predictions_shown",
    ),
    Case(
        "the text goes with boosting, the answer with ridge",
        (
            READ,
            SPLIT,
            """
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Ridge
boost = GradientBoostingRegressor().fit(X_train, y_train)
ridge = Ridge().fit(X_train, y_train)
print(boost.score(X_test, y_test), ridge.score(X_test, y_test))
""",
            md("The error is far lower, so we go with gradient boosting."),
            NEW,
            "print(ridge.predict(new))",
        ),
        "other_model new_rows_predicted predictions_shown",
    ),
    Case(
        "validated in a loop, then predicted with what is left",
        (
            READ,
            SPLIT,
            """
from sklearn.model_selection import cross_val_score
from sklearn.linear_model import Lasso, Ridge
cands = {"lasso": Lasso(), "ridge": Ridge()}
for key, cand in cands.items():
    print(key, cross_val_score(cand, X_train, y_train).mean())
cand.fit(X_train, y_train)
print(cand.score(X_test, y_test))
""",
            "print(cand.predict(X_test)[:8])",
        ),
        "other_model predictions_shown",
        "Predict rent from data/flats.csv.",
    ),
    Case(
        "the loop's last model is the one that is chosen",
        (
            READ,
            SPLIT,
            """
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
for name, model in {"logit": LogisticRegression(), "knn": KNeighborsClassifier()}.items():
    model.fit(X_train, y_train)
    print(name, model.score(X_test, y_test))
""",
            md("We choose the knn."),
            NEW,
            "print(model.predict(new))",
        ),
        "new_rows_predicted predictions_shown",
    ),
    Case(
        "nobody sees the predictions",
        (READ, SPLIT, PIPE, NEW, "result = pipe.predict(new)"),
        "new_rows_predicted same_preparation predictions_not_shown",
    ),
    Case(
        "predictions only for the metric",
        (READ, SPLIT, LOGIT, "from sklearn.metrics import f1_score\nprint(f1_score(y_test, lr.predict(X_test)))"),
        "only_test_rows predictions_not_shown",
    ),
    Case(
        "a list of predictions and no look at it",
        (READ, SPLIT, LOGIT, "labels = []\nfor p in lr.predict(X_test):\n    labels.append(p)"),
        "only_test_rows predictions_not_shown",
    ),
    Case(
        "metrics in a function",
        (
            READ,
            SPLIT,
            LOGIT,
            """
from sklearn.metrics import accuracy_score
def measure(m):
    return accuracy_score(y_test, m.predict(X_test))
a = measure(lr)
""",
        ),
        "only_test_rows predictions_not_shown",
    ),
    Case(
        "new rows first, then the whole table",
        (
            READ,
            SPLIT,
            PIPE,
            NEW,
            "print(pipe.predict(new))",
            "df['p'] = pipe.predict_proba(X)[:, 1]\ndf[['p']].to_csv('all.csv')",
        ),
        "new_rows_predicted same_preparation predictions_shown known_rows_scored",
    ),
    Case(
        "a batch by the loaded model, and everybody's score",
        (
            READ,
            SPLIT,
            PIPE,
            "import joblib\njoblib.dump(pipe, 'p.joblib')\nmodel = joblib.load('p.joblib')",
            NEW,
            "new['p'] = model.predict_proba(new)[:, 1]\nprint(new)",
            "df.assign(p=model.predict_proba(X)[:, 1])",
        ),
        "new_rows_predicted same_preparation predictions_shown known_rows_scored stored_and_loaded with_probabilities",
        "Score the customers in data/telco.csv and save the model.",
    ),
    Case(
        "one row by its values, then all rows",
        (
            READ,
            SPLIT,
            LOGIT,
            "print(lr.predict([[40, 9.5]]))",
            "everyone = lr.predict(X)\nprint(pd.Series(everyone, index=df.index))",
        ),
        "new_rows_predicted predictions_shown known_rows_scored",
    ),
    Case(
        "a what-if and a ranking of all",
        (
            READ,
            SPLIT,
            LOGIT,
            "import numpy as np\nprint(lr.predict_proba(np.array([[40, 9.5], [20, 3.5]])))",
            "df['risk'] = lr.predict_proba(X)[:, 1]\ndf.sort_values('risk').tail(20)",
        ),
        "new_rows_predicted predictions_shown known_rows_scored with_probabilities",
        TABLE,
    ),
    Case(
        "prepared by function, then the whole file",
        (
            """
import pandas as pd
def prep(d):
    d = d.copy()
    d["ratio"] = d["fee"] / d["age"]
    return d[["age", "ratio"]]
df = pd.read_csv("data/telco.csv")
X, y = prep(df), df["churned"]
""",
            SPLIT,
            LOGIT,
            NEW,
            "print(lr.predict(prep(new)))",
            "df['said'] = lr.predict(prep(df))\nprint(df.head(30))",
        ),
        "new_rows_predicted same_preparation predictions_shown known_rows_scored",
    ),
    Case(
        "out-of-fold expectations, unusual ones listed",
        (
            """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_predict
cars = pd.read_csv("cars.csv")
X, y = cars.drop(columns="mpg"), cars["mpg"]
cars["expected"] = cross_val_predict(Ridge(), X, y, cv=KFold(5, shuffle=True, random_state=0))
cars[cars.mpg < 0.8 * cars.expected]
""",
        ),
        "scored_out_of_fold predictions_shown",
        "Predict mpg and tell me which cars in cars.csv are unusually thirsty.",
    ),
    Case(
        "out-of-fold ranking, then new customers by the stored pipeline",
        (
            READ,
            SPLIT,
            PIPE,
            """
from sklearn.model_selection import cross_val_predict
risk = cross_val_predict(pipe, X, y, cv=5, method="predict_proba")[:, 1]
print(df.assign(risk=risk).nlargest(100, "risk"))
""",
            "import joblib\npipe.fit(X, y)\njoblib.dump(pipe, 'p.joblib')\nlive = joblib.load('p.joblib')",
            NEW,
            "print(live.predict(new))",
        ),
        "scored_out_of_fold new_rows_predicted same_preparation predictions_shown stored_and_loaded",
        TABLE,
    ),
    Case(
        "out-of-fold in a function",
        (
            READ,
            """
from lightgbm import LGBMClassifier
from sklearn.model_selection import cross_val_predict
def honest(m):
    return cross_val_predict(m, X, y, cv=10, method="predict_proba")[:, 1]
df["risk"] = honest(LGBMClassifier())
print(df.sort_values("risk", ascending=False).head(100))
""",
        ),
        "scored_out_of_fold predictions_shown",
        TABLE,
    ),
    Case(
        "out-of-fold for two models",
        (
            READ,
            """
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC
from sklearn.model_selection import cross_val_predict
said = {type(m).__name__: cross_val_predict(m, X, y) for m in (GaussianNB(), SVC())}
pd.DataFrame(said)
""",
        ),
        "scored_out_of_fold predictions_shown",
    ),
    Case(
        "measured by its score and no more",
        (READ, SPLIT, LOGIT),
        "predictions_not_shown",
    ),
    Case(
        "a file of new rows",
        (
            READ,
            SPLIT,
            PIPE,
            "current = pd.read_csv('data/current.csv')\ncurrent['p'] = pipe.predict_proba(current)[:, 1]\ncurrent",
        ),
        "new_rows_predicted same_preparation predictions_shown with_probabilities",
        TABLE,
    ),
    Case(
        "a stored model scores a file",
        (
            "import joblib, pandas as pd\nm = joblib.load('m.joblib')",
            "n = pd.read_csv('n.csv')\nn.assign(p=m.predict(n))",
        ),
        "new_rows_predicted predictions_shown",
        "Load the saved model m.joblib and score the rows in n.csv.",
    ),
    Case(
        "all rows in a plot are no answer",
        (
            READ,
            SPLIT,
            LOGIT,
            "import matplotlib.pyplot as plt\nplt.plot(y.values)\nplt.plot(lr.predict(X))\nplt.show()",
            "lr.predict(X_test)[:5]",
        ),
        "predictions_shown",
    ),
)
