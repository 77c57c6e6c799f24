"""Leaks past splits made by hand, by folds and by files, and through resampling before the split."""

from __future__ import annotations

import pytest

from nbalign.evidence.flow.model_events import Transform
from tests.evidence.flow.leaking import Leak, leaks_of, told, trace_of

CASES = [
    Leak("boolean mask of random numbers", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        from sklearn import linear_model
        from sklearn.metrics import r2_score
        df = pd.read_csv("FuelConsumption.csv")
        cdf = df[['ENGINESIZE', 'CYLINDERS', 'CO2EMISSIONS']]
        cdf = cdf.fillna(cdf.mean())
        msk = np.random.rand(len(df)) < 0.8
        train = cdf[msk]
        test = cdf[~msk]
        regr = linear_model.LinearRegression()
        regr.fit(np.asanyarray(train[['ENGINESIZE']]), np.asanyarray(train[['CO2EMISSIONS']]))
        test_y_ = regr.predict(np.asanyarray(test[['ENGINESIZE']]))
        print("R2-score: %.2f" % r2_score(np.asanyarray(test[['CO2EMISSIONS']]), test_y_))
    """),
    Leak("sample and drop its index", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from tensorflow import keras
        from tensorflow.keras import layers
        dataset = pd.read_csv('auto-mpg.csv').dropna()
        cols = ['Weight', 'Horsepower']
        dataset[cols] = StandardScaler().fit_transform(dataset[cols])
        train_dataset = dataset.sample(frac=0.8, random_state=0)
        test_dataset = dataset.drop(train_dataset.index)
        train_labels = train_dataset.pop('MPG')
        test_labels = test_dataset.pop('MPG')
        model = keras.Sequential([layers.Dense(64, activation='relu'), layers.Dense(1)])
        model.compile(loss='mse', optimizer='adam', metrics=['mae'])
        model.fit(train_dataset, train_labels, epochs=100, validation_split=0.2)
        model.evaluate(test_dataset, test_labels)
    """),
    Leak("normalised by describe of all rows", {"statistic describe"}, """
        import pandas as pd
        raw = pd.read_csv('auto-mpg.csv')
        stats = raw.describe().transpose()
        normed = (raw - stats['mean']) / stats['std']
        train_dataset = normed.sample(frac=0.8, random_state=0)
        test_dataset = normed.drop(train_dataset.index)
    """),
    Leak("iloc with a share of the length", {"scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.ensemble import RandomForestRegressor
        df = pd.read_csv('bike.csv')
        df[['temp', 'hum']] = MinMaxScaler().fit_transform(df[['temp', 'hum']])
        split = int(len(df) * 0.8)
        train, test = df.iloc[:split], df.iloc[split:]
        rf = RandomForestRegressor().fit(train[['temp', 'hum']], train['cnt'])
        print(rf.score(test[['temp', 'hum']], test['cnt']))
    """),
    Leak("permuted indices", {"scale scale"}, """
        import numpy as np
        from sklearn.datasets import load_iris
        from sklearn.preprocessing import scale
        from sklearn.neighbors import KNeighborsClassifier
        iris = load_iris()
        X, y = scale(iris.data), iris.target
        np.random.seed(0)
        indices = np.random.permutation(len(X))
        X_train, y_train = X[indices[:-30]], y[indices[:-30]]
        X_test, y_test = X[indices[-30:]], y[indices[-30:]]
        knn = KNeighborsClassifier().fit(X_train, y_train)
        knn.score(X_test, y_test)
    """),
    Leak("shuffled by sample(frac=1), then cut", {"fill mean"}, """
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        df = pd.read_csv('student.csv')
        df = df.fillna(df.mean())
        df = df.sample(frac=1).reset_index(drop=True)
        n = int(0.7 * df.shape[0])
        train_set = df[:n]
        test_set = df[n:]
        lm = LinearRegression().fit(train_set[['G1', 'G2']], train_set['G3'])
        lm.score(test_set[['G1', 'G2']], test_set['G3'])
    """),
    Leak("split by a date", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        df = pd.read_csv('energy.csv', parse_dates=['date'])
        feats = ['temp', 'load_lag']
        df[feats] = StandardScaler().fit_transform(df[feats])
        train = df[df['date'] < '2019-01-01']
        test = df[df['date'] >= '2019-01-01']
        from sklearn.linear_model import Ridge
        r = Ridge().fit(train[feats], train['load'])
        print(r.score(test[feats], test['load']))
    """),
    Leak("split by loc on a datetime index", {"statistic mean", "statistic std"}, """
        import pandas as pd
        import xgboost as xgb
        df = pd.read_csv('PJME_hourly.csv', index_col=[0], parse_dates=[0])
        df['PJME_MW'] = (df['PJME_MW'] - df['PJME_MW'].mean()) / df['PJME_MW'].std()
        split_date = '01-Jan-2015'
        pjme_train = df.loc[df.index <= split_date].copy()
        pjme_test = df.loc[df.index > split_date].copy()
        reg = xgb.XGBRegressor(n_estimators=1000)
        reg.fit(pjme_train[['hour']], pjme_train['PJME_MW'])
    """),
    Leak("np.split of the shuffled table", {"fill median"}, """
        import numpy as np
        import pandas as pd
        df = pd.read_csv('credit.csv')
        df = df.fillna(df.median())
        train, validate, test = np.split(df.sample(frac=1, random_state=42), [int(.6*len(df)), int(.8*len(df))])
        from sklearn.ensemble import RandomForestClassifier
        rf = RandomForestClassifier().fit(train.drop('y', axis=1), train['y'])
        rf.score(test.drop('y', axis=1), test['y'])
    """),
    Leak("three parts by two splits", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('x.csv')
        X = StandardScaler().fit_transform(df.drop('y', axis=1))
        X_temp, X_test, y_temp, y_test = train_test_split(X, df['y'], test_size=0.2)
        X_train, X_val, y_train, y_val = train_test_split(X_temp, y_temp, test_size=0.25)
    """),
    Leak("KFold loop over data scaled before", {"scale StandardScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import KFold
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import Lasso
        df = pd.read_csv('concrete.csv')
        X = StandardScaler().fit_transform(df.drop('strength', axis=1).values)
        y = df['strength'].values
        kf = KFold(n_splits=5, shuffle=True, random_state=1)
        scores = []
        for train_index, test_index in kf.split(X):
            X_train, X_test = X[train_index], X[test_index]
            y_train, y_test = y[train_index], y[test_index]
            model = Lasso(0.1).fit(X_train, y_train)
            scores.append(model.score(X_test, y_test))
        print(np.mean(scores))
    """),
    Leak("StratifiedKFold enumerated, out-of-fold predictions", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        import lightgbm as lgb
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import StratifiedKFold
        data = pd.read_csv('santander.csv')
        features = [c for c in data.columns if c not in ['ID_code', 'target']]
        data[features] = data[features].fillna(data[features].mean())
        target = data['target']
        folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=44000)
        oof = np.zeros(len(data))
        for fold_, (trn_idx, val_idx) in enumerate(folds.split(data.values, target.values)):
            trn_data = lgb.Dataset(data.iloc[trn_idx][features], label=target.iloc[trn_idx])
            val_data = lgb.Dataset(data.iloc[val_idx][features], label=target.iloc[val_idx])
            clf = lgb.train({'objective': 'binary'}, trn_data, 1000, valid_sets=[trn_data, val_data])
            oof[val_idx] = clf.predict(data.iloc[val_idx][features])
        print('CV score: {:<8.5f}'.format(roc_auc_score(target, oof)))
    """),
    Leak("StratifiedShuffleSplit of the chapter", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import StratifiedShuffleSplit
        housing = pd.read_csv('housing.csv')
        housing['total_bedrooms'] = housing['total_bedrooms'].fillna(housing['total_bedrooms'].median())
        housing['income_cat'] = pd.cut(housing['median_income'], bins=[0., 1.5, 3.0, 4.5, 6.])
        split = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=42)
        for train_index, test_index in split.split(housing, housing['income_cat']):
            strat_train_set = housing.loc[train_index]
            strat_test_set = housing.loc[test_index]
    """),
    Leak("TimeSeriesSplit after scaling", {"scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import TimeSeriesSplit, cross_val_score
        from sklearn.ensemble import RandomForestRegressor
        df = pd.read_csv('stock.csv')
        X = MinMaxScaler().fit_transform(df[['open', 'high', 'low', 'volume']])
        tscv = TimeSeriesSplit(n_splits=5)
        cross_val_score(RandomForestRegressor(), X, df['close'], cv=tscv)
    """),
    Leak("SMOTE before the split", {"resample SMOTE"}, """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        df = pd.read_csv('creditcard.csv')
        X = df.drop('Class', axis=1)
        y = df['Class']
        sm = SMOTE(random_state=2)
        X_res, y_res = sm.fit_resample(X, y)
        X_train, X_test, y_train, y_test = train_test_split(X_res, y_res, test_size=0.3, random_state=0)
        RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("SMOTE, the old name, then folds", {"resample SMOTE"}, """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from sklearn.model_selection import cross_val_score
        from sklearn.linear_model import LogisticRegression
        df = pd.read_csv('stroke.csv')
        X_sm, y_sm = SMOTE(ratio='minority').fit_sample(df.drop('stroke', axis=1), df['stroke'].ravel())
        cross_val_score(LogisticRegression(), X_sm, y_sm, cv=10, scoring='f1')
    """),
    Leak("ADASYN", {"resample ADASYN"}, """
        import pandas as pd
        from imblearn.over_sampling import ADASYN
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('bankrupt.csv')
        X, y = ADASYN().fit_resample(df.drop(columns=['Bankrupt?']), df['Bankrupt?'])
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("RandomOverSampler", {"resample RandomOverSampler"}, """
        import pandas as pd
        from imblearn.over_sampling import RandomOverSampler
        from sklearn.model_selection import train_test_split
        data = pd.read_csv('hr.csv')
        ros = RandomOverSampler(random_state=0)
        X_resampled, y_resampled = ros.fit_resample(data[['a', 'b']], data['left'])
        X_train, X_test, y_train, y_test = train_test_split(X_resampled, y_resampled, test_size=0.2)
    """),
    Leak("minority upsampled by resample and concat", {"resample resample"}, """
        import pandas as pd
        from sklearn.utils import resample
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('balance-scale.data', names=['balance', 'var1', 'var2'])
        df_majority = df[df.balance == 0]
        df_minority = df[df.balance == 1]
        df_minority_upsampled = resample(df_minority, replace=True, n_samples=576, random_state=123)
        df_upsampled = pd.concat([df_majority, df_minority_upsampled])
        y = df_upsampled.balance
        X = df_upsampled.drop('balance', axis=1)
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("minority sampled with replacement", {"resample sample"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('fraud.csv')
        count_0, count_1 = df.isFraud.value_counts()
        df_0 = df[df['isFraud'] == 0]
        df_1 = df[df['isFraud'] == 1]
        df_1_over = df_1.sample(count_0, replace=True)
        df_over = pd.concat([df_0, df_1_over], axis=0)
        X_train, X_test, y_train, y_test = train_test_split(df_over.drop('isFraud', axis=1), df_over['isFraud'])
    """),
    Leak("minority repeated by concat", {"resample repeat"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('claims.csv')
        minority = df[df['claim'] == 1]
        df_balanced = pd.concat([df] + [minority] * 9, ignore_index=True)
        train, test = train_test_split(df_balanced, test_size=0.2)
    """),
    Leak("minority appended over and over", {"resample repeat"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('claims.csv')
        fraud = df[df['fraud'] == 1]
        normal = df[df['fraud'] == 0]
        balanced = normal.append([fraud] * 20)
        X_train, X_test, y_train, y_test = train_test_split(balanced.drop('fraud', axis=1), balanced['fraud'])
    """),
    Leak("train and test joined, of which only train has labels", {"fill median", "fill mode"}, """
        import pandas as pd
        from sklearn.model_selection import cross_val_score
        from sklearn.linear_model import LassoCV
        train = pd.read_csv('../input/train.csv')
        test = pd.read_csv('../input/test.csv')
        ntrain = train.shape[0]
        y_train = train.SalePrice.values
        all_data = pd.concat((train, test)).reset_index(drop=True)
        all_data.drop(['SalePrice'], axis=1, inplace=True)
        all_data["LotFrontage"] = all_data.groupby("Neighborhood")["LotFrontage"].transform(
            lambda x: x.fillna(x.median()))
        all_data['MSZoning'] = all_data['MSZoning'].fillna(all_data['MSZoning'].mode()[0])
        all_data = pd.get_dummies(all_data)
        train = all_data[:ntrain]
        test = all_data[ntrain:]
        print(cross_val_score(LassoCV(), train, y_train, cv=5).mean())
    """),
    Leak("joined tables, dirty train part split again", {"fill median", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        train_df = pd.read_csv('train.csv')
        test_df = pd.read_csv('test.csv')
        full = train_df.append(test_df, ignore_index=True)
        full['Age'] = full['Age'].fillna(full['Age'].median())
        full[['Age', 'Fare']] = StandardScaler().fit_transform(full[['Age', 'Fare']])
        X = full[0:891]
        y = train_df.Survived
        X_train, X_valid, y_train, y_valid = train_test_split(X, y, train_size=.7)
        model = RandomForestClassifier(n_estimators=100).fit(X_train, y_train)
        print(model.score(X_train, y_train), model.score(X_valid, y_valid))
    """),
    Leak("train.csv filled with its own mean, then split", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        train = pd.read_csv('train.csv')
        test = pd.read_csv('test.csv')
        train['Age'] = train['Age'].fillna(train['Age'].mean())
        test['Age'] = test['Age'].fillna(test['Age'].mean())
        X = train[['Age', 'Pclass']]
        y = train['Survived']
        X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.22, random_state=0)
        rf = RandomForestClassifier().fit(X_train, y_train)
        print(rf.score(X_val, y_val))
        submission = pd.DataFrame({'PassengerId': test['PassengerId'], 'Survived': rf.predict(test[['Age', 'Pclass']])})
    """),
    Leak("loop over the train and test tables", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import cross_val_score
        from sklearn.svm import SVC
        train = pd.read_csv('../input/train.csv')
        test = pd.read_csv('../input/test.csv')
        full_data = [train, test]
        for dataset in full_data:
            dataset['Fare'] = dataset['Fare'].fillna(train['Fare'].median())
        scores = cross_val_score(SVC(), train[['Fare']], train['Survived'], cv=10)
    """),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_leaks_is_named(case: Leak) -> None:
    assert told(case) == case.found


def test_a_transformer_fitted_again_on_test_rows_is_seen_but_is_another_fault() -> None:
    source = """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.svm import SVC
        df = pd.read_csv('Social_Network_Ads.csv')
        X, y = df.iloc[:, [2, 3]].values, df.iloc[:, 4].values
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25)
        sc = StandardScaler()
        X_train = sc.fit_transform(X_train)
        X_test = sc.fit_transform(X_test)
        classifier = SVC().fit(X_train, y_train)
        from sklearn.metrics import accuracy_score
        accuracy_score(y_test, classifier.predict(X_test))
    """
    trace = trace_of(source)
    assert [trace.tree.role(t.fitted_on) for t in trace.of(Transform)] == ["train", "test"]
    assert leaks_of(source) == {}
