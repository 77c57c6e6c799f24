"""Facts about metrics evaluation: which numbers, on which rows, and whether the words are true of them."""

from __future__ import annotations

import pytest

from nbalign.evidence.facts.metrics_evaluation import DIMENSION, KINDS
from nbalign.evidence.rules import rule_score
from tests.evidence.building import Cells, Piece, Table, cases, code, facts_of, kinds_of, md

PROMPT = "Predict the target."
CLF = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.dummy import DummyClassifier
from sklearn.metrics import *
from sklearn.metrics import (accuracy_score, classification_report, confusion_matrix, f1_score, precision_score,
    recall_score, roc_auc_score, average_precision_score, mean_squared_error, mean_absolute_error, r2_score)
from sklearn.model_selection import train_test_split, cross_val_score, cross_val_predict, GridSearchCV
df = pd.read_csv("bank.csv")
X, y = df.drop(columns="target"), df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = LogisticRegression().fit(X_train, y_train)
pred = model.predict(X_test)
"""
REG = """
import numpy as np
import pandas as pd
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import accuracy_score, f1_score, confusion_matrix, mean_squared_error, mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split, cross_val_score, GridSearchCV
df = pd.read_csv("homes.csv")
X, y = df.drop(columns="price"), df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = RandomForestRegressor().fit(X_train, y_train)
pred = model.predict(X_test)
"""
ACC = code("print('accuracy:', accuracy_score(y_test, pred))", "accuracy: 0.91\n")
R2 = code("print('R2:', r2_score(y_test, pred))", "R2: 0.81\n")
AUC = code("print('AUC', roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))", "AUC 0.83\n")
TABLE = code(
    "pd.DataFrame(rows)",
    result="""          accuracy  recall
model
baseline     0.700   0.000
forest       0.820   0.410""",
)
RARE = code(
    "y.value_counts(normalize=True)",
    result="target\n0    0.97\n1    0.03\nName: proportion, dtype: float64",
)
EVEN = code("y.value_counts()", result="target\n0    510\n1    490\nName: count, dtype: int64")
SEVENTY = code('df["target"].value_counts()', result="target\n0    780\n1    220\nName: count, dtype: int64")
RECALL = code("print(recall_score(y_test, pred))", "recall: 0.12\n")
GROUPS = code(
    """
err = X_test.assign(error=np.abs(y_test - pred))
err.groupby("region")["error"].mean()
""",
    result="region\nnorth    3.1\nsouth    9.4\nwest     5.0\nName: error, dtype: float64",
)
BEATEN = code(
    "pd.DataFrame(rows)",
    result="           MAE    R2\nbaseline  10.2  0.10\nforest    11.4  0.02",
)

# kind -> (notebooks that show it, notebooks that do not)
CASES: Table = {
    "held_out_metrics": (
        [
            (CLF, ACC),
            (CLF, "print(model.score(X_test, y_test))"),
            (REG, "rmse = mean_squared_error(y_test, pred) ** 0.5\nprint(rmse)"),
            (REG, "def report(t, p):\n    return mean_absolute_error(t, p)\n\nreport(y_test, model.predict(X_test))"),
            (CLF, "for m in [model]:\n    print(classification_report(y_test, m.predict(X_test)))"),
        ],
        [
            (CLF, "accuracy_score(y_train, model.predict(X_train))"),
            (CLF, "cross_val_score(model, X_train, y_train, cv=5).mean()"),
            (CLF,),
            (REG, "model.score(X_train, y_train)"),
            (REG, "model.fit(X, y)\nr2_score(y, model.predict(X))"),
        ],
    ),
    "cross_validated_only": (
        [
            (CLF, "cross_val_score(model, X, y, cv=5).mean()"),
            (REG, "s = cross_val_score(model, X_train, y_train, scoring='r2')\nprint(s.mean())"),
            (CLF, "gs = GridSearchCV(model, {'C': [1, 2]}).fit(X_train, y_train)\nprint(gs.best_score_)"),
            (CLF, "from sklearn.model_selection import cross_validate\ncross_validate(model, X, y)"),
            (REG, "from sklearn.model_selection import RandomizedSearchCV\nRandomizedSearchCV(model, {}).fit(X, y)"),
        ],
        [
            (CLF, ACC),
            (CLF, "cross_val_score(model, X, y).mean()", ACC),
            (REG, "cross_val_score(model, X, y)", R2),
            (CLF, "cross_val_score(model, X, y)", "print(accuracy_score(y_train, model.predict(X_train)))"),
            (CLF,),
        ],
    ),
    "several_metrics": (
        [
            (CLF, ACC, AUC),
            (CLF, "print(classification_report(y_test, pred))"),
            (REG, "print(mean_absolute_error(y_test, pred), r2_score(y_test, pred))"),
            (
                CLF,
                "print({f.__name__: f(y_test, pred) for f in (precision_score, recall_score)})\nf1_score(y_test, pred)",
                AUC,
            ),
            (REG, R2, "print(np.sqrt(mean_squared_error(y_test, pred)))"),
        ],
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, AUC),
            (CLF, ACC, "print(confusion_matrix(y_test, pred))"),
            (CLF, "accuracy_score(y_train, model.predict(X_train)), f1_score(y_train, model.predict(X_train))"),
        ],
    ),
    "single_metric": (
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, AUC),
            (REG, "mse = mean_squared_error(y_test, pred)\nrmse = np.sqrt(mse)\nprint(rmse)"),
            (CLF, "print('%.3f' % f1_score(y_test, pred, average='macro'))"),
        ],
        [
            (CLF, ACC, AUC),
            (CLF, "print(classification_report(y_test, pred))"),
            (CLF,),
            (REG, R2, "print(mean_absolute_error(y_test, pred))"),
            (CLF, "accuracy_score(y_train, model.predict(X_train))"),
        ],
    ),
    "baseline_compared": (
        [
            (CLF, ACC, TABLE),
            (CLF, code("print('Dummy accuracy:', dummy.score(X_test, y_test))", "Dummy accuracy: 0.70\n"), ACC),
            (CLF, ACC, md("An accuracy of 0.91 is clearly better than the 0.70 of always saying no.")),
            (REG, code("print(results)", "            MAE\nlast value  9.1\nridge       7.0\n"), R2),
            (REG, R2, md("The forest's MAE of 4.1 beats the naive forecast (5.6) by a quarter.")),
        ],
        [
            (CLF, ACC),
            (REG, R2, md("The model explains 81% of the variance.")),
            (CLF, code("print('baseline CV accuracy:', s.mean())", "baseline CV accuracy: 0.70\n"), ACC),
            (CLF, ACC, md("Next we could compare with a baseline.")),
            (REG, R2, AUC),
        ],
    ),
    "no_baseline": (
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, AUC, "print(confusion_matrix(y_test, pred))"),
            (REG, R2, md("The forest explains 81% of the variance, which is good.")),
            (CLF, "print(model.score(X_test, y_test))"),
        ],
        [
            (CLF, ACC, TABLE),
            (CLF, ACC, md("An accuracy of 0.91 is clearly better than the 0.70 of always saying no.")),
            (CLF, code("print('dummy CV accuracy', s.mean())", "dummy CV accuracy 0.70\n"), ACC),
            (CLF,),
            (REG, "print(model.score(X_train, y_train))"),
        ],
    ),
    "baseline_not_beside": (
        [
            (CLF, code("print('dummy CV accuracy', s.mean())", "dummy CV accuracy 0.70\n"), ACC),
            (REG, code("t", result="        cv_mae\nmean      9.20\nridge     4.10"), R2),
            (CLF, code("print('baseline 5-fold accuracy: 0.61')", "baseline 5-fold accuracy: 0.61\n"), ACC),
            (CLF, "base_acc = accuracy_score(y_test, DummyClassifier().fit(X_train, y_train).predict(X_test))", ACC),
            (CLF, code("cv", result="          cv_accuracy\nmajority        0.62\nsvm             0.81"), ACC),
        ],
        [
            (CLF, ACC, TABLE),
            (CLF, ACC),
            (REG, R2),
            (CLF, ACC, md("An accuracy of 0.91 is clearly better than the 0.70 of always saying no.")),
            (CLF,),
        ],
    ),
    "errors_looked_at": (
        [
            (CLF, ACC, "print(confusion_matrix(y_test, pred))"),
            (CLF, ACC, "ConfusionMatrixDisplay.from_estimator(model, X_test, y_test)"),
            (CLF, ACC, "pd.crosstab(y_test, pred)"),
            (REG, R2, "residuals = y_test - pred\nresiduals.hist(bins=30)"),
            (REG, R2, GROUPS),
            (CLF, ACC, "wrong = X_test[y_test != pred]\nwrong.head()"),
            (CLF, "f1_score(y_test, pred, average=None)"),
        ],
        [
            (CLF, ACC),
            (REG, R2, 'df.groupby("region")["price"].mean()'),
            (CLF, ACC, "from sklearn.metrics import plot_confusion_matrix"),
            (
                CLF,
                code(
                    "plot_confusion_matrix(model, X_test, y_test)",
                    error=("NameError", "name 'plot_confusion_matrix' is not defined"),
                ),
                ACC,
            ),
            (REG, R2, 'df.groupby("region", observed=True)["forecast"].mean()'),
            (CLF, "confusion_matrix(y_train, model.predict(X_train))", ACC),
        ],
    ),
    "predictions_plotted": (
        [
            (REG, R2, "import matplotlib.pyplot as plt\nplt.scatter(y_test, pred)"),
            (REG, R2, "import seaborn as sns\nsns.scatterplot(x=y_test, y=pred)\nsns.regplot(y_test, pred)"),
            (REG, R2, "plt.plot(y_test.values)\nplt.plot(pred)"),
            (REG, R2, "ax.plot(test.index, y_test, label='actual')\nax.plot(test.index, model.predict(X_test))"),
            (REG, R2, "plt.scatter(y_test, model.predict(X_test), alpha=0.3)\nplt.show()"),
        ],
        [
            (REG, R2),
            (REG, R2, "plt.scatter(df['sqft'], df['price'])"),
            (REG, R2, "plt.plot(forecast.index, forecast['yhat'])"),
            (
                REG,
                R2,
                "plt.scatter(y_test, pred)\n(y_test - pred).abs().describe()\nerrors = y_test - pred\nerrors.hist()",
            ),
            (CLF, ACC, "print(confusion_matrix(y_test, pred))"),
        ],
    ),
    "no_error_analysis": (
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, AUC, md("The AUC of 0.83 is good.")),
            (REG, R2, "plt.hist(df['price'])"),
            (CLF, ACC, "# print(confusion_matrix(y_test, pred))"),
        ],
        [
            (CLF, ACC, "print(confusion_matrix(y_test, pred))"),
            (CLF, "print(classification_report(y_test, pred))"),
            (REG, R2, "plt.scatter(y_test, pred)"),
            (REG, R2, GROUPS),
            (CLF,),
        ],
    ),
    "results_read": (
        [
            (CLF, ACC, md("The model gets an accuracy of 0.91, so nine in ten customers are placed correctly.")),
            (REG, R2, md("## Result\n- R2 of 0.81: the forest explains most of the variance.")),
            (REG, R2, md("On average the forecast is off by 4 degrees, worst in spring.")),
            (CLF, AUC, md("Boosting beats the logistic regression only slightly, and both miss most of the churners.")),
            (
                CLF,
                code(
                    "print('ok')\naccuracy_score(y_test, pred)",
                    "The forest is clearly better than the logistic model on new rows.\n",
                ),
                ACC,
            ),
        ],
        [
            (CLF, ACC),
            (CLF, md("We will judge the model by accuracy, as it is easy to read."), ACC),
            (REG, R2, md("## Saving\nNow we save the model.")),
            (CLF, ACC, md("Let's log the best model and its accuracy to MLflow.")),
            (CLF, AUC, md("### Predictions\nThe first predictions are as follows.")),
        ],
    ),
    "no_reading": (
        [
            (CLF, ACC),
            (REG, R2, md("## Saving\nNow we save the model.")),
            (CLF, AUC, md("# Predictions for new customers")),
            (CLF, md("Accuracy is the share of rows that are right."), ACC),
            (REG, R2, md("Let's log the run.")),
        ],
        [
            (CLF, ACC, md("The model gets an accuracy of 0.91, so nine in ten customers are placed correctly.")),
            (REG, R2, md("R2 is 0.81, so the forest explains most of the variance.")),
            (REG, R2, md("The forecast is off by 4 degrees on average.")),
            (CLF, AUC, md("It ranks customers well but misses the ones with long contracts.")),
            (CLF,),
        ],
    ),
    "training_metrics_only": (
        [
            (CLF, "accuracy_score(y_train, model.predict(X_train))"),
            (CLF, "print(model.score(X_train, y_train))"),
            (
                REG,
                "def quality(m, A, b):\n    return r2_score(b, m.predict(A))\n\nprint(quality(model, X_train, y_train))",
            ),
            (CLF, "p = model.predict(X_train)\nprint(classification_report(y_train, p), confusion_matrix(y_train, p))"),
            (
                REG,
                "cross_val_score(model, X_train, y_train)",
                "print(mean_absolute_error(y_train, model.predict(X_train)))",
            ),
        ],
        [
            (CLF, ACC),
            (CLF, "print(model.score(X_train, y_train), model.score(X_test, y_test))"),
            (CLF, "p = cross_val_predict(model, X_train, y_train)\nprint(accuracy_score(y_train, p))"),
            (REG, "for A, b in [(X_train, y_train), (X_test, y_test)]:\n    print(r2_score(b, model.predict(A)))"),
            (CLF, "cross_val_score(model, X_train, y_train)"),
            (REG, "print(mean_absolute_error(actual, guess))"),
        ],
    ),
    "fitted_rows_measured": (
        [
            (REG, "model.fit(X, y)\nprint(r2_score(y, model.predict(X)))"),
            (CLF, "clf = LogisticRegression()\nclf.fit(X, y)\nprint(clf.score(X, y))"),
            (CLF, "m2 = LogisticRegression().fit(X, y)\nprint(accuracy_score(y_test, m2.predict(X_test)))"),
            (REG, "full = RandomForestRegressor().fit(X, y)\nprint(mean_absolute_error(y, full.predict(X)))"),
            (REG, "model.fit(X, y)\np = model.predict(X_test)\nprint(np.sqrt(mean_squared_error(y_test, p)))"),
        ],
        [
            (REG, R2),
            (REG, R2, "model.fit(X, y)"),
            (CLF, "oof = cross_val_predict(LogisticRegression(), X, y)\nprint(accuracy_score(y, oof))"),
            (CLF, "cross_val_score(model, X, y)"),
            (CLF, ACC, "final = LogisticRegression().fit(X, y)\nprint(final.score(X, y))"),
        ],
    ),
    "all_rows_measured": (
        [
            (CLF, "print(accuracy_score(y, model.predict(X)))"),
            (REG, "print(model.score(X, y))"),
            (REG, "fitted = model.predict(X)\nprint(r2_score(y, fitted))"),
            (CLF, "def acc(m, A, b):\n    return accuracy_score(b, m.predict(A))\n\nacc(model, X, y)"),
            (REG, "print(np.mean(np.abs(y - model.predict(X))))"),
        ],
        [
            (CLF, ACC),
            (REG, R2, "print(model.score(X, y))"),
            (CLF, "print(accuracy_score(y, cross_val_predict(model, X, y)))"),
            (CLF, "cross_val_score(model, X, y)"),
            (CLF, "print(accuracy_score(truth, guesses))"),
        ],
    ),
    "accuracy_alone_rare": (
        [
            (CLF, RARE, ACC),
            (CLF, code("print('positive rate:', y.mean())", "positive rate: 0.031\n"), ACC),
            (CLF, md("Only 2.5% of the transactions are fraud."), ACC),
            (CLF, RARE, "print(model.score(X_test, y_test))"),
            (CLF, code("df.target.value_counts()", "0    9700\n1     300\nName: target, dtype: int64\n"), ACC),
        ],
        [
            (CLF, EVEN, ACC),
            (CLF, RARE, ACC, AUC),
            (CLF, RARE, "print(classification_report(y_test, pred))"),
            (CLF, ACC),
            (REG, R2, md("Only 2.5% of the homes are positives.")),
            (
                CLF,
                code(
                    "df['region'].value_counts()",
                    result="region\nnorth    9700\nsouth     300\nName: count, dtype: int64",
                ),
                ACC,
            ),
        ],
    ),
    "accuracy_alone_unequal": (
        [
            (CLF, SEVENTY, ACC),
            (CLF, md("About 22% churned: 22 % churners in all."), ACC),
            (CLF, code("print('churn rate: 21.4%')", "churn rate: 21.4%\n"), ACC),
            (CLF, SEVENTY, "print(model.score(X_test, y_test))"),
            (
                CLF,
                code("y_train.value_counts()", result="target\nno     800\nyes    200\nName: count, dtype: int64"),
                ACC,
            ),
        ],
        [
            (CLF, EVEN, ACC),
            (CLF, RARE, ACC),
            (CLF, SEVENTY, ACC, AUC),
            (CLF, ACC),
            (CLF, SEVENTY, "print(classification_report(y_test, pred))"),
        ],
    ),
    "amount_judged_by_line": (
        [
            (REG, "print(accuracy_score(y_test > 500, pred > 500))"),
            (REG, "big = y_test >= 100_000\nguess = pred >= 100_000\nprint('accuracy', accuracy_score(big, guess))"),
            (
                REG,
                "LINE = 30\naccuracy_score((y_test > LIMIT).astype(int), (model.predict(X_test) > LIMIT).astype(int))",
            ),
            (
                REG,
                "def hit(t, p):\n    return accuracy_score(np.asarray(t) >= 30, np.asarray(p) >= 30)\n\nprint(hit(y_test, pred))",
            ),
            (REG, "f1_score((y_test < 10).to_numpy(), pred < 10)"),
        ],
        [
            (REG, R2),
            (REG, "print(accuracy_score(y_test > 500, pred > 500))", "print(mean_absolute_error(y_test, pred))"),
            (CLF, "accuracy_score(y_test, model.predict_proba(X_test)[:, 1] > 0.3)"),
            (CLF, "accuracy_score(y_test, pred > 0.5)"),
            (CLF, ACC),
        ],
    ),
    "one_against_rest_accuracy": (
        [
            (CLF, "print(np.mean([accuracy_score(y_test == c, pred == c) for c in range(10)]))"),
            (CLF, "acc = {d: np.mean((pred == d) == (y_test == d)) for d in range(10)}\nprint(acc)"),
            (CLF, "for k in model.classes_:\n    print(k, accuracy_score(y_test == k, pred == k))"),
            (CLF, "pd.Series({c: ((y_test == c) == (pred == c)).mean() for c in classes}).mean()"),
            (
                CLF,
                "s = [accuracy_score((y_test == c).astype(int), (pred == c).astype(int)) for c in classes]\nprint(sum(s))",
            ),
        ],
        [
            (CLF, ACC),
            (CLF, "for c in classes:\n    m = y_test == c\n    print(accuracy_score(y_test[m], pred[m]))"),
            (CLF, "print([recall_score(y_test == c, pred == c) for c in classes])"),
            (
                CLF,
                "print([accuracy_score(y_test == c, pred == c) for c in range(3)])",
                "print(confusion_matrix(y_test, pred))",
            ),
            (CLF, "print((pred == y_test).mean())"),
        ],
    ),
    "arguments_swapped": (
        [
            (CLF, "print(classification_report(pred, y_test))"),
            (CLF, "y_pred = model.predict(X_test)\nprint(precision_score(y_pred, y_test))"),
            (REG, "y_hat = model.predict(X_test)\nprint(r2_score(y_hat, y_test))"),
            (CLF, "print(recall_score(model.predict(X_test), y_test))"),
            (REG, "predictions = model.predict(X_test)\nprint('R2', r2_score(predictions, y_test))"),
        ],
        [
            (CLF, "print(classification_report(y_test, pred))"),
            (CLF, "print(accuracy_score(pred, y_test))"),
            (REG, "print(r2_score(y_true=y_test, y_pred=pred))"),
            (REG, "print(r2_score(y_pred=pred, y_true=y_test))"),
            (REG, "print(mean_absolute_error(pred, y_test))"),
        ],
    ),
    "arguments_swapped_harmless": (
        [
            (CLF, "print(accuracy_score(pred, y_test))"),
            (REG, "print(mean_absolute_error(pred, y_test))"),
            (REG, "print(mean_squared_error(model.predict(X_test), y_test))"),
            (CLF, "y_pred = model.predict(X_test)\naccuracy_score(y_pred, y_test)"),
            (REG, "forecast = model.predict(X_test)\nmean_absolute_error(forecast, y_test)"),
        ],
        [
            (CLF, ACC),
            (REG, R2),
            (REG, "print(mean_absolute_error(y_test, pred))"),
            (CLF, "print(recall_score(pred, y_test))"),
            (CLF, "print(accuracy_score(y_pred=pred, y_true=y_test))"),
        ],
    ),
    "mse_called_rmse": (
        [
            (REG, "rmse = mean_squared_error(y_test, pred)\nprint(rmse)"),
            (REG, "mse = mean_squared_error(y_test, pred)\nprint('RMSE:', mse)"),
            (REG, 'print(f"RMSE: {mean_squared_error(y_test, pred):.3f}")'),
            (REG, "test_rmse = round(mean_squared_error(y_test, pred), 2)"),
            (REG, "mse = mean_squared_error(y_test, pred)\nprint(f'test RMSE = {mse}')"),
        ],
        [
            (REG, "rmse = np.sqrt(mean_squared_error(y_test, pred))"),
            (REG, "rmse = mean_squared_error(y_test, pred, squared=False)"),
            (REG, "mse = mean_squared_error(y_test, pred)\nrmse = mse ** 0.5\nprint('RMSE:', rmse)"),
            (REG, "mse = mean_squared_error(y_test, pred)\nprint('MSE:', mse)"),
            (REG, "from sklearn.metrics import root_mean_squared_error\nrmse = root_mean_squared_error(y_test, pred)"),
            (REG, "mse = mean_squared_error(y_test, pred)\nprint(f'MSE {mse:.1f}, RMSE {mse**0.5:.1f}')"),
        ],
    ),
    "auc_from_labels": (
        [
            (CLF, "print(roc_auc_score(y_test, pred))"),
            (CLF, "print(roc_auc_score(y_test, model.predict(X_test)))"),
            (CLF, "y_pred = model.predict(X_test)\nauc = roc_auc_score(y_test, y_pred)\nprint(auc)"),
            (CLF, "import sklearn.metrics as m\nm.roc_auc_score(y_test, model.predict(X_test))"),
            (CLF, "average_precision_score(y_test, model.predict(X_test))"),
        ],
        [
            (CLF, AUC),
            (CLF, "p = model.predict_proba(X_test)[:, 1]\nroc_auc_score(y_test, p)"),
            (CLF, "roc_auc_score(y_test, model.decision_function(X_test))"),
            (CLF, ACC),
            (CLF, "proba = clf.predict_proba(X_test)\nroc_auc_score(y_test, proba, multi_class='ovr')"),
        ],
    ),
    "metric_of_other_task": (
        [
            (CLF, "print(mean_squared_error(y_test, pred))"),
            (CLF, "print('R2', r2_score(y_test, pred))"),
            (CLF, "print(mean_absolute_error(y_test, pred), r2_score(y_test, pred))"),
            (CLF, "print(np.sqrt(mean_squared_error(y_test, model.predict(X_test))))"),
            (CLF, "def q(t, p):\n    return r2_score(t, p)\n\nprint(q(y_test, pred))"),
        ],
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, ACC, "print(mean_squared_error(y_test, pred))"),
            (CLF, AUC),
            (REG, "print(mean_squared_error(y_test, pred))"),
        ],
    ),
    "claim_contradicted": (
        [
            (CLF, RECALL, md("The model finds almost all of the fraud cases.")),
            (
                CLF,
                code("print(confusion_matrix(y_test, pred))", "[[950   5]\n [ 40   5]]\n"),
                md("It detects most churners."),
            ),
            (REG, R2, BEATEN, md("The forest clearly beats the baseline.")),
            (REG, R2, GROUPS, md("The north is the hardest region: north has the largest error.")),
            (REG, R2, GROUPS, md("Homes in the south are the easiest to price.")),
        ],
        [
            (CLF, RECALL, md("The model does not find most of the fraud cases.")),
            (
                CLF,
                code("print(recall_score(y_test, pred))", "recall: 0.93\n"),
                md("The model finds almost all of the fraud cases."),
            ),
            (CLF, TABLE, md("The forest clearly beats the baseline.")),
            (REG, R2, BEATEN, md("The forest does not beat the baseline.")),
            (REG, R2, GROUPS, md("Homes in the south are the hardest to price.")),
            (CLF, md("We hope that the model finds most of the fraud cases."), ACC),
        ],
    ),
    "praise_beside_poor": (
        [
            (REG, code("print('R2:', r2_score(y_test, pred))", "R2: 0.08\n"), md("The model performs very well.")),
            (CLF, code("print(roc_auc_score(y_test, p))", "ROC AUC: 0.54\n"), md("An excellent classifier.")),
            (
                CLF,
                RARE,
                code("accuracy_score(y_test, pred)", "accuracy: 0.968\n"),
                md("This is an excellent accuracy."),
            ),
            (
                REG,
                code("r2_score(y_test, pred)", "test r2 = -0.2\n"),
                md("This is an outstanding result for the model."),
            ),
            (CLF, code("f1_score(y_test, pred)", "F1: 0.11\n"), md("Great result, the model is ready for production.")),
        ],
        [
            (REG, R2, md("The model performs very well.")),
            (REG, code("print('R2:', r2_score(y_test, pred))", "R2: 0.08\n"), md("R2 of 0.08 is far from excellent.")),
            (CLF, AUC, md("An excellent classifier.")),
            (CLF, EVEN, ACC, md("This is an excellent accuracy.")),
            (CLF, RARE, ACC, md("Accuracy looks excellent, but always saying no is as good.")),
        ],
    ),
    "number_not_shown": (
        [
            (CLF, ACC, md("The model reaches an accuracy of 0.96 on the test set.")),
            (REG, R2, md("We get R2 = 0.93.")),
            (CLF, AUC, md("The ROC AUC is 0.95 here.")),
            (CLF, ACC, md("The forest has an accuracy of 97.4%.")),
            (REG, R2, md("The final R2 of 0.88 shows a good fit.")),
        ],
        [
            (CLF, ACC, md("The model reaches an accuracy of 0.91 on the test set.")),
            (CLF, ACC, md("Our goal was an accuracy of 0.95.")),
            (REG, R2, md("R2 of 0.81 shows a good fit.")),
            (CLF, ACC, md("The paper reports an accuracy of 0.96.")),
            (CLF, ACC, md("The model reaches an accuracy of 91.0%.")),
            (CLF, code("accuracy_score(y_test, pred)", "accuracy: 0.9123\n"), md("It has an accuracy of 0.91.")),
        ],
    ),
    "metric_failed": (
        [
            (
                CLF,
                ACC,
                code(
                    "plot_confusion_matrix(model, X_test, y_test)",
                    error=("NameError", "name 'plot_confusion_matrix' is not defined"),
                ),
            ),
            (
                CLF,
                ACC,
                code(
                    "roc_auc_score(y_test, model.predict_proba(X_test))", error=("ValueError", "y should be a 1d array")
                ),
            ),
            (
                REG,
                R2,
                code(
                    "mean_squared_error(y_test, pred, squared=False)",
                    error=("TypeError", "got an unexpected keyword argument 'squared'"),
                ),
            ),
            (
                CLF,
                ACC,
                code(
                    "print(f1_score(y_test, pred))", error=("ValueError", "Target is multiclass but average='binary'")
                ),
            ),
            (
                CLF,
                ACC,
                code(
                    "ConfusionMatrixDisplay.from_predictions(y_test, preds)",
                    error=("NameError", "name 'preds' is not defined"),
                ),
            ),
        ],
        [
            (CLF, ACC),
            (CLF, ACC, code("df.hist(colour='red')", error=("AttributeError", "no property 'colour'"))),
            (
                CLF,
                code(
                    "print(accuracy_score(y_test, pred))\nmlflow.log_metrics('a', 1)",
                    "0.9\n",
                    error=("AttributeError", "'str' object has no attribute 'items'"),
                ),
            ),
            (REG, R2, md("The metric failed us.")),
            (CLF,),
        ],
    ),
    "evaluation_failed": (
        [
            (CLF, code("print(accuracy_score(y_test, preds))", error=("NameError", "name 'preds' is not defined"))),
            (
                CLF,
                code(
                    "print(f1_score(y_test, pred))", error=("ValueError", "Target is multiclass but average='binary'")
                ),
            ),
            (
                REG,
                code(
                    "mean_squared_error(y_test, pred, squared=False)",
                    error=("TypeError", "got an unexpected keyword argument 'squared'"),
                ),
            ),
            (REG, code("r2_score(y_test, model.predict(X_tst))", error=("NameError", "name 'X_tst' is not defined"))),
            (
                CLF,
                code(
                    "classification_report(y_test, pred[:10])", error=("ValueError", "inconsistent numbers of samples")
                ),
            ),
        ],
        [
            (CLF, ACC),
            (CLF, ACC, code("f1_score(y_test, pred)", error=("ValueError", "Target is multiclass"))),
            (CLF,),
            (REG, R2),
            (CLF, code("df.plot()", error=("TypeError", "no numeric data to plot")), ACC),
        ],
    ),
    "nothing_measured": (
        [
            (CLF,),
            (REG,),
            ("import pandas as pd\ndf = pd.read_csv('a.csv')",),
            (CLF, "model.predict(X_test)[:5]"),
            (REG, "import joblib\njoblib.dump(model, 'm.pkl')"),
        ],
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, "cross_val_score(model, X, y)"),
            (CLF, "model.score(X_test, y_test)"),
            (CLF, AUC),
        ],
    ),
    "train_beside_test": (
        [
            (CLF, "print(model.score(X_train, y_train), model.score(X_test, y_test))"),
            (REG, R2, "print(r2_score(y_train, model.predict(X_train)))"),
            (CLF, ACC, "accuracy_score(y_train, model.predict(X_train))"),
            (
                REG,
                "for A, b in ((X_train, y_train), (X_test, y_test)):\n    print(mean_absolute_error(b, model.predict(A)))",
            ),
            (REG, R2, "print(mean_absolute_error(y_train, model.predict(X_train)))"),
        ],
        [
            (CLF, ACC),
            (REG, R2),
            (CLF, "accuracy_score(y_train, model.predict(X_train))"),
            (CLF, ACC, "print(f1_score(y_train, cross_val_predict(model, X_train, y_train)))"),
            (CLF,),
        ],
    ),
}


def _id(value: object) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("kind", "cells"), cases(CASES, hold=True), ids=_id)
def test_it_is_stated_where_it_holds(kind: str, cells: Cells) -> None:
    assert kind in kinds_of(DIMENSION, *cells, prompt=PROMPT)


@pytest.mark.parametrize(("kind", "cells"), cases(CASES, hold=False), ids=_id)
def test_it_is_not_stated_where_it_does_not_hold(kind: str, cells: Cells) -> None:
    assert kind not in kinds_of(DIMENSION, *cells, prompt=PROMPT)


def test_every_kind_has_cases_both_ways() -> None:
    elsewhere = {"metrics_computed", "class_balance", "nothing_to_evaluate"}
    assert set(CASES) | elsewhere == {kind.name for kind in KINDS}
    assert all(len(yes) >= 5 and len(no) >= 5 for yes, no in CASES.values())


@pytest.mark.parametrize(
    ("prompt", "cells", "score"),
    [
        ("Show the monthly totals in sales.csv.", ("import pandas as pd\npd.read_csv('sales.csv')",), 0),
        ("Clean the table and plot it.", (md("# Looking"), "df.plot()"), 0),
        ("", ("import pandas as pd\ndf = pd.read_csv('a.csv')\ndf.describe()",), 0),
        ("Predict churn.", ("import pandas as pd\ndf = pd.read_csv('a.csv')",), 1),
        ("Show the totals.", (CLF,), 1),
    ],
)
def test_not_applicable_only_where_no_model_is_asked_for_or_made(prompt: str, cells: Cells, score: int) -> None:
    found = rule_score(DIMENSION, facts_of(DIMENSION, *cells, prompt=prompt))
    assert found is not None
    assert found.score == score


GOOD: Cells = (
    CLF,
    TABLE,
    "print(accuracy_score(y_test, pred), recall_score(y_test, pred))",
    code("print(confusion_matrix(y_test, pred))", "[[900  50]\n [ 29  21]]\n"),
    md(
        "The forest is clearly better than the baseline (accuracy 0.82 against 0.70) but misses over half of the positives."
    ),
)


def test_all_virtues_make_a_three() -> None:
    found = rule_score(DIMENSION, facts_of(DIMENSION, *GOOD, prompt=PROMPT))
    assert found is not None
    assert found.score == 3


@pytest.mark.parametrize("left_out", [1, 3, 4])
def test_one_virtue_missing_makes_a_two(left_out: int) -> None:
    cells = [cell for at, cell in enumerate(GOOD) if at != left_out]
    if left_out == 1:  # the table shows the baseline, and so do the words
        cells[-1] = md("The forest finds only 21 of 50 positives, a recall of 0.42.")
    found = rule_score(DIMENSION, facts_of(DIMENSION, *cells, prompt=PROMPT))
    assert found is not None
    assert found.score == 2


def test_a_lone_valid_number_is_still_a_two() -> None:
    found = rule_score(DIMENSION, facts_of(DIMENSION, CLF, AUC, prompt=PROMPT))
    assert found is not None
    assert found.score == 2


def test_metrics_on_rows_that_cannot_be_told_are_neither_praised_nor_blamed() -> None:
    cells = (
        "from sklearn.metrics import f1_score\nfrom helpers import truth, guesses",
        "print(f1_score(truth, guesses))",
    )
    kinds = kinds_of(DIMENSION, *cells, prompt=PROMPT)
    assert "metrics_computed" in kinds
    assert not kinds & {"held_out_metrics", "training_metrics_only", "fitted_rows_measured", "all_rows_measured"}


@pytest.mark.parametrize("shown", [RARE, EVEN, SEVENTY])
def test_class_balance_is_told_of_classifiers(shown: Piece) -> None:
    assert "class_balance" in kinds_of(DIMENSION, CLF, shown, ACC, AUC, prompt=PROMPT)
    assert "class_balance" not in kinds_of(DIMENSION, REG, shown, R2, prompt=PROMPT)


def test_a_metric_that_is_only_logged_does_not_count_as_shown() -> None:
    cells = (
        CLF,
        "print(accuracy_score(y_train, model.predict(X_train)))",
        "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('test', model.score(X_test, y_test))",
    )
    assert "training_metrics_only" in kinds_of(DIMENSION, *cells, prompt=PROMPT)


def test_a_metric_measures_the_model_as_it_was_when_it_predicted() -> None:
    kinds = kinds_of(DIMENSION, CLF, "model.fit(X, y)", ACC, prompt=PROMPT)
    assert "held_out_metrics" in kinds
    assert "fitted_rows_measured" not in kinds


def test_predictions_of_an_unknown_model_are_no_baseline() -> None:
    cells = (CLF, "from helpers import net\nguess = net.predict(X_test)\nprint(accuracy_score(y_test, guess))")
    assert "baseline_compared" not in kinds_of(DIMENSION, *cells, prompt=PROMPT)


def test_a_label_does_not_make_training_rows_held_out() -> None:
    cells = (CLF, code("print('test accuracy', model.score(X_train, y_train))", "test accuracy 0.99\n"))
    kinds = kinds_of(DIMENSION, *cells, prompt=PROMPT)
    assert "training_metrics_only" in kinds
    assert "held_out_metrics" not in kinds


def test_columns_that_are_called_accuracy_are_no_metrics() -> None:
    text = "     name  shot_accuracy\n0  Muller           0.71\n1    Kane           0.80"
    kinds = kinds_of(DIMENSION, code("df.head()", result=text), prompt="Describe the players.")
    assert kinds == {"nothing_to_evaluate"}


def test_a_definition_of_recall_is_no_claim() -> None:
    words = md("The recall is intuitively the ability of the classifier to find all the positive samples.")
    assert "claim_contradicted" not in kinds_of(DIMENSION, CLF, RECALL, words, prompt=PROMPT)


def test_sentences_are_short_and_on_one_line() -> None:
    for _, cells in cases(CASES, hold=True):
        for fact in facts_of(DIMENSION, *cells, prompt=PROMPT):
            assert len(fact.text) <= 160
            assert "\n" not in fact.text
