"""Leaks through rarer idioms: star imports, other imputers, masks, choices by importance, texts joined before."""

from __future__ import annotations

import pytest

from tests.evidence.flow.leaking import Leak, told

CASES = [
    Leak("star imports", {"scale StandardScaler"}, """
        from pandas import *
        from sklearn.preprocessing import *
        from sklearn.model_selection import *
        from sklearn.linear_model import *
        df = read_csv('d.csv')
        X = StandardScaler().fit_transform(df.iloc[:, :-1])
        X_train, X_test, y_train, y_test = train_test_split(X, df.iloc[:, -1])
        LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("everything in one call", {"scale MinMaxScaler"}, """
        import pandas as pd, sklearn.preprocessing, sklearn.model_selection
        df = pd.read_csv('d.csv')
        Xtr, Xte, ytr, yte = sklearn.model_selection.train_test_split(
            sklearn.preprocessing.MinMaxScaler().fit_transform(df.drop(columns='y')), df['y'], random_state=0)
    """),
    Leak("pipeline of steps without names", {"scale StandardScaler", "decompose PCA"}, """
        import pandas as pd
        from sklearn.pipeline import make_pipeline
        from sklearn.decomposition import PCA
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import cross_val_score
        from sklearn.svm import SVC
        df = pd.read_csv('d.csv')
        Z = make_pipeline(StandardScaler(), PCA(2)).fit_transform(df.drop(columns='y'))
        cross_val_score(SVC(), Z, df['y'])
    """),
    Leak("columns min-maxed by a lambda", {"statistic min", "statistic max"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        num = ['a', 'b']
        df[num] = df[num].apply(lambda x: (x - x.min()) / (x.max() - x.min()))
        train, test = train_test_split(df)
    """),
    Leak("zscore applied to columns", {"scale zscore"}, """
        import pandas as pd
        from scipy.stats import zscore
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        X = df[['a', 'b']].apply(zscore)
        X_train, X_test, y_train, y_test = train_test_split(X, df['y'])
    """),
    Leak("methods instead of operators", {"statistic mean", "statistic std"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv').set_index('id')
        X = df.drop(columns=['y'])
        X = X.sub(X.mean()).div(X.std())
        X_train, X_test, y_train, y_test = train_test_split(X, df['y'])
    """),
    Leak("tensors standardised", {"statistic mean", "statistic std"}, """
        import pandas as pd
        import torch
        df = pd.read_csv('d.csv')
        X = torch.tensor(df[['a', 'b']].values).float()
        X = (X - X.mean(0)) / X.std(dim=0)
        n = int(0.8 * len(X))
        X_train, X_test = X[:n], X[n:]
    """),
    Leak("where and mask", {"fill mean", "fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        df['a'] = df['a'].where(df['a'].notna(), df['a'].mean())
        df['b'] = df['b'].mask(df['b'].isna(), df['b'].median())
        train, test = train_test_split(df)
    """),
    Leak("value= in place", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        df.fillna(value=df.mean(numeric_only=True), inplace=True)
        train, test = train_test_split(df)
    """),
    Leak("chained assignment", {"fill median"}, """
        import pandas as pd
        from sklearn.cross_validation import train_test_split
        df = pd.read_csv('d.csv')
        df['age'][df['age'].isnull()] = df['age'].median()
        train, test = train_test_split(df)
    """),
    Leak("numpy gaps by column", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        X = pd.read_csv('d.csv').values
        col_mean = np.nanmean(X, axis=0)
        inds = np.where(np.isnan(X))
        X[inds] = np.take(col_mean, inds[1])
        X_train, X_test = train_test_split(X)
    """),
    Leak("fancyimpute", {"fill KNN"}, """
        import pandas as pd
        from fancyimpute import KNN
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        filled = pd.DataFrame(KNN(k=5).fit_transform(df), columns=df.columns)
        train, test = train_test_split(filled)
    """),
    Leak("gaps drawn around the mean", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('titanic.csv')
        age_avg, age_std = df['Age'].mean(), df['Age'].std()
        count = df['Age'].isnull().sum()
        random_list = np.random.randint(age_avg - age_std, age_avg + age_std, size=count)
        df['Age'][np.isnan(df['Age'])] = random_list
        train, test = train_test_split(df)
    """),
    Leak("scalers in a dictionary", {"scale MinMaxScaler", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler, StandardScaler
        from sklearn.model_selection import cross_val_score
        from sklearn.svm import SVC
        df = pd.read_csv('d.csv')
        X, y = df.drop('y', axis=1), df.y
        for name, scaler in {'mm': MinMaxScaler(), 'std': StandardScaler()}.items():
            X_s = scaler.fit_transform(X)
            print(name, cross_val_score(SVC(), X_s, y, cv=5).mean())
    """),
    Leak("a flag says which rows are for training", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        df = pd.read_csv('d.csv')
        df['a'] = StandardScaler().fit_transform(df[['a']])
        df_train, df_test = df[df.is_train], df[~df.is_train]
    """),
    Leak("calls inside calls", {"fill mean", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        load = lambda: pd.read_csv('d.csv')
        clean = lambda d: d.fillna(d.mean())
        def scaled(d, target='y'):
            x = d.drop(columns=target)
            return StandardScaler().fit_transform(x), d[target]
        X_train, X_test, y_train, y_test = train_test_split(*scaled(clean(load())), test_size=.2)
    """),
    Leak("the table is global", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = None

        def load():
            global df
            df = pd.read_csv('d.csv')

        def clean():
            global df
            df = df.fillna(df.median())

        load()
        clean()
        train, test = train_test_split(df)
    """),
    Leak("a static method and a fitted attribute", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split

        class Pipeline:
            scaler = StandardScaler()

            @staticmethod
            def read(path):
                return pd.read_csv(path)

            def run(self, path):
                data = self.read(path)
                values = self.scaler.fit_transform(data.drop('y', axis=1))
                return train_test_split(values, data['y'])

        X_train, X_test, y_train, y_test = Pipeline().run('d.csv')
    """),
    Leak("target means as a dictionary", {"statistic group mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        for c in ['city', 'brand']:
            enc = df.groupby(c)['price'].mean().to_dict()
            df[c] = df[c].map(enc)
        train, test = train_test_split(df)
    """),
    Leak("target means with an attribute column", {"statistic group median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        df['local'] = df['region'].map(df.groupby('region').price.median())
        X_train, X_test, y_train, y_test = train_test_split(df[['local']], df.price)
    """),
    Leak("columns by importance of a forest", {"select RandomForestClassifier"}, """
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        X, y = df.drop('y', axis=1), df['y']
        rf = RandomForestClassifier().fit(X, y)
        imp = pd.Series(rf.feature_importances_, index=X.columns)
        top = imp.nlargest(10).index
        X_train, X_test, y_train, y_test = train_test_split(X[top], y)
    """),
    Leak("columns by mutual information", {"select mutual_info_classif"}, """
        import pandas as pd
        from sklearn.feature_selection import mutual_info_classif
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        X, y = df.drop('y', axis=1), df['y']
        mi = pd.Series(mutual_info_classif(X, y), index=X.columns).sort_values(ascending=False)
        best = mi.index[:8]
        X_train, X_test, y_train, y_test = train_test_split(X[best], y)
    """),
    Leak("columns zipped with the support", {"select RFECV"}, """
        import pandas as pd
        from sklearn.feature_selection import RFECV
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        X, y = df.drop('y', axis=1), df['y']
        rfecv = RFECV(RandomForestClassifier(), step=1, cv=5)
        rfecv.fit(X, y)
        keep = [c for c, s in zip(X.columns, rfecv.support_) if s]
        X_train, X_test, y_train, y_test = train_test_split(X[keep], y)
    """),
    Leak("scaler fitted on train and test joined again", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import Ridge
        df = pd.read_csv('d.csv')
        X_train, X_test, y_train, y_test = train_test_split(df.drop('y', axis=1), df['y'])
        sc = StandardScaler().fit(pd.concat([X_train, X_test]))
        X_train, X_test = sc.transform(X_train), sc.transform(X_test)
        Ridge().fit(X_train, y_train)
    """),
    Leak("vectoriser fitted on lists of both parts", {"vectorize TfidfVectorizer"}, """
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import log_loss
        from sklearn.model_selection import train_test_split
        train = pd.read_csv('../input/train.csv')
        xtrain, xvalid, ytrain, yvalid = train_test_split(train.text.values, train.author, stratify=train.author)
        tfv = TfidfVectorizer(min_df=3)
        tfv.fit(list(xtrain) + list(xvalid))
        xtrain_tfv = tfv.transform(xtrain)
        xvalid_tfv = tfv.transform(xvalid)
        clf = LogisticRegression(C=1.0)
        clf.fit(xtrain_tfv, ytrain)
        predictions = clf.predict_proba(xvalid_tfv)
        print("logloss: %0.3f " % log_loss(yvalid, predictions))
    """),
    Leak("vectoriser fitted on all text of both files", {"vectorize TfidfVectorizer"}, """
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import cross_val_score
        train = pd.read_csv('../input/train.csv').fillna(' ')
        test = pd.read_csv('../input/test.csv').fillna(' ')
        all_text = pd.concat([train['comment_text'], test['comment_text']])
        word_vectorizer = TfidfVectorizer(sublinear_tf=True, max_features=10000)
        word_vectorizer.fit(all_text)
        train_features = word_vectorizer.transform(train['comment_text'])
        for class_name in ['toxic', 'insult']:
            classifier = LogisticRegression(C=0.1, solver='sag')
            cv_score = cross_val_score(classifier, train_features, train[class_name], cv=3, scoring='roc_auc').mean()
    """),
    Leak("a layer that normalises, adapted to all rows", {"scale Normalization"}, """
        import pandas as pd
        import tensorflow as tf
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        norm = tf.keras.layers.Normalization()
        X = df.drop(columns='y').to_numpy()
        norm.adapt(X)
        X = norm(X)
        X_train, X_test, y_train, y_test = train_test_split(X.numpy(), df['y'])
    """),
    Leak("oversampling in a function", {"resample sample"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split

        def balance(df, target):
            counts = df[target].value_counts()
            big = df[df[target] == counts.index[0]]
            small = df[df[target] == counts.index[1]]
            small = small.sample(n=len(big), replace=True, random_state=1)
            return pd.concat([big, small]).sample(frac=1)

        df = balance(pd.read_csv('d.csv'), 'y')
        X_train, X_test, y_train, y_test = train_test_split(df.drop(columns='y'), df['y'])
    """),
    Leak("oversampling group by group", {"resample sample"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        n = df['y'].value_counts().max()
        df = df.groupby('y').apply(lambda g: g.sample(n, replace=True)).reset_index(drop=True)
        train, test = train_test_split(df)
    """),
    Leak("resampling both ways in a pipeline", {"resample SMOTE"}, """
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from imblearn.pipeline import Pipeline
        from imblearn.under_sampling import RandomUnderSampler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        steps = [('o', SMOTE(sampling_strategy=0.1)), ('u', RandomUnderSampler(sampling_strategy=0.5))]
        X, y = Pipeline(steps=steps).fit_resample(df.drop('y', axis=1), df['y'])
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("the minority joined three times", {"resample repeat"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        small = df[df.y == 1]
        df = pd.concat([df, small, small, small])
        train, test = train_test_split(df)
    """),
    Leak("H2O", {"fill mean"}, """
        import h2o
        import pandas as pd
        from h2o.automl import H2OAutoML
        pdf = pd.read_csv('d.csv')
        pdf['a'] = pdf['a'].fillna(pdf['a'].mean())
        hf = h2o.H2OFrame(pdf)
        train, test = hf.split_frame(ratios=[.8], seed=1)
    """),
    Leak("a fold loop that takes rows with loc", {"decompose TruncatedSVD", "vectorize TfidfVectorizer"}, """
        import pandas as pd
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score
        from sklearn import model_selection
        df = pd.read_csv('d.csv')
        svd = pd.DataFrame(TruncatedSVD(50).fit_transform(TfidfVectorizer().fit_transform(df.text)))
        df = pd.concat([df, svd], axis=1)
        df['kfold'] = -1
        kf = model_selection.StratifiedKFold(n_splits=5)
        for f, (t_, v_) in enumerate(kf.split(X=df, y=df.y.values)):
            df.loc[v_, 'kfold'] = f
        for fold in range(5):
            df_train = df[df.kfold != fold].reset_index(drop=True)
            df_valid = df[df.kfold == fold].reset_index(drop=True)
            m = LogisticRegression().fit(df_train[svd.columns], df_train.y)
            print(f1_score(df_valid.y, m.predict(df_valid[svd.columns])))
    """),
    Leak("Spark columns filled by a collected mean", {"fill mean"}, """
        from pyspark.sql import functions as F
        df = spark.read.csv('d.csv', header=True, inferSchema=True)
        mean_age = df.select(F.mean('age')).collect()[0][0]
        df = df.na.fill({'age': mean_age})
        train, test = df.randomSplit([0.8, 0.2], 1)
    """),
    Leak("series scaled, windows by comprehension", {"scale StandardScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        df = pd.read_csv('d.csv', parse_dates=['t'], index_col='t')
        v = StandardScaler().fit_transform(df[['kw']])
        W = 24
        X = np.array([v[i:i + W] for i in range(len(v) - W)])
        y = np.array([v[i + W] for i in range(len(v) - W)])
        cut = int(.8 * len(X))
        X_train, y_train, X_test, y_test = X[:cut], y[:cut], X[cut:], y[cut:]
    """),
    Leak("filled in place in a loop over all columns", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('d.csv')
        for c in df.columns:
            df[c].fillna(df[c].mean(), inplace=True)
        X_train, X_test, y_train, y_test = train_test_split(df.drop('y', axis=1), df['y'])
    """),
    Leak("filled in place in a loop over columns of one type, in a function", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        def tidy(frame):
            for name in frame.select_dtypes('number').columns:
                frame[name].fillna(frame[name].median(), inplace=True)
            return frame
        data = tidy(pd.read_csv('d.csv'))
        X_train, X_test, y_train, y_test = train_test_split(data.drop('y', axis=1), data['y'])
    """),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_leaks_is_named(case: Leak) -> None:
    assert told(case) == case.found
