"""Clean notebooks written with functions, classes, loops over time and other libraries: nothing is said to leak."""

from __future__ import annotations

import pytest

from tests.evidence.flow.clean import Clean, alarms

_SPLIT = """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler, LabelEncoder, OneHotEncoder
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression, Ridge
        from sklearn.metrics import accuracy_score, mean_absolute_error
        df = pd.read_csv("data.csv")
        # %%
"""

CASES = [
    Clean(
        "a function called twice, with train and with test rows",
        _SPLIT
        + """
        def prepare(frame, medians=None):
            frame = frame.copy()
            if medians is None:
                medians = frame[["age", "income"]].median()
            frame[["age", "income"]] = frame[["age", "income"]].fillna(medians)
            return frame, medians
        # %%
        train, test = train_test_split(df, test_size=0.2, random_state=0)
        train, med = prepare(train)
        test, _ = prepare(test, med)
        m = LogisticRegression().fit(train[["age", "income"]], train["y"])
        print(accuracy_score(test["y"], m.predict(test[["age", "income"]])))
    """,
    ),
    Clean(
        "a function with a default argument and a branch",
        _SPLIT
        + """
        def scale(X, scaler=None, fit=False):
            if fit:
                scaler = StandardScaler()
                out = scaler.fit_transform(X)
            else:
                out = scaler.transform(X)
            return out, scaler
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        A, sc = scale(X_train, fit=True)
        B, _ = scale(X_test, scaler=sc)
        print(LogisticRegression().fit(A, y_train).score(B, y_test))
    """,
    ),
    Clean(
        "one function does it all",
        _SPLIT
        + """
        def run(df, target="y", seed=0):
            X, y = df.drop(columns=[target]), df[target]
            X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=seed, stratify=y)
            imputer = SimpleImputer(strategy="median")
            scaler = StandardScaler()
            X_train = scaler.fit_transform(imputer.fit_transform(X_train))
            X_test = scaler.transform(imputer.transform(X_test))
            model = LogisticRegression(max_iter=500)
            model.fit(X_train, y_train)
            return accuracy_score(y_test, model.predict(X_test))
        print(run(df))
    """,
    ),
    Clean(
        "a helper class with fit and transform",
        _SPLIT
        + """
        class MedianFiller:
            def __init__(self, columns):
                self.columns = columns
                self.medians_ = {}
            def fit(self, X):
                for c in self.columns:
                    self.medians_[c] = X[c].median()
                return self
            def transform(self, X):
                X = X.copy()
                for c in self.columns:
                    X[c] = X[c].fillna(self.medians_[c])
                return X
        train, test = train_test_split(df, test_size=0.2, random_state=0)
        filler = MedianFiller(["age"]).fit(train)
        train, test = filler.transform(train), filler.transform(test)
        m = Ridge().fit(train[["age"]], train["y"])
        print(mean_absolute_error(test["y"], m.predict(test[["age"]])))
    """,
    ),
    Clean(
        "a transformer of one's own in a pipeline",
        _SPLIT
        + """
        from sklearn.base import BaseEstimator, TransformerMixin
        from sklearn.pipeline import Pipeline
        class Clipper(BaseEstimator, TransformerMixin):
            def __init__(self, q=0.99):
                self.q = q
            def fit(self, X, y=None):
                self.top_ = np.quantile(X, self.q, axis=0)
                return self
            def transform(self, X):
                return np.minimum(X, self.top_)
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        pipe = Pipeline([("clip", Clipper()), ("m", Ridge())]).fit(X_train, y_train)
        print(pipe.score(X_test, y_test))
    """,
    ),
    Clean(
        "a data class and inheritance",
        _SPLIT
        + """
        from dataclasses import dataclass, field
        @dataclass
        class Base:
            scaler: object = field(default_factory=StandardScaler)
            def fit(self, X, y):
                self.model = self.build()
                self.model.fit(self.scaler.fit_transform(X), y)
                return self
            def predict(self, X):
                return self.model.predict(self.scaler.transform(X))
        class Logit(Base):
            def build(self):
                return LogisticRegression(C=0.5)
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        clf = Logit().fit(X_train, y_train)
        print(accuracy_score(y_test, clf.predict(X_test)))
    """,
    ),
    Clean(
        "an experiment class keeps its parts",
        _SPLIT
        + """
        class Experiment:
            def __init__(self, df):
                self.df = df
            def split(self):
                self.train, self.test = train_test_split(self.df, test_size=0.3, random_state=1)
            def preprocess(self):
                mean = self.train["income"].mean()
                self.train["income"] = self.train["income"].fillna(mean)
                self.test["income"] = self.test["income"].fillna(mean)
            def evaluate(self):
                m = Ridge().fit(self.train[["income"]], self.train["y"])
                return mean_absolute_error(self.test["y"], m.predict(self.test[["income"]]))
        e = Experiment(df)
        e.split()
        e.preprocess()
        print(e.evaluate())
    """,
    ),
    Clean(
        "words of leaks in comments and strings",
        _SPLIT
        + """
        # never do scaler.fit_transform(X) before train_test_split!
        note = "df.fillna(df.mean()) and SMOTE().fit_resample(X, y) on all rows would leak"
        print("StandardScaler().fit_transform(df)")
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        sc = StandardScaler().fit(X_train)
        print(LogisticRegression().fit(sc.transform(X_train), y_train).score(sc.transform(X_test), y_test))
    """,
    ),
    Clean(
        "an import that may fail",
        _SPLIT
        + """
        try:
            from imblearn.over_sampling import SMOTE
        except ImportError:
            SMOTE = None
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        if SMOTE is not None:
            X_fit, y_fit = SMOTE(random_state=0).fit_resample(X_train, y_train)
        else:
            X_fit, y_fit = X_train, y_train
        print(LogisticRegression().fit(X_fit, y_fit).score(X_test, y_test))
    """,
    ),
    Clean(
        "a switch between two scalers",
        _SPLIT
        + """
        from sklearn.preprocessing import MinMaxScaler
        KIND = "minmax"
        scaler = MinMaxScaler() if KIND == "minmax" else StandardScaler()
        tr, te = train_test_split(df, test_size=0.2, random_state=0)
        cols = [c for c in df.columns if c != "y"]
        tr[cols] = scaler.fit_transform(tr[cols])
        te[cols] = scaler.transform(te[cols])
        print(LogisticRegression().fit(tr[cols], tr["y"]).score(te[cols], te["y"]))
    """,
    ),
    Clean(
        "outliers by training quantiles",
        _SPLIT
        + """
        train, test = train_test_split(df, test_size=0.2, random_state=0)
        q1, q3 = train["income"].quantile([0.25, 0.75])
        lo, hi = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
        train = train[train["income"].between(lo, hi)]
        test["income"] = test["income"].clip(lo, hi)
        m = Ridge().fit(train[["income"]], train["y"])
        print(m.score(test[["income"]], test["y"]))
    """,
    ),
    Clean(
        "columns chosen by correlation on training rows",
        _SPLIT
        + """
        train, test = train_test_split(df, test_size=0.2, random_state=0)
        corr = train.corr()["y"].abs().sort_values(ascending=False)
        top = corr.index[1:11]
        m = Ridge().fit(train[top], train["y"])
        print(m.score(test[top], test["y"]))
    """,
    ),
    Clean(
        "selector and projection fitted on training rows",
        _SPLIT
        + """
        from sklearn.decomposition import PCA
        from sklearn.feature_selection import SelectKBest, f_classif
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        sel = SelectKBest(f_classif, k=10).fit(X_train, y_train)
        pca = PCA(5)
        A = pca.fit_transform(sel.transform(X_train))
        B = pca.transform(sel.transform(X_test))
        print(LogisticRegression().fit(A, y_train).score(B, y_test))
    """,
    ),
    Clean(
        "a stratified split by a binned column that is dropped",
        _SPLIT
        + """
        from sklearn.model_selection import StratifiedShuffleSplit
        df["income_cat"] = pd.cut(df["income"], bins=[0., 1.5, 3.0, 4.5, 6., np.inf], labels=[1, 2, 3, 4, 5])
        split = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=42)
        for train_index, test_index in split.split(df, df["income_cat"]):
            strat_train_set = df.loc[train_index]
            strat_test_set = df.loc[test_index]
        for set_ in (strat_train_set, strat_test_set):
            set_.drop("income_cat", axis=1, inplace=True)
        housing = strat_train_set.drop("y", axis=1)
        labels = strat_train_set["y"].copy()
        median = housing["rooms"].median()
        housing["rooms"].fillna(median, inplace=True)
        X_test = strat_test_set.drop("y", axis=1)
        X_test["rooms"].fillna(median, inplace=True)
        m = Ridge().fit(housing, labels)
        print(mean_absolute_error(strat_test_set["y"], m.predict(X_test)))
    """,
    ),
    Clean(
        "lags and past windows, split by time",
        """
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import mean_absolute_error
        s = pd.read_csv("demand.csv", parse_dates=["date"]).sort_values("date")
        for lag in (1, 2, 7):
            s[f"lag_{lag}"] = s["demand"].shift(lag)
        s["mean_7"] = s["demand"].shift(1).rolling(7).mean()
        s["dow"] = s["date"].dt.dayofweek
        s = s.dropna()
        # %%
        cut = pd.Timestamp("2020-01-01")
        train, test = s[s["date"] < cut], s[s["date"] >= cut]
        feats = ["lag_1", "lag_2", "lag_7", "mean_7", "dow"]
        rf = RandomForestRegressor().fit(train[feats], train["demand"])
        print(mean_absolute_error(test["demand"], rf.predict(test[feats])))
    """,
    ),
    Clean(
        "a split by position, scaler on the first part",
        """
        import numpy as np
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from keras.models import Sequential
        from keras.layers import LSTM, Dense
        data = pd.read_csv("GOOG.csv")["Close"].values.reshape(-1, 1)
        n = int(len(data) * 0.8)
        train, test = data[:n], data[n:]
        scaler = MinMaxScaler(feature_range=(0, 1))
        train_s = scaler.fit_transform(train)
        test_s = scaler.transform(test)
        def windows(a, k=60):
            X, y = [], []
            for i in range(k, len(a)):
                X.append(a[i - k:i, 0])
                y.append(a[i, 0])
            return np.array(X), np.array(y)
        X_train, y_train = windows(train_s)
        X_test, y_test = windows(test_s)
        model = Sequential([LSTM(32, input_shape=(60, 1)), Dense(1)])
        model.compile("adam", "mse")
        model.fit(X_train[..., None], y_train, epochs=3, validation_split=0.1)
        print(model.evaluate(X_test[..., None], y_test))
    """,
    ),
    Clean(
        "TimeSeriesSplit of a pipeline",
        """
        import pandas as pd
        from sklearn.model_selection import TimeSeriesSplit, cross_val_score
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import Ridge
        df = pd.read_csv("load.csv", index_col=0, parse_dates=True)
        df["y_lag24"] = df["y"].shift(24)
        df = df.dropna()
        train, test = df.loc[:"2019"], df.loc["2020":]
        pipe = make_pipeline(StandardScaler(), Ridge())
        print(-cross_val_score(pipe, train.drop(columns="y"), train["y"], cv=TimeSeriesSplit(5),
                               scoring="neg_mean_absolute_error").mean())
        pipe.fit(train.drop(columns="y"), train["y"])
        print(pipe.score(test.drop(columns="y"), test["y"]))
    """,
    ),
    Clean(
        "walking forward with ARIMA",
        """
        import pandas as pd
        from statsmodels.tsa.arima.model import ARIMA
        from sklearn.metrics import mean_squared_error
        series = pd.read_csv("shampoo.csv", header=0, index_col=0).squeeze("columns")
        X = series.values
        size = int(len(X) * 0.66)
        train, test = X[0:size], X[size:len(X)]
        history = [x for x in train]
        predictions = []
        for t in range(len(test)):
            model_fit = ARIMA(history, order=(5, 1, 0)).fit()
            predictions.append(model_fit.forecast()[0])
            history.append(test[t])
        print(mean_squared_error(test, predictions) ** 0.5)
    """,
    ),
    Clean(
        "Prophet on the past",
        """
        import pandas as pd
        from prophet import Prophet
        from sklearn.metrics import mean_absolute_percentage_error
        df = pd.read_csv("peyton.csv")
        df["ds"] = pd.to_datetime(df["ds"])
        train, test = df.iloc[:-90], df.iloc[-90:]
        m = Prophet(yearly_seasonality=True).fit(train)
        fc = m.predict(test[["ds"]])
        print(mean_absolute_percentage_error(test["y"], fc["yhat"]))
    """,
    ),
    Clean(
        "gaps of a series filled forward only",
        """
        import pandas as pd
        from lightgbm import LGBMRegressor
        from sklearn.metrics import mean_absolute_error
        df = pd.read_csv("sensor.csv", parse_dates=["ts"], index_col="ts").sort_index()
        df["temp"] = df["temp"].ffill()
        df["temp_prev"] = df["temp"].shift(1)
        df = df.dropna()
        split = int(len(df) * 0.8)
        tr, te = df.iloc[:split], df.iloc[split:]
        m = LGBMRegressor().fit(tr[["temp_prev"]], tr["power"])
        print(mean_absolute_error(te["power"], m.predict(te[["temp_prev"]])))
    """,
    ),
    Clean(
        "Keras: normalised by the training images",
        """
        import tensorflow as tf
        (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
        x_train, x_test = x_train / 255.0, x_test / 255.0
        mean, std = x_train.mean(), x_train.std()
        x_train = (x_train - mean) / std
        x_test = (x_test - mean) / std
        model = tf.keras.models.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)])
        model.compile(optimizer="adam", loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                      metrics=["accuracy"])
        model.fit(x_train, y_train, epochs=5, validation_split=0.1)
        model.evaluate(x_test, y_test)
    """,
    ),
    Clean(
        "Keras: Boston by hand, as in the book",
        """
        from keras.datasets import boston_housing
        from keras import models, layers
        import numpy as np
        (train_data, train_targets), (test_data, test_targets) = boston_housing.load_data()
        mean = train_data.mean(axis=0)
        train_data -= mean
        std = train_data.std(axis=0)
        train_data /= std
        test_data -= mean
        test_data /= std
        model = models.Sequential()
        model.add(layers.Dense(64, activation="relu"))
        model.add(layers.Dense(1))
        model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
        model.fit(train_data, train_targets, epochs=80, batch_size=16, verbose=0)
        test_mse, test_mae = model.evaluate(test_data, test_targets)
    """,
    ),
    Clean(
        "Keras tokenizer fitted on training texts",
        _SPLIT
        + """
        from tensorflow.keras.preprocessing.text import Tokenizer
        from tensorflow.keras.preprocessing.sequence import pad_sequences
        from tensorflow.keras import Sequential, layers
        X_train, X_test, y_train, y_test = train_test_split(df["text"], df["y"], random_state=0)
        tok = Tokenizer(num_words=10000)
        tok.fit_on_texts(X_train)
        A = pad_sequences(tok.texts_to_sequences(X_train), maxlen=100)
        B = pad_sequences(tok.texts_to_sequences(X_test), maxlen=100)
        model = Sequential([layers.Embedding(10000, 16), layers.GlobalAveragePooling1D(), layers.Dense(1)])
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        model.fit(A, y_train, epochs=3)
        print(model.evaluate(B, y_test))
    """,
    ),
    Clean(
        "PyTorch with tensors of scaled training rows",
        _SPLIT
        + """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1).values, df["y"].values, random_state=0)
        sc = StandardScaler()
        X_train = torch.tensor(sc.fit_transform(X_train), dtype=torch.float32)
        X_test = torch.tensor(sc.transform(X_test), dtype=torch.float32)
        loader = DataLoader(TensorDataset(X_train, torch.tensor(y_train)), batch_size=64, shuffle=True)
        class Net(nn.Module):
            def __init__(self, d):
                super().__init__()
                self.net = nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, 2))
            def forward(self, x):
                return self.net(x)
        net = Net(X_train.shape[1])
        opt = torch.optim.Adam(net.parameters())
        for epoch in range(10):
            for xb, yb in loader:
                opt.zero_grad()
                loss = nn.functional.cross_entropy(net(xb), yb)
                loss.backward()
                opt.step()
        net.eval()
        with torch.no_grad():
            pred = net(X_test).argmax(dim=1).numpy()
        print(accuracy_score(y_test, pred))
    """,
    ),
    Clean(
        "Spark pipeline fitted on training rows",
        """
        from pyspark.sql import SparkSession
        from pyspark.ml import Pipeline
        from pyspark.ml.feature import StringIndexer, VectorAssembler, StandardScaler, Imputer
        from pyspark.ml.classification import LogisticRegression
        from pyspark.ml.evaluation import BinaryClassificationEvaluator
        spark = SparkSession.builder.getOrCreate()
        df = spark.read.csv("churn.csv", header=True, inferSchema=True)
        train, test = df.randomSplit([0.8, 0.2], seed=42)
        stages = [Imputer(inputCols=["age"], outputCols=["age_i"]), StringIndexer(inputCol="city", outputCol="city_i"),
                  VectorAssembler(inputCols=["age_i", "city_i"], outputCol="raw"),
                  StandardScaler(inputCol="raw", outputCol="features"), LogisticRegression(labelCol="churn")]
        model = Pipeline(stages=stages).fit(train)
        pred = model.transform(test)
        print(BinaryClassificationEvaluator(labelCol="churn").evaluate(pred))
    """,
    ),
    Clean(
        "XGBoost with early stopping on validation rows",
        _SPLIT
        + """
        import xgboost as xgb
        X_tr, X_te, y_tr, y_te = train_test_split(df.drop("y", axis=1), df["y"], test_size=0.2, random_state=0)
        X_tr, X_va, y_tr, y_va = train_test_split(X_tr, y_tr, test_size=0.2, random_state=0)
        med = X_tr.median()
        X_tr, X_va, X_te = X_tr.fillna(med), X_va.fillna(med), X_te.fillna(med)
        dtr, dva, dte = xgb.DMatrix(X_tr, y_tr), xgb.DMatrix(X_va, y_va), xgb.DMatrix(X_te)
        bst = xgb.train({"objective": "binary:logistic"}, dtr, 500, evals=[(dva, "val")], early_stopping_rounds=20)
        print(accuracy_score(y_te, bst.predict(dte) > 0.5))
    """,
    ),
    Clean(
        "several models in a dictionary, chosen by cross-validation",
        _SPLIT
        + """
        from sklearn.model_selection import cross_val_score
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import SVC
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0, stratify=df["y"])
        models = {"lr": make_pipeline(StandardScaler(), LogisticRegression()), "svc": make_pipeline(StandardScaler(), SVC())}
        results = {}
        for name, m in models.items():
            results[name] = cross_val_score(m, X_train, y_train, cv=5).mean()
        best = max(results, key=results.get)
        final = models[best].fit(X_train, y_train)
        print(best, accuracy_score(y_test, final.predict(X_test)))
    """,
    ),
    Clean(
        "row numbers split by hand",
        _SPLIT
        + """
        rng = np.random.RandomState(0)
        idx = rng.permutation(len(df))
        n = int(0.8 * len(df))
        train, test = df.iloc[idx[:n]], df.iloc[idx[n:]]
        mu, sd = train.drop("y", axis=1).mean(), train.drop("y", axis=1).std()
        A, B = (train.drop("y", axis=1) - mu) / sd, (test.drop("y", axis=1) - mu) / sd
        print(Ridge().fit(A, train["y"]).score(B, test["y"]))
    """,
    ),
    Clean(
        "a random mask",
        """
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        df = pd.read_csv("FuelConsumption.csv")
        cdf = df[["ENGINESIZE", "CYLINDERS", "CO2EMISSIONS"]]
        cdf.hist()
        msk = np.random.rand(len(df)) < 0.8
        train = cdf[msk]
        test = cdf[~msk]
        regr = LinearRegression()
        x = np.asanyarray(train[["ENGINESIZE"]])
        y = np.asanyarray(train[["CO2EMISSIONS"]])
        regr.fit(x, y)
        from sklearn.metrics import r2_score
        print("R2: %.2f" % r2_score(np.asanyarray(test[["CO2EMISSIONS"]]), regr.predict(np.asanyarray(test[["ENGINESIZE"]]))))
    """,
    ),
    Clean(
        "train and test rows put together to strip texts, then parted",
        """
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import cross_val_score
        train = pd.read_csv("train.csv")
        test = pd.read_csv("test.csv")
        both = pd.concat([train, test], sort=False)
        both["Title"] = both["Name"].str.extract(r" (\\w+)\\.", expand=False)
        both["Family"] = both["SibSp"] + both["Parch"] + 1
        both["Sex"] = (both["Sex"] == "female").astype(int)
        train, test = both[: len(train)], both[len(train):]
        f = ["Family", "Sex", "Pclass"]
        rf = RandomForestClassifier(n_estimators=100)
        print(cross_val_score(rf, train[f], train["Survived"], cv=5).mean())
        rf.fit(train[f], train["Survived"])
        pd.DataFrame({"PassengerId": test["PassengerId"], "Survived": rf.predict(test[f])}).to_csv("s.csv")
    """,
    ),
    Clean(
        "ranks and counts of training rows joined by key",
        _SPLIT
        + """
        train, test = train_test_split(df, random_state=0)
        counts = train["city"].value_counts()
        freq = counts / len(train)
        train["city_freq"] = train["city"].map(freq)
        test["city_freq"] = test["city"].map(freq).fillna(0)
        enc = train.groupby("city")["y"].mean().to_dict()
        test["city_te"] = test["city"].map(enc)
        train["city_te"] = train["city"].map(enc)
        cols = ["city_freq", "city_te"]
        print(LogisticRegression().fit(train[cols], train["y"]).score(test[cols], test["y"]))
    """,
    ),
    Clean(
        "the mean of the test errors, and their spread by group",
        _SPLIT
        + """
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        m = Ridge().fit(X_train, y_train)
        res = X_test.copy()
        res["err"] = y_test - m.predict(X_test)
        res["band"] = pd.qcut(res["age"], 4)
        print(res.groupby("band")["err"].agg(["mean", "std"]))
        print(np.abs(res["err"]).mean(), mean_absolute_error(y_test, m.predict(X_test)))
    """,
    ),
    Clean(
        "drift: means of both parts are compared",
        _SPLIT
        + """
        train, test = train_test_split(df, random_state=0)
        drift = pd.DataFrame({"train": train.mean(), "test": test.mean(), "all": df.mean()})
        drift["gap"] = (drift["train"] - drift["test"]).abs() / df.std()
        print(drift.sort_values("gap"))
        m = LogisticRegression().fit(train.drop(columns="y"), train["y"])
        print(m.score(test.drop(columns="y"), test["y"]))
    """,
    ),
    Clean(
        "statsmodels on training rows",
        _SPLIT
        + """
        import statsmodels.api as sm
        train, test = train_test_split(df, random_state=0)
        X = sm.add_constant(train[["age", "income"]])
        ols = sm.OLS(train["y"], X).fit()
        print(ols.summary())
        print(mean_absolute_error(test["y"], ols.predict(sm.add_constant(test[["age", "income"]]))))
    """,
    ),
    Clean(
        "a study of settings on validation rows with Optuna",
        _SPLIT
        + """
        import optuna
        from lightgbm import LGBMClassifier
        X_dev, X_test, y_dev, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        X_train, X_val, y_train, y_val = train_test_split(X_dev, y_dev, random_state=0)
        def objective(trial):
            m = LGBMClassifier(num_leaves=trial.suggest_int("num_leaves", 8, 64))
            m.fit(X_train, y_train)
            return accuracy_score(y_val, m.predict(X_val))
        study = optuna.create_study(direction="maximize")
        study.optimize(objective, n_trials=20)
        best = LGBMClassifier(**study.best_params).fit(X_dev, y_dev)
        print(accuracy_score(y_test, best.predict(X_test)))
    """,
    ),
    Clean(
        "the exploration comes after the model and uses all rows",
        _SPLIT
        + """
        X_train, X_test, y_train, y_test = train_test_split(df.drop("y", axis=1), df["y"], random_state=0)
        m = LogisticRegression().fit(X_train, y_train)
        print(accuracy_score(y_test, m.predict(X_test)))
        # %%
        all_scaled = StandardScaler().fit_transform(df.drop("y", axis=1))
        print(np.corrcoef(all_scaled.T).round(2))
        df["age"] = df["age"].fillna(df["age"].median())
        df["age"].hist()
    """,
    ),
    Clean(
        "an index of cities that is no feature",
        _SPLIT
        + """
        df["city_code"] = LabelEncoder().fit_transform(df["city"])
        df["z"] = (df["income"] - df["income"].mean()) / df["income"].std()
        print(df.loc[df["z"].abs() > 3, ["city", "income"]])
        cols = ["age", "rooms"]
        X_train, X_test, y_train, y_test = train_test_split(df[cols], df["y"], random_state=0)
        print(Ridge().fit(X_train, y_train).score(X_test, y_test))
    """,
    ),
    Clean(
        "MLflow runs in a loop over folds",
        _SPLIT
        + """
        import mlflow
        from sklearn.model_selection import StratifiedKFold
        from sklearn.base import clone
        train, test = train_test_split(df, random_state=0, stratify=df["y"])
        X, y = train.drop(columns="y"), train["y"]
        base = LogisticRegression()
        with mlflow.start_run():
            oof = np.zeros(len(X))
            for k, (a, b) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)):
                imp = SimpleImputer().fit(X.iloc[a])
                m = clone(base).fit(imp.transform(X.iloc[a]), y.iloc[a])
                oof[b] = m.predict(imp.transform(X.iloc[b]))
            mlflow.log_metric("cv_acc", accuracy_score(y, oof))
            imp = SimpleImputer().fit(X)
            m = clone(base).fit(imp.transform(X), y)
            mlflow.log_metric("test_acc", m.score(imp.transform(test.drop(columns="y")), test["y"]))
    """,
    ),
    Clean(
        "a function with a switch, called in each fold",
        _SPLIT
        + """
        from sklearn.model_selection import KFold
        USE_SCALER = True
        def prepare(X, scaler=None, fit=False):
            if fit:
                scaler = StandardScaler().fit(X)
            return scaler.transform(X), scaler
        train, test = train_test_split(df, random_state=0)
        X, y = train.drop(columns="y").values, train["y"].values
        for a, b in KFold(5, shuffle=True, random_state=0).split(X):
            if USE_SCALER:
                A, sc = prepare(X[a], fit=True)
                B, _ = prepare(X[b], sc)
            else:
                A, B = X[a], X[b]
            print(Ridge().fit(A, y[a]).score(B, y[b]))
        A, sc = prepare(X, fit=True)
        T, _ = prepare(test.drop(columns="y"), sc)
        print(Ridge().fit(A, y).score(T, test["y"]))
    """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_said_to_leak(case: Clean) -> None:
    assert alarms(case) == []
