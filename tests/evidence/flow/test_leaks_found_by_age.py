"""Leaks in notebooks of every age, and in other libraries: Python 2, networks, boosting, Spark, series in windows."""

from __future__ import annotations

import pytest

from tests.evidence.flow.leaking import Leak, told

CASES = [
    Leak("2015: cross_validation, Imputer, print statements", {"fill Imputer", "scale StandardScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn.cross_validation import train_test_split
        from sklearn.preprocessing import Imputer, StandardScaler
        from sklearn.linear_model import LogisticRegression
        df = pd.read_csv('../data/titanic.csv')
        print df.shape
        # %%
        X = df.ix[:, ['Age', 'Fare']].as_matrix()
        y = df['Survived'].as_matrix()
        imp = Imputer(missing_values='NaN', strategy='mean', axis=0)
        X = imp.fit_transform(X)
        X = StandardScaler().fit_transform(X)
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
        lr = LogisticRegression()
        lr.fit(X_train, y_train)
        print "accuracy:", lr.score(X_test, y_test)
    """),
    Leak("2015: KFold over a number of rows", {"scale scale"}, """
        import numpy as np
        import pandas as pd
        from sklearn import cross_validation, preprocessing, svm
        df = pd.read_csv('stocks.csv')
        X = np.array(df.drop(['label'], 1))
        X = preprocessing.scale(X)
        y = np.array(df['label'])
        X_train, X_test, y_train, y_test = cross_validation.train_test_split(X, y, test_size=0.2)
        clf = svm.SVR()
        clf.fit(X_train, y_train)
        confidence = clf.score(X_test, y_test)
        print(confidence)
    """),
    Leak("2015: folds of cross_validation.KFold(n)", {"fill median"}, """
        import pandas
        from sklearn.cross_validation import KFold
        from sklearn.linear_model import LinearRegression
        titanic = pandas.read_csv("titanic_train.csv")
        titanic["Age"] = titanic["Age"].fillna(titanic["Age"].median())
        titanic.loc[titanic["Sex"] == "male", "Sex"] = 0
        predictors = ["Pclass", "Sex", "Age"]
        alg = LinearRegression()
        kf = KFold(titanic.shape[0], n_folds=3, random_state=1)
        predictions = []
        for train, test in kf:
            train_predictors = (titanic[predictors].iloc[train, :])
            train_target = titanic["Survived"].iloc[train]
            alg.fit(train_predictors, train_target)
            test_predictions = alg.predict(titanic[predictors].iloc[test, :])
            predictions.append(test_predictions)
    """),
    Leak("2015: cross_validation.cross_val_score", {"fill median"}, """
        import pandas
        from sklearn import cross_validation
        from sklearn.ensemble import RandomForestClassifier
        titanic = pandas.read_csv("titanic.csv")
        titanic["Age"] = titanic["Age"].fillna(titanic["Age"].median())
        alg = RandomForestClassifier(random_state=1, n_estimators=10)
        kf = cross_validation.KFold(titanic.shape[0], n_folds=3, random_state=1)
        scores = cross_validation.cross_val_score(alg, titanic[["Pclass", "Age"]], titanic["Survived"], cv=kf)
        print(scores.mean())
    """),
    Leak("2016: patsy matrices, standardised", {"scale StandardScaler"}, """
        import pandas as pd
        from patsy import dmatrices
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        dta = pd.read_csv('affairs.csv')
        y, X = dmatrices('affair ~ age + children', dta, return_type="dataframe")
        X = StandardScaler().fit_transform(X)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    """),
    Leak("2017: the LSTM notebook on airline passengers", {"scale MinMaxScaler"}, """
        import numpy
        from pandas import read_csv
        import math
        from keras.models import Sequential
        from keras.layers import Dense, LSTM
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.metrics import mean_squared_error
        # %%
        def create_dataset(dataset, look_back=1):
            dataX, dataY = [], []
            for i in range(len(dataset)-look_back-1):
                a = dataset[i:(i+look_back), 0]
                dataX.append(a)
                dataY.append(dataset[i + look_back, 0])
            return numpy.array(dataX), numpy.array(dataY)
        # %%
        numpy.random.seed(7)
        dataframe = read_csv('airline-passengers.csv', usecols=[1], engine='python')
        dataset = dataframe.values
        dataset = dataset.astype('float32')
        scaler = MinMaxScaler(feature_range=(0, 1))
        dataset = scaler.fit_transform(dataset)
        # %%
        train_size = int(len(dataset) * 0.67)
        test_size = len(dataset) - train_size
        train, test = dataset[0:train_size,:], dataset[train_size:len(dataset),:]
        look_back = 1
        trainX, trainY = create_dataset(train, look_back)
        testX, testY = create_dataset(test, look_back)
        trainX = numpy.reshape(trainX, (trainX.shape[0], 1, trainX.shape[1]))
        testX = numpy.reshape(testX, (testX.shape[0], 1, testX.shape[1]))
        # %%
        model = Sequential()
        model.add(LSTM(4, input_shape=(1, look_back)))
        model.add(Dense(1))
        model.compile(loss='mean_squared_error', optimizer='adam')
        model.fit(trainX, trainY, epochs=100, batch_size=1, verbose=2)
        trainPredict = scaler.inverse_transform(model.predict(trainX))
        testPredict = scaler.inverse_transform(model.predict(testX))
        trainY = scaler.inverse_transform([trainY])
        testY = scaler.inverse_transform([testY])
        testScore = math.sqrt(mean_squared_error(testY[0], testPredict[:,0]))
    """),
    Leak("2018: stock prices in windows of sixty days", {"scale MinMaxScaler"}, """
        import math
        import numpy as np
        import pandas_datareader as web
        from sklearn.preprocessing import MinMaxScaler
        from keras.models import Sequential
        from keras.layers import Dense, LSTM
        df = web.DataReader('AAPL', data_source='yahoo', start='2012-01-01', end='2019-12-17')
        data = df.filter(['Close'])
        dataset = data.values
        training_data_len = math.ceil(len(dataset) * .8)
        scaler = MinMaxScaler(feature_range=(0, 1))
        scaled_data = scaler.fit_transform(dataset)
        # %%
        train_data = scaled_data[0:training_data_len, :]
        x_train = []
        y_train = []
        for i in range(60, len(train_data)):
            x_train.append(train_data[i-60:i, 0])
            y_train.append(train_data[i, 0])
        x_train, y_train = np.array(x_train), np.array(y_train)
        x_train = np.reshape(x_train, (x_train.shape[0], x_train.shape[1], 1))
        model = Sequential()
        model.add(LSTM(50, return_sequences=False, input_shape=(x_train.shape[1], 1)))
        model.add(Dense(1))
        model.compile(optimizer='adam', loss='mean_squared_error')
        model.fit(x_train, y_train, batch_size=1, epochs=1)
        # %%
        test_data = scaled_data[training_data_len - 60:, :]
        x_test = []
        y_test = dataset[training_data_len:, :]
        for i in range(60, len(test_data)):
            x_test.append(test_data[i-60:i, 0])
        x_test = np.array(x_test)
        predictions = model.predict(x_test)
        predictions = scaler.inverse_transform(predictions)
        rmse = np.sqrt(np.mean(((predictions - y_test)**2)))
    """),
    Leak("2019: lines of a file, shifted by their mean", {"statistic mean"}, """
        import numpy as np
        from keras.models import Sequential
        from keras.layers import LSTM, Dense
        def to_matrix(series, length):
            matrix = []
            for i in range(len(series) - length + 1):
                matrix.append(series[i:i + length])
            return matrix
        vector_vix = []
        with open('vix_2011_2019.csv') as f:
            next(f)
            for line in f:
                fields = line.split(',')
                vector_vix.append(float(fields[6]))
        matrix_vix = np.array(to_matrix(vector_vix, 20))
        shifted_value = matrix_vix.mean()
        matrix_vix -= shifted_value
        train_row = int(round(0.9 * matrix_vix.shape[0]))
        train_set = matrix_vix[:train_row, :]
        np.random.shuffle(train_set)
        X_train, y_train = train_set[:, :-1], train_set[:, -1]
        X_test, y_test = matrix_vix[train_row:, :-1], matrix_vix[train_row:, -1]
        model = Sequential([LSTM(50), Dense(1)])
        model.compile(loss='mse', optimizer='rmsprop')
        model.fit(X_train, y_train, epochs=50, validation_split=0.05)
        model.evaluate(X_test, y_test)
    """),
    Leak("2019: windows first, split afterwards", {"scale MinMaxScaler"}, """
        import numpy as np
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from tensorflow.keras.models import Sequential
        from tensorflow.keras.layers import LSTM, Dense
        df = pd.read_csv('pollution.csv', header=0, index_col=0)
        scaled = MinMaxScaler().fit_transform(df.values.astype('float32'))

        def make_sequences(data, steps):
            X, y = [], []
            for i in range(len(data) - steps):
                X.append(data[i:i + steps])
                y.append(data[i + steps, 0])
            return np.array(X), np.array(y)

        X, y = make_sequences(scaled, 24)
        n_train_hours = 365 * 24
        train_X, test_X = X[:n_train_hours], X[n_train_hours:]
        train_y, test_y = y[:n_train_hours], y[n_train_hours:]
        model = Sequential([LSTM(50), Dense(1)])
        model.compile(loss='mae', optimizer='adam')
        history = model.fit(train_X, train_y, epochs=50, validation_data=(test_X, test_y))
    """),
    Leak("2019: series_to_supervised", {"scale MinMaxScaler"}, """
        from pandas import DataFrame, concat, read_csv
        from sklearn.preprocessing import MinMaxScaler
        from keras.models import Sequential
        from keras.layers import LSTM, Dense

        def series_to_supervised(data, n_in=1, n_out=1, dropnan=True):
            n_vars = 1 if type(data) is list else data.shape[1]
            df = DataFrame(data)
            cols, names = list(), list()
            for i in range(n_in, 0, -1):
                cols.append(df.shift(i))
                names += [('var%d(t-%d)' % (j+1, i)) for j in range(n_vars)]
            for i in range(0, n_out):
                cols.append(df.shift(-i))
            agg = concat(cols, axis=1)
            if dropnan:
                agg.dropna(inplace=True)
            return agg

        dataset = read_csv('pollution.csv', header=0, index_col=0)
        values = dataset.values
        scaler = MinMaxScaler(feature_range=(0, 1))
        scaled = scaler.fit_transform(values)
        reframed = series_to_supervised(scaled, 1, 1)
        values = reframed.values
        n_train_hours = 365 * 24
        train = values[:n_train_hours, :]
        test = values[n_train_hours:, :]
        train_X, train_y = train[:, :-1], train[:, -1]
        test_X, test_y = test[:, :-1], test[:, -1]
        model = Sequential()
        model.add(LSTM(50))
        model.add(Dense(1))
        model.compile(loss='mae', optimizer='adam')
        model.fit(train_X, train_y, epochs=50, validation_data=(test_X, test_y), shuffle=False)
    """),
    Leak("2018: Keras tokenizer over all texts", {"vectorize Tokenizer"}, """
        import pandas as pd
        from keras.preprocessing.text import Tokenizer
        from keras.preprocessing.sequence import pad_sequences
        from keras.models import Sequential
        from sklearn.model_selection import train_test_split
        data = pd.read_csv('Sentiment.csv')
        data['text'] = data['text'].apply(lambda x: x.lower())
        tokenizer = Tokenizer(num_words=2000, split=' ')
        tokenizer.fit_on_texts(data['text'].values)
        X = tokenizer.texts_to_sequences(data['text'].values)
        X = pad_sequences(X)
        Y = pd.get_dummies(data['sentiment']).values
        X_train, X_test, Y_train, Y_test = train_test_split(X, Y, test_size=0.33, random_state=42)
        model = Sequential()
        model.fit(X_train, Y_train, epochs=7, batch_size=32)
    """),
    Leak("2020: a network in PyTorch", {"scale StandardScaler"}, """
        import pandas as pd
        import torch
        import torch.nn as nn
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('churn.csv')
        X = df.drop('Exited', axis=1).values
        y = df['Exited'].values
        X = StandardScaler().fit_transform(X)
        X = torch.tensor(X, dtype=torch.float32)
        y = torch.tensor(y, dtype=torch.float32).reshape(-1, 1)
        X_train, X_test, y_train, y_test = train_test_split(X, y, train_size=0.7, shuffle=True)
        # %%
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(10, 1)

            def forward(self, x):
                return torch.sigmoid(self.fc(x))

        model = Net()
        loss_fn = nn.BCELoss()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
        for epoch in range(100):
            y_pred = model(X_train)
            loss = loss_fn(y_pred, y_train)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            acc = (model(X_test).round() == y_test).float().mean()
    """),
    Leak("2021: a data set split by random_split", {"statistic mean", "statistic std"}, """
        import pandas as pd
        import torch
        from torch.utils.data import TensorDataset, DataLoader, random_split
        df = pd.read_csv('insurance.csv')
        inputs = df[['age', 'bmi', 'children']].to_numpy()
        inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
        targets = df['charges'].to_numpy()
        dataset = TensorDataset(torch.from_numpy(inputs), torch.from_numpy(targets))
        val_size = int(0.1 * len(dataset))
        train_ds, val_ds = random_split(dataset, [len(dataset) - val_size, val_size])
        train_loader = DataLoader(train_ds, 128, shuffle=True)
    """),
    Leak("2021: Keras with validation_split on scaled rows", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        import tensorflow as tf
        df = pd.read_csv('Churn_Modelling.csv')
        X = df.iloc[:, 3:-1].values
        y = df.iloc[:, -1].values
        sc = StandardScaler()
        X = sc.fit_transform(X)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
        ann = tf.keras.models.Sequential()
        ann.add(tf.keras.layers.Dense(units=6, activation='relu'))
        ann.add(tf.keras.layers.Dense(units=1, activation='sigmoid'))
        ann.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
        ann.fit(X_train, y_train, batch_size=32, epochs=100)
        ann.evaluate(X_test, y_test)
    """),
    Leak("xgboost's own matrices", {"fill mean"}, """
        import pandas as pd
        import xgboost as xgb
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_squared_error
        data = pd.read_csv('boston.csv')
        data = data.fillna(data.mean())
        X, y = data.iloc[:, :-1], data.iloc[:, -1]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=123)
        dtrain = xgb.DMatrix(X_train, label=y_train)
        dtest = xgb.DMatrix(X_test, label=y_test)
        bst = xgb.train({'objective': 'reg:squarederror'}, dtrain, 100, evals=[(dtest, 'eval')])
        preds = bst.predict(dtest)
        mean_squared_error(y_test, preds)
    """),
    Leak("xgb.cv on a matrix of filled rows", {"fill median"}, """
        import pandas as pd
        import xgboost as xgb
        data = pd.read_csv('boston.csv')
        data.fillna(data.median(), inplace=True)
        data_dmatrix = xgb.DMatrix(data=data.drop('medv', axis=1), label=data['medv'])
        cv_results = xgb.cv(dtrain=data_dmatrix, params={'max_depth': 5}, nfold=3, num_boost_round=50)
    """),
    Leak("Spark: scaler before randomSplit", {"scale StandardScaler"}, """
        from pyspark.sql import SparkSession
        from pyspark.ml.feature import VectorAssembler, StandardScaler
        from pyspark.ml.classification import LogisticRegression
        from pyspark.ml.evaluation import BinaryClassificationEvaluator
        spark = SparkSession.builder.appName('churn').getOrCreate()
        df = spark.read.csv('churn.csv', header=True, inferSchema=True)
        assembler = VectorAssembler(inputCols=['Age', 'Years'], outputCol='features')
        output = assembler.transform(df)
        scaler = StandardScaler(inputCol='features', outputCol='scaled', withMean=True)
        scaled = scaler.fit(output).transform(output)
        train_data, test_data = scaled.randomSplit([0.7, 0.3], seed=42)
        lr = LogisticRegression(labelCol='churn', featuresCol='scaled')
        model = lr.fit(train_data)
        predictions = model.transform(test_data)
        BinaryClassificationEvaluator(labelCol='churn').evaluate(predictions)
    """),
    Leak("Spark: Imputer and IDF in a pipeline run on all rows", {"fill Imputer", "vectorize IDF"}, """
        from pyspark.ml import Pipeline
        from pyspark.ml.feature import Imputer, Tokenizer, HashingTF, IDF
        from pyspark.ml.classification import NaiveBayes
        df = spark.table('reviews')
        stages = [
            Imputer(inputCols=['rating'], outputCols=['rating_filled'], strategy='median'),
            Tokenizer(inputCol='text', outputCol='words'),
            HashingTF(inputCol='words', outputCol='tf'),
            IDF(inputCol='tf', outputCol='features'),
        ]
        prepared = Pipeline(stages=stages).fit(df).transform(df)
        train, test = prepared.randomSplit([0.8, 0.2])
        nb = NaiveBayes().fit(train)
        nb.transform(test)
    """),
    Leak("statsmodels on standardised rows", {"statistic mean", "statistic std"}, """
        import pandas as pd
        import statsmodels.api as sm
        from sklearn.metrics import r2_score
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('advertising.csv')
        for c in ['TV', 'Radio']:
            df[c] = (df[c] - df[c].mean()) / df[c].std()
        X_train, X_test, y_train, y_test = train_test_split(df[['TV', 'Radio']], df['Sales'], train_size=0.7)
        lr = sm.OLS(y_train, sm.add_constant(X_train)).fit()
        y_pred = lr.predict(sm.add_constant(X_test))
        r2_score(y_test, y_pred)
    """),
    Leak("a series decomposed and smoothed as a whole", {"scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import MinMaxScaler
        from statsmodels.tsa.arima.model import ARIMA
        from sklearn.metrics import mean_absolute_error
        s = pd.read_csv('sunspots.csv', index_col=0, parse_dates=True)
        s['value'] = MinMaxScaler().fit_transform(s[['value']])
        train, test = s[:-24], s[-24:]
        res = ARIMA(train['value'], order=(2, 0, 1)).fit()
        pred = res.forecast(24)
        mean_absolute_error(test['value'], pred)
    """),
    Leak("2023: set_output and a composed preprocessor", {"fill SimpleImputer", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.compose import make_column_transformer, make_column_selector as selector
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
        df: pd.DataFrame = pd.read_parquet("customers.parquet")
        pre = make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), selector(dtype_include="number")),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), selector(dtype_include=object)),
        ).set_output(transform="pandas")
        features = pre.fit_transform(df.drop(columns="churned"))
        X_train, X_test, y_train, y_test = train_test_split(features, df["churned"], stratify=df["churned"])
        clf = HistGradientBoostingClassifier().fit(X_train, y_train)
        print(f"{roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1]):.3f}")
    """),
    Leak("2023: polars", {"fill mean"}, """
        import polars as pl
        from sklearn.model_selection import train_test_split
        df = pl.read_csv("trips.csv")
        df = df.with_columns(pl.col("fare").fill_null(pl.col("fare").mean()))
        train, test = train_test_split(df.to_pandas(), test_size=0.2)
    """),
    Leak("2022: feature_engine and catboost", {"fill MeanMedianImputer"}, """
        import pandas as pd
        from catboost import CatBoostRegressor, Pool
        from feature_engine.imputation import MeanMedianImputer
        from sklearn.model_selection import train_test_split
        df = pd.read_csv("houses.csv")
        df = MeanMedianImputer(imputation_method="median", variables=["area"]).fit_transform(df)
        X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="price"), df["price"])
        model = CatBoostRegressor(verbose=0)
        model.fit(Pool(X_train, y_train), eval_set=Pool(X_test, y_test))
    """),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_leaks_is_named(case: Leak) -> None:
    assert told(case) == case.found
