"""Clean notebooks, as people write them: nothing leaks, so nothing is said to leak."""

from __future__ import annotations

import pytest

from tests.evidence.flow.clean import Clean, alarms

CASES = [
    Clean(
        "split, fit on train, transform test",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import LogisticRegression
        # %%
        df = pd.read_csv('heart.csv')
        X = df.drop('target', axis=1)
        y = df['target']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42, stratify=y)
        # %%
        sc = StandardScaler()
        X_train = sc.fit_transform(X_train)
        X_test = sc.transform(X_test)
        # %%
        lr = LogisticRegression().fit(X_train, y_train)
        print(lr.score(X_test, y_test))
    """,
    ),
    Clean(
        "fill with the median of the training rows",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score
        df = pd.read_csv("titanic.csv")
        train, test = train_test_split(df, test_size=0.25, random_state=1)
        # %%
        age_median = train["Age"].median()
        for part in (train, test):
            part["Age"] = part["Age"].fillna(age_median)
            part["Embarked"].fillna(train["Embarked"].mode()[0], inplace=True)
        # %%
        cols = ["Age", "Fare", "Pclass"]
        clf = RandomForestClassifier(random_state=0)
        clf.fit(train[cols], train["Survived"])
        print(accuracy_score(test["Survived"], clf.predict(test[cols])))
    """,
    ),
    Clean(
        "pipeline with a column transformer and a search on training rows",
        """
        import pandas as pd
        from sklearn.compose import ColumnTransformer
        from sklearn.pipeline import Pipeline
        from sklearn.impute import SimpleImputer
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV, train_test_split
        # %%
        df = pd.read_csv("adult.csv", na_values="?")
        y = (df.pop("income") == ">50K").astype(int)
        num = df.select_dtypes("number").columns
        cat = df.select_dtypes("object").columns
        # %%
        pre = ColumnTransformer([
            ("num", Pipeline([("imp", SimpleImputer(strategy="median")), ("sc", StandardScaler())]), num),
            ("cat", Pipeline([("imp", SimpleImputer(strategy="most_frequent")),
                              ("oh", OneHotEncoder(handle_unknown="ignore"))]), cat),
        ])
        pipe = Pipeline([("pre", pre), ("clf", LogisticRegression(max_iter=1000))])
        X_train, X_test, y_train, y_test = train_test_split(df, y, stratify=y, random_state=0)
        search = GridSearchCV(pipe, {"clf__C": [0.1, 1, 10]}, cv=5, scoring="roc_auc")
        search.fit(X_train, y_train)
        # %%
        from sklearn.metrics import roc_auc_score, classification_report
        print(roc_auc_score(y_test, search.predict_proba(X_test)[:, 1]))
        print(classification_report(y_test, search.predict(X_test)))
    """,
    ),
    Clean(
        "SMOTE inside the cross-validation",
        """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from imblearn.pipeline import Pipeline as ImbPipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
        from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
        df = pd.read_csv("creditcard.csv")
        X, y = df.drop(columns="Class"), df["Class"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=42)
        pipe = ImbPipeline([("scale", StandardScaler()), ("smote", SMOTE(random_state=0)), ("svc", SVC())])
        cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
        # %%
        print(cross_val_score(pipe, X_train, y_train, cv=cv, scoring="f1").mean())
        # %%
        pipe.fit(X_train, y_train)
        print(pipe.score(X_test, y_test))
    """,
    ),
    Clean(
        "SMOTE on the training rows",
        """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import f1_score
        df = pd.read_csv("churn.csv")
        X = df.drop("Churn", axis=1)
        y = df["Churn"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
        # %%
        sm = SMOTE(random_state=42)
        X_train, y_train = sm.fit_resample(X_train, y_train)
        # %%
        rf = RandomForestClassifier().fit(X_train, y_train)
        print(f1_score(y_test, rf.predict(X_test)))
    """,
    ),
    Clean(
        "old fit_sample of training rows",
        """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from sklearn.cross_validation import train_test_split
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import recall_score
        data = pd.read_csv('creditcard.csv')
        X = data.ix[:, data.columns != 'Class']
        y = data.ix[:, data.columns == 'Class']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
        os_X, os_y = SMOTE(random_state=0).fit_sample(X_train, y_train.values.ravel())
        lr = LogisticRegression(C=0.01)
        lr.fit(os_X, os_y)
        print(recall_score(y_test, lr.predict(X_test)))
    """,
    ),
    Clean(
        "upsampling the minority of the training rows",
        """
        import pandas as pd
        from sklearn.utils import resample
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression
        df = pd.read_csv("fraud.csv")
        train, test = train_test_split(df, test_size=0.3, stratify=df["fraud"], random_state=7)
        # %%
        minority = train[train["fraud"] == 1]
        majority = train[train["fraud"] == 0]
        up = resample(minority, replace=True, n_samples=len(majority), random_state=7)
        train_bal = pd.concat([majority, up])
        # %%
        m = LogisticRegression().fit(train_bal.drop(columns="fraud"), train_bal["fraud"])
        print(m.score(test.drop(columns="fraud"), test["fraud"]))
    """,
    ),
    Clean(
        "fitting anew in each fold",
        """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import KFold
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_squared_error
        df = pd.read_csv("housing.csv")
        X = df.drop("price", axis=1).values
        y = df["price"].values
        kf = KFold(n_splits=5, shuffle=True, random_state=1)
        scores = []
        # %%
        for fold, (train_idx, val_idx) in enumerate(kf.split(X)):
            X_tr, X_va = X[train_idx], X[val_idx]
            y_tr, y_va = y[train_idx], y[val_idx]
            scaler = StandardScaler()
            X_tr = scaler.fit_transform(X_tr)
            X_va = scaler.transform(X_va)
            model = Ridge().fit(X_tr, y_tr)
            scores.append(np.sqrt(mean_squared_error(y_va, model.predict(X_va))))
        print(np.mean(scores), np.std(scores))
    """,
        frozenset({"searched_on_all"}),
    ),
    Clean(
        "target means of each fold's training rows",
        """
        import pandas as pd
        from sklearn.model_selection import KFold
        from lightgbm import LGBMRegressor
        from sklearn.metrics import mean_absolute_error
        df = pd.read_csv("sales.csv")
        kf = KFold(5, shuffle=True, random_state=3)
        maes = []
        for tr, va in kf.split(df):
            train, valid = df.iloc[tr].copy(), df.iloc[va].copy()
            means = train.groupby("shop")["sales"].mean()
            train["shop_mean"] = train["shop"].map(means)
            valid["shop_mean"] = valid["shop"].map(means).fillna(train["sales"].mean())
            m = LGBMRegressor().fit(train[["shop_mean", "price"]], train["sales"])
            maes.append(mean_absolute_error(valid["sales"], m.predict(valid[["shop_mean", "price"]])))
        print(sum(maes) / len(maes))
    """,
    ),
    Clean(
        "group statistics of training rows mapped to the test rows",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import GradientBoostingRegressor
        df = pd.read_csv("cars.csv")
        train, test = train_test_split(df, random_state=0)
        # %%
        by_make = train.groupby("make")["mileage"].agg(["mean", "std"]).reset_index()
        train = train.merge(by_make, on="make", how="left")
        test = test.merge(by_make, on="make", how="left")
        # %%
        feats = ["mean", "std", "year"]
        gb = GradientBoostingRegressor().fit(train[feats], train["price"])
        print(gb.score(test[feats], test["price"]))
    """,
    ),
    Clean(
        "statistics for looking only",
        """
        import pandas as pd
        import seaborn as sns
        import matplotlib.pyplot as plt
        from sklearn.model_selection import train_test_split
        from sklearn.tree import DecisionTreeRegressor
        df = pd.read_csv("housing.csv")
        # %%
        df.describe()
        # %%
        print("mean age", df["age"].mean(), "median", df["age"].median())
        m, s = df["price"].mean(), df["price"].std()
        print(f"price {m:.1f} +- {s:.1f}")
        # %%
        sns.heatmap(df.corr(), annot=True)
        plt.axvline(df["price"].mean(), color="red")
        plt.show()
        # %%
        z = (df["price"] - df["price"].mean()) / df["price"].std()
        plt.hist(z, bins=50)
        # %%
        X_train, X_test, y_train, y_test = train_test_split(df.drop("price", axis=1), df["price"], random_state=0)
        t = DecisionTreeRegressor(max_depth=4).fit(X_train, y_train)
        print(t.score(X_test, y_test))
    """,
    ),
    Clean(
        "a scaled copy and PCA for a picture",
        """
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.decomposition import PCA
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        df = pd.read_csv("wine.csv")
        X, y = df.drop(columns="quality"), df["quality"]
        # %%
        X_scaled = StandardScaler().fit_transform(X)
        coords = PCA(n_components=2).fit_transform(X_scaled)
        plt.scatter(coords[:, 0], coords[:, 1], c=y)
        plt.show()
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
        rf = RandomForestClassifier().fit(X_train, y_train)
        print(rf.score(X_test, y_test))
    """,
    ),
    Clean(
        "clusters of a scaled copy are only counted",
        """
        import pandas as pd
        from sklearn.cluster import KMeans
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LinearRegression
        df = pd.read_csv("customers.csv")
        num = df.select_dtypes(include="number").dropna()
        scaled = pd.DataFrame(MinMaxScaler().fit_transform(num), columns=num.columns)
        km = KMeans(n_clusters=4, random_state=0).fit(scaled)
        print(pd.Series(km.labels_).value_counts())
        # %%
        X = df[["age", "income"]]
        y = df["spend"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
        print(LinearRegression().fit(X_train, y_train).score(X_test, y_test))
    """,
    ),
    Clean(
        "a copy for exploration is filled and scaled",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.linear_model import LogisticRegression
        df = pd.read_csv("loans.csv")
        # %%
        df_eda = df.copy()
        df_eda["income"] = df_eda["income"].fillna(df_eda["income"].median())
        df_eda["income_z"] = StandardScaler().fit_transform(df_eda[["income"]])
        df_eda.groupby("default")["income_z"].mean()
        # %%
        X_train, X_test, y_train, y_test = train_test_split(
            df[["income", "age"]], df["default"], test_size=0.2, stratify=df["default"], random_state=0)
        model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())
        model.fit(X_train, y_train)
        print(model.score(X_test, y_test))
    """,
    ),
    Clean(
        "the same names for another data set later",
        """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.cluster import KMeans
        from sklearn.model_selection import train_test_split
        from sklearn.neighbors import KNeighborsClassifier
        df = pd.read_csv("mall.csv")
        X = df[["income", "score"]]
        scaler = StandardScaler()
        X = scaler.fit_transform(X)
        labels = KMeans(5).fit_predict(X)
        # %%
        df = pd.read_csv("iris.csv")
        X = df.drop("species", axis=1)
        y = df["species"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
        scaler = StandardScaler()
        X_train = scaler.fit_transform(X_train)
        X_test = scaler.transform(X_test)
        knn = KNeighborsClassifier().fit(X_train, y_train)
        print(knn.score(X_test, y_test))
    """,
    ),
    Clean(
        "the same scaler is fitted anew on another data set",
        """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import train_test_split
        from sklearn.svm import SVR
        mm = MinMaxScaler()
        prices = pd.read_csv("prices.csv")
        prices_scaled = mm.fit_transform(prices[["close"]])
        pd.DataFrame(prices_scaled).plot()
        # %%
        cars = pd.read_csv("cars.csv")
        tr, te = train_test_split(cars, test_size=0.2, random_state=0)
        A = mm.fit_transform(tr[["hp", "weight"]])
        B = mm.transform(te[["hp", "weight"]])
        print(SVR().fit(A, tr["mpg"]).score(B, te["mpg"]))
    """,
    ),
    Clean(
        "fitted again on all rows after it was measured",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import Ridge
        from sklearn.metrics import r2_score
        import joblib
        df = pd.read_csv("energy.csv")
        X, y = df.drop("load", axis=1), df["load"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
        scaler = StandardScaler().fit(X_train)
        model = Ridge().fit(scaler.transform(X_train), y_train)
        print(r2_score(y_test, model.predict(scaler.transform(X_test))))
        # %%
        final_scaler = StandardScaler().fit(X)
        final_model = Ridge().fit(final_scaler.transform(X), y)
        joblib.dump((final_scaler, final_model), "model.joblib")
    """,
    ),
    Clean(
        "the same objects fitted again on all rows at the end",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.pipeline import Pipeline
        from sklearn.svm import SVC
        df = pd.read_csv("cells.csv")
        X, y = df.iloc[:, 1:], df.iloc[:, 0]
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
        pipe = Pipeline([("s", StandardScaler()), ("m", SVC())])
        pipe.fit(X_train, y_train)
        print(pipe.score(X_test, y_test))
        # %%
        # retrain on everything before shipping
        pipe.fit(X, y)
        new = pd.DataFrame({"a": [1.0], "b": [2.0]})
        print(pipe.predict(new))
    """,
    ),
    Clean(
        "an encoder of the target",
        """
        import pandas as pd
        from sklearn.preprocessing import LabelEncoder, StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.neural_network import MLPClassifier
        df = pd.read_csv("iris.csv")
        le = LabelEncoder()
        y = le.fit_transform(df["species"])
        X = df.drop("species", axis=1)
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
        sc = StandardScaler().fit(X_train)
        clf = MLPClassifier(max_iter=500).fit(sc.transform(X_train), y_train)
        print(clf.score(sc.transform(X_test), y_test))
        print(le.inverse_transform(clf.predict(sc.transform(X_test))[:5]))
    """,
    ),
    Clean(
        "constants, dates and dropped rows before the split",
        """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestRegressor
        df = pd.read_csv("rides.csv", parse_dates=["pickup"])
        df = df.drop_duplicates()
        df = df.dropna(subset=["fare"])
        df = df[(df["fare"] > 0) & (df["fare"] < 500)]
        df["tip"] = df["tip"].fillna(0)
        df["vendor"] = df["vendor"].fillna("missing")
        df["hour"] = df["pickup"].dt.hour
        df["weekday"] = pd.to_datetime(df["pickup"]).dt.dayofweek
        df["log_km"] = np.log1p(df["km"])
        df["speed"] = df["km"] / df["minutes"].clip(lower=1)
        df["is_night"] = df["hour"].between(0, 5).astype(int)
        # %%
        X = df[["hour", "weekday", "log_km", "speed", "is_night", "tip"]]
        y = df["fare"]
        X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.2, random_state=0)
        print(RandomForestRegressor().fit(X_tr, y_tr).score(X_te, y_te))
    """,
    ),
    Clean(
        "one-hot by get_dummies",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.tree import DecisionTreeClassifier
        df = pd.read_csv("mushrooms.csv")
        X = pd.get_dummies(df.drop("class", axis=1), drop_first=True)
        y = df["class"].map({"p": 1, "e": 0})
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
        print(DecisionTreeClassifier().fit(X_train, y_train).score(X_test, y_test))
    """,
    ),
    Clean(
        "separate files, statistics from train.csv",
        """
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        train = pd.read_csv("../input/train.csv")
        test = pd.read_csv("../input/test.csv")
        # %%
        tr, va = train_test_split(train, test_size=0.2, random_state=0)
        fare = tr["Fare"].median()
        for d in [tr, va, test]:
            d["Fare"] = d["Fare"].fillna(fare)
            d["Sex"] = d["Sex"].map({"male": 0, "female": 1})
        f = ["Fare", "Sex", "Pclass"]
        rf = RandomForestClassifier(n_estimators=200).fit(tr[f], tr["Survived"])
        print(rf.score(va[f], va["Survived"]))
        # %%
        sub = pd.DataFrame({"PassengerId": test["PassengerId"], "Survived": rf.predict(test[f])})
        sub.to_csv("submission.csv", index=False)
    """,
    ),
    Clean(
        "train.csv teaches, test.csv is measured",
        """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import accuracy_score
        df_train = pd.read_csv("data/train.csv")
        df_test = pd.read_csv("data/test.csv")
        df_train["bmi"].fillna(df_train["bmi"].mean(), inplace=True)
        df_test["bmi"].fillna(df_train["bmi"].mean(), inplace=True)
        ss = StandardScaler()
        X_train = ss.fit_transform(df_train.drop("stroke", axis=1))
        X_test = ss.transform(df_test.drop("stroke", axis=1))
        clf = LogisticRegression().fit(X_train, df_train["stroke"])
        print(accuracy_score(df_test["stroke"], clf.predict(X_test)))
    """,
    ),
    Clean(
        "training, validation and test rows",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import RobustScaler
        from sklearn.linear_model import Lasso
        from sklearn.metrics import mean_absolute_error
        df = pd.read_csv("bikes.csv")
        X, y = df.drop("cnt", axis=1), df["cnt"]
        X_temp, X_test, y_temp, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
        X_train, X_val, y_train, y_val = train_test_split(X_temp, y_temp, test_size=0.25, random_state=0)
        rs = RobustScaler().fit(X_train)
        # %%
        best, best_alpha = None, None
        for alpha in [0.01, 0.1, 1, 10]:
            m = Lasso(alpha=alpha).fit(rs.transform(X_train), y_train)
            mae = mean_absolute_error(y_val, m.predict(rs.transform(X_val)))
            if best is None or mae < best:
                best, best_alpha = mae, alpha
        # %%
        final = Lasso(alpha=best_alpha).fit(rs.transform(X_train), y_train)
        print(mean_absolute_error(y_test, final.predict(rs.transform(X_test))))
    """,
    ),
    Clean(
        "the rest is parted into validation and test rows",
        """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.impute import KNNImputer
        from xgboost import XGBClassifier
        data = pd.read_csv("diabetes.csv")
        X_train, X_rest, y_train, y_rest = train_test_split(
            data.drop(columns=["Outcome"]), data["Outcome"], train_size=0.6, random_state=5)
        X_valid, X_test, y_valid, y_test = train_test_split(X_rest, y_rest, test_size=0.5, random_state=5)
        imp = KNNImputer()
        X_train = imp.fit_transform(X_train)
        X_valid, X_test = imp.transform(X_valid), imp.transform(X_test)
        xgb = XGBClassifier(early_stopping_rounds=10)
        xgb.fit(X_train, y_train, eval_set=[(X_valid, y_valid)], verbose=False)
        print(xgb.score(X_test, y_test))
    """,
    ),
    Clean(
        "bootstrap interval of the test predictions",
        """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.utils import resample
        df = pd.read_csv("sepsis.csv")
        X_tr, X_te, y_tr, y_te = train_test_split(df.drop("died", axis=1), df["died"], stratify=df["died"])
        p = LogisticRegression().fit(X_tr, y_tr).predict_proba(X_te)[:, 1]
        # %%
        aucs = []
        for i in range(1000):
            yb, pb = resample(y_te, p, random_state=i)
            if yb.nunique() < 2:
                continue
            aucs.append(roc_auc_score(yb, pb))
        print(np.percentile(aucs, [2.5, 97.5]))
    """,
    ),
    Clean(
        "learning curve and permutation importance",
        """
        import numpy as np
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.inspection import permutation_importance
        from sklearn.model_selection import learning_curve, train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import SVC
        df = pd.read_csv("breast.csv")
        X, y = df.drop("diagnosis", axis=1), df["diagnosis"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
        model = make_pipeline(StandardScaler(), SVC())
        sizes, tr, va = learning_curve(model, X_train, y_train, cv=5, train_sizes=np.linspace(0.1, 1, 5))
        plt.plot(sizes, tr.mean(axis=1), sizes, va.mean(axis=1))
        # %%
        model.fit(X_train, y_train)
        print(model.score(X_test, y_test))
        r = permutation_importance(model, X_test, y_test, n_repeats=10, random_state=0)
        pd.Series(r.importances_mean, index=X.columns).sort_values().plot.barh()
    """,
    ),
    Clean(
        "SHAP values of test rows",
        """
        import pandas as pd
        import shap
        import xgboost as xgb
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_squared_error
        X, y = shap.datasets.california()
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
        m = xgb.XGBRegressor(n_estimators=100).fit(X_train, y_train)
        print(mean_squared_error(y_test, m.predict(X_test)) ** 0.5)
        ex = shap.TreeExplainer(m)
        sv = ex.shap_values(X_test)
        shap.summary_plot(sv, X_test)
    """,
    ),
    Clean(
        "threshold tuned on validation rows",
        """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score, classification_report
        df = pd.read_csv("bank.csv")
        X, y = df.drop("y", axis=1), df["y"]
        X_dev, X_test, y_dev, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1)
        X_train, X_val, y_train, y_val = train_test_split(X_dev, y_dev, test_size=0.2, stratify=y_dev, random_state=1)
        clf = LogisticRegression(class_weight="balanced").fit(X_train, y_train)
        # %%
        p_val = clf.predict_proba(X_val)[:, 1]
        ts = np.arange(0.05, 0.95, 0.05)
        f1s = [f1_score(y_val, p_val >= t) for t in ts]
        best_t = ts[np.argmax(f1s)]
        # %%
        print(classification_report(y_test, clf.predict_proba(X_test)[:, 1] >= best_t))
    """,
    ),
    Clean(
        "text vectorised on training rows",
        """
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import classification_report
        df = pd.read_csv("spam.csv", encoding="latin-1")[["v1", "v2"]]
        df.columns = ["label", "text"]
        df["text"] = df["text"].str.lower().str.replace("[^a-z ]", "", regex=True)
        df["n_words"] = df["text"].apply(lambda t: len(t.split()))
        X_train, X_test, y_train, y_test = train_test_split(df["text"], df["label"], random_state=0)
        vec = TfidfVectorizer(stop_words="english", min_df=2)
        A = vec.fit_transform(X_train)
        nb = MultinomialNB().fit(A, y_train)
        print(classification_report(y_test, nb.predict(vec.transform(X_test))))
    """,
    ),
    Clean(
        "the 20 newsgroups of the tutorial",
        """
        from sklearn.datasets import fetch_20newsgroups
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
        from sklearn.linear_model import SGDClassifier
        import numpy as np
        twenty_train = fetch_20newsgroups(subset='train', shuffle=True, random_state=42)
        count_vect = CountVectorizer()
        X_train_counts = count_vect.fit_transform(twenty_train.data)
        tfidf = TfidfTransformer()
        X_train_tfidf = tfidf.fit_transform(X_train_counts)
        clf = SGDClassifier().fit(X_train_tfidf, twenty_train.target)
        # %%
        twenty_test = fetch_20newsgroups(subset='test', shuffle=True, random_state=42)
        X_new = tfidf.transform(count_vect.transform(twenty_test.data))
        print(np.mean(clf.predict(X_new) == twenty_test.target))
    """,
    ),
    Clean(
        "baseline: the mean of the training rows",
        """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_absolute_error
        from sklearn.linear_model import LinearRegression
        df = pd.read_csv("ames.csv")
        X_train, X_test, y_train, y_test = train_test_split(df[["area", "rooms"]], df["price"], random_state=0)
        base = np.full(len(y_test), y_train.mean())
        print("baseline", mean_absolute_error(y_test, base))
        print("linear", mean_absolute_error(y_test, LinearRegression().fit(X_train, y_train).predict(X_test)))
        print("test mean, for scale", y_test.mean(), "share", mean_absolute_error(y_test, base) / y_test.mean())
    """,
    ),
    Clean(
        "hashed texts of both parts beside each other as a sparse matrix, parted again by the count of training rows",
        """
        import numpy as np
        import pandas as pd
        import lightgbm as lgb
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import HashingVectorizer
        from sklearn.metrics import mean_squared_error
        df = pd.read_csv('train.tsv', sep='\t')
        msk = np.random.rand(len(df)) < 0.8
        train, test = df[msk], df[~msk]
        # %%
        nrow_train = train.shape[0]
        merge = pd.concat([train, test.drop('price', axis=1)])
        X_text = HashingVectorizer().transform(merge['text'])
        sparse_merge = hstack((merge[['shipping']].values, X_text)).tocsr()
        X = sparse_merge[:nrow_train]
        X_test = sparse_merge[nrow_train:]
        # %%
        gbm = lgb.train({}, train_set=lgb.Dataset(X, label=np.log1p(train['price'])))
        print(mean_squared_error(np.log1p(test['price']), gbm.predict(X_test)) ** 0.5)
    """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_said_to_leak(case: Clean) -> None:
    assert alarms(case) == []
