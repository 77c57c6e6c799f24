"""Leaks inside functions, classes, loops, chains and lambdas, as people write them."""

from __future__ import annotations

import pytest

from tests.evidence.flow.leaking import Leak, told

CASES = [
    Leak("preprocess(df) returns the table", {"fill median", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split

        def preprocess(df):
            df = df.copy()
            df['Age'] = df['Age'].fillna(df['Age'].median())
            df = pd.get_dummies(df, columns=['Sex'])
            scaler = StandardScaler()
            df[['Age', 'Fare']] = scaler.fit_transform(df[['Age', 'Fare']])
            return df
        # %%
        data = preprocess(pd.read_csv('titanic.csv'))
        y = data.pop('Survived')
        X_train, X_test, y_train, y_test = train_test_split(data, y, test_size=0.2)
    """),
    Leak("a function changes the table it is given", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split

        def fill_missing(data, cols):
            for col in cols:
                data[col].fillna(data[col].mean(), inplace=True)
        # %%
        df = pd.read_csv('train_u6lujuX_CVtuZ9i.csv')
        fill_missing(df, ['LoanAmount', 'Loan_Amount_Term'])
        X, y = df.drop('Loan_Status', axis=1), df['Loan_Status']
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("functions that call functions", {"fill mode", "scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import train_test_split

        def load_data(path):
            return pd.read_csv(path)

        def clean(df):
            def fill(col):
                return df[col].fillna(df[col].mode()[0])
            df['job'] = fill('job')
            return df

        def scale(df, cols):
            df[cols] = MinMaxScaler().fit_transform(df[cols])
            return df

        def get_data(path):
            df = clean(load_data(path))
            df = scale(df, ['age', 'balance'])
            X = df.drop('deposit', axis=1)
            y = df['deposit']
            return train_test_split(X, y, test_size=0.2, random_state=42)

        X_train, X_test, y_train, y_test = get_data('bank.csv')
    """),
    Leak("main() with everything in it", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression

        def main():
            df = pd.read_csv('pulsar.csv')
            X = df.values[:, :-1]
            y = df.values[:, -1]
            X = StandardScaler().fit_transform(X)
            X_train, X_test, y_train, y_test = train_test_split(X, y)
            clf = LogisticRegression().fit(X_train, y_train)
            print(clf.score(X_test, y_test))

        if __name__ == '__main__':
            main()
    """),
    Leak("a class that keeps its scaler", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split

        class Preprocessor:
            def __init__(self):
                self.scaler = StandardScaler()

            def fit(self, X):
                self.scaler.fit(X)
                return self

            def transform(self, X):
                return self.scaler.transform(X)

            def fit_transform(self, X):
                return self.fit(X).transform(X)
        # %%
        df = pd.read_csv('gas.csv')
        prep = Preprocessor()
        X = prep.fit_transform(df.drop(columns=['ppm']))
        X_train, X_test, y_train, y_test = train_test_split(X, df['ppm'], test_size=0.2)
    """),
    Leak("a class that holds the data", {"fill mean", "scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import train_test_split

        class Data(object):
            def __init__(self, path):
                self.df = pd.read_csv(path)
                self.prepare()
                self.split()

            def prepare(self):
                self.df.fillna(self.df.mean(), inplace=True)
                self.y = self.df['label']
                self.X = self.df.drop('label', axis=1)
                self.X = MinMaxScaler().fit_transform(self.X)

            def split(self):
                self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(self.X, self.y)

        data = Data('sensors.csv')
    """),
    Leak("a transformer of one's own", {"fill median"}, """
        import pandas as pd
        from sklearn.base import BaseEstimator, TransformerMixin
        from sklearn.model_selection import train_test_split

        class MedianFiller(BaseEstimator, TransformerMixin):
            def __init__(self, columns=None):
                self.columns = columns

            def fit(self, X, y=None):
                self.medians_ = X[self.columns].median()
                return self

            def transform(self, X):
                X = X.copy()
                X[self.columns] = X[self.columns].fillna(self.medians_)
                return X

        df = pd.read_csv('housing.csv')
        df = MedianFiller(['rooms', 'bedrooms']).fit_transform(df)
        X_train, X_test, y_train, y_test = train_test_split(df.drop('price', axis=1), df['price'])
    """),
    Leak("loop over names of columns", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('hepatitis.csv')
        num_cols = ['bilirubin', 'alk_phosphate', 'sgot']
        for c in num_cols:
            df[c] = df[c].fillna(df[c].mean())
        X_train, X_test, y_train, y_test = train_test_split(df.drop('class', axis=1), df['class'])
    """),
    Leak("loop over all columns, by their type", {"fill mode", "fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('ames.csv')
        for col in df.columns:
            if df[col].dtype == 'object':
                df[col] = df[col].fillna(df[col].mode()[0])
            else:
                df[col] = df[col].fillna(df[col].median())
        X = df.drop('SalePrice', axis=1)
        y = df.SalePrice
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
    """),
    Leak("loop with a scaler for each column", {"scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('players.csv')
        scalers = {}
        for col in df.select_dtypes('number').columns:
            scalers[col] = MinMaxScaler()
            df[col] = scalers[col].fit_transform(df[[col]])
        train, test = train_test_split(df, test_size=0.2)
    """),
    Leak("loop over two tables, each learned from both", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('flights.csv')
        means = {}
        for col in ['delay', 'distance']:
            means[col] = df[col].mean()
        train, test = train_test_split(df, test_size=0.3)
        for part in [train, test]:
            for col in ['delay', 'distance']:
                part[col] = part[col].fillna(means[col])
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import mean_squared_error
        m = LinearRegression().fit(train[['distance']], train['delay'])
        print(mean_squared_error(test['delay'], m.predict(test[['distance']])))
    """),
    Leak("dictionary comprehension of means", {"fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('soil.csv')
        cols = ['ph', 'n', 'p', 'k']
        df = df.fillna({c: df[c].mean() for c in cols})
        X_train, X_test, y_train, y_test = train_test_split(df[cols], df['crop'])
    """),
    Leak("dictionary of strategies", {"fill median", "fill mode"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('hr.csv')
        fill_values = {
            'age': df['age'].median(),
            'gender': df['gender'].mode()[0],
        }
        for column, value in fill_values.items():
            df[column] = df[column].fillna(value)
        X_train, X_test, y_train, y_test = train_test_split(df[['age', 'gender']], df['left'])
    """),
    Leak("apply over columns with a lambda", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('bank.csv')
        df = df.apply(lambda col: col.fillna(col.median()) if col.dtype != 'O' else col)
        X_train, X_test, y_train, y_test = train_test_split(df.drop('y', axis=1), df['y'])
    """),
    Leak("apply with a standardising lambda", {"statistic mean", "statistic std"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('cells.csv')
        normalize = lambda x: (x - x.mean()) / x.std()
        features = df.drop('diagnosis', axis=1).apply(normalize)
        X_train, X_test, y_train, y_test = train_test_split(features, df['diagnosis'])
    """),
    Leak("apply row by row with the mean from outside", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('titanic.csv')
        mean_age = df['Age'].mean()

        def impute_age(x):
            if pd.isnull(x):
                return mean_age
            return x

        df['Age'] = df['Age'].apply(impute_age)
        X_train, X_test, y_train, y_test = train_test_split(df[['Age', 'Fare']], df['Survived'])
    """),
    Leak("a chain of pipes", {"fill median", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split

        def impute(d, cols):
            return d.assign(**{c: d[c].fillna(d[c].median()) for c in cols})

        def standardise(d, cols):
            d = d.copy()
            d[cols] = StandardScaler().fit_transform(d[cols])
            return d

        df = (
            pd.read_csv('penguins.csv')
            .rename(columns=str.lower)
            .drop_duplicates()
            .pipe(impute, cols=['bill_length_mm', 'body_mass_g'])
            .pipe(standardise, ['bill_length_mm', 'body_mass_g'])
            .reset_index(drop=True)
        )
        X_train, X_test, y_train, y_test = train_test_split(df.drop(columns='species'), df['species'])
    """),
    Leak("assign with lambdas in a chain", {"statistic mean", "statistic std", "fill mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = (pd.read_csv('sales.csv')
                .assign(price=lambda d: d['price'].fillna(d['price'].mean()))
                .assign(z=lambda d: (d.qty - d.qty.mean()) / d.qty.std())
                .query('qty > 0'))
        train, test = train_test_split(df, random_state=0)
    """),
    Leak("numpy in between", {"scale StandardScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('ad.csv')
        a = StandardScaler().fit_transform(df[['age', 'salary']].to_numpy())
        b = df['gender'].map({'F': 0, 'M': 1}).to_numpy().reshape(-1, 1)
        X = np.c_[a, b]
        y = np.asarray(df['bought'])
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("np.concatenate and astype in between", {"scale MinMaxScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn import preprocessing
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('kdd.csv')
        num = preprocessing.MinMaxScaler().fit_transform(df[['dur', 'bytes']])
        cat = preprocessing.OneHotEncoder().fit_transform(df[['proto']]).toarray()
        X = np.concatenate((num, cat), axis=1).astype(np.float32)
        X_train, X_test, y_train, y_test = train_test_split(X, df['label'].values, test_size=0.25)
    """),
    Leak("scaled columns joined back to the table", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('telco.csv')
        num = df[['tenure', 'charges']]
        scaled = pd.DataFrame(StandardScaler().fit_transform(num), columns=num.columns, index=num.index)
        df = df.drop(columns=num.columns).join(scaled)
        X_train, X_test, y_train, y_test = train_test_split(df.drop('Churn', axis=1), df['Churn'])
    """),
    Leak("loop over models, data scaled before", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import KFold, cross_val_score
        from sklearn.linear_model import LogisticRegression
        from sklearn.tree import DecisionTreeClassifier
        df = pd.read_csv('pima.csv')
        X, y = df.values[:, 0:8], df.values[:, 8]
        X = StandardScaler().fit_transform(X)
        models = []
        models.append(('LR', LogisticRegression()))
        models.append(('CART', DecisionTreeClassifier()))
        results = []
        for name, model in models:
            kfold = KFold(n_splits=10, random_state=7, shuffle=True)
            cv_results = cross_val_score(model, X, y, cv=kfold, scoring='accuracy')
            results.append(cv_results)
            print('%s: %f (%f)' % (name, cv_results.mean(), cv_results.std()))
    """),
    Leak("branches", {"scale StandardScaler", "scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler, MinMaxScaler
        from sklearn.model_selection import train_test_split
        SCALER = input()
        df = pd.read_csv('a.csv')
        X = df.drop('y', axis=1)
        if SCALER == 'standard':
            X = StandardScaler().fit_transform(X)
        else:
            X = MinMaxScaler().fit_transform(X)
        X_train, X_test, y_train, y_test = train_test_split(X, df['y'])
    """),
    Leak("a model fills the gaps", {"fill RandomForestRegressor"}, """
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('titanic.csv')
        known = df[df['Age'].notnull()]
        unknown = df[df['Age'].isnull()]
        rfr = RandomForestRegressor(n_estimators=100).fit(known[['Pclass', 'Fare']], known['Age'])
        df.loc[df['Age'].isnull(), 'Age'] = rfr.predict(unknown[['Pclass', 'Fare']])
        X_train, X_test, y_train, y_test = train_test_split(df[['Age', 'Pclass', 'Fare']], df['Survived'])
    """),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_leaks_is_named(case: Leak) -> None:
    assert told(case) == case.found
