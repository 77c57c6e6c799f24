"""Leaks that scikit-learn's transformers, pandas and plain arithmetic make before a split, as people write them."""

from __future__ import annotations

import pytest

from nbalign.evidence.flow.data_events import Split
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.model_events import CrossValidate, Fit
from tests.evidence.flow.leaking import Leak, leaks_of, told

CASES = [
    Leak("scaler before train_test_split", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import LogisticRegression
        # %%
        df = pd.read_csv('heart.csv')
        X = df.drop('target', axis=1)
        y = df['target']
        # %%
        scaler = StandardScaler()
        X = scaler.fit_transform(X)
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
        # %%
        lr = LogisticRegression()
        lr.fit(X_train, y_train)
        print(lr.score(X_test, y_test))
    """),
    Leak("fitted on X, applied to the parts", {"scale MinMaxScaler"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.svm import SVC
        data = pd.read_csv("diabetes.csv")
        X, y = data.iloc[:, :-1].values, data.iloc[:, -1].values
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
        # %%
        sc = MinMaxScaler()
        sc.fit(X)
        X_train = sc.transform(X_train)
        X_test = sc.transform(X_test)
        # %%
        clf = SVC(kernel='rbf').fit(X_train, y_train)
        from sklearn.metrics import accuracy_score
        print('Accuracy: ', accuracy_score(y_test, clf.predict(X_test)))
    """),
    Leak("scaled columns of the table in place", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('creditcard.csv')
        df['Amount'] = StandardScaler().fit_transform(df['Amount'].values.reshape(-1, 1))
        df = df.drop(['Time'], axis=1)
        X = df.loc[:, df.columns != 'Class']
        y = df.loc[:, df.columns == 'Class']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
        from sklearn.ensemble import RandomForestClassifier
        RandomForestClassifier().fit(X_train, y_train.values.ravel()).score(X_test, y_test)
    """),
    Leak("scaled frame built anew from the array", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.neighbors import KNeighborsClassifier
        # %%
        df = pd.read_csv('Classified Data', index_col=0)
        scaler = StandardScaler()
        scaler.fit(df.drop('TARGET CLASS', axis=1))
        scaled_features = scaler.transform(df.drop('TARGET CLASS', axis=1))
        df_feat = pd.DataFrame(scaled_features, columns=df.columns[:-1])
        df_feat.head()
        # %%
        X_train, X_test, y_train, y_test = train_test_split(scaled_features, df['TARGET CLASS'], test_size=0.30)
        knn = KNeighborsClassifier(n_neighbors=1)
        knn.fit(X_train, y_train)
        pred = knn.predict(X_test)
    """),
    Leak("several columns scaled at once", {"scale RobustScaler"}, """
        import pandas as pd
        from sklearn.preprocessing import RobustScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('housing.csv')
        num_cols = df.select_dtypes(include=['int64', 'float64']).columns
        rs = RobustScaler()
        df[num_cols] = rs.fit_transform(df[num_cols])
        X = df.drop(columns='price')
        y = df.price
        X_train, X_test, y_train, y_test = train_test_split(X, y)
        from sklearn.linear_model import Ridge
        Ridge().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("helper functions of scikit-learn", {"scale scale"}, """
        import pandas as pd
        from sklearn import preprocessing
        from sklearn.model_selection import train_test_split, cross_val_score
        from sklearn.linear_model import LogisticRegression
        df = pd.read_csv('churn.csv')
        y = df.pop('Churn')
        X = preprocessing.scale(df)
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
        LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("median of the whole table", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('water_potability.csv')
        df = df.fillna(df.median())
        X = df.drop('Potability', axis=1)
        y = df['Potability']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=.33)
    """),
    Leak("fillna in place, column by column", {"fill mean", "fill mode"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.tree import DecisionTreeClassifier
        train = pd.read_csv('titanic.csv')
        train['Age'].fillna(train['Age'].mean(), inplace=True)
        train['Embarked'].fillna(train['Embarked'].mode()[0], inplace=True)
        train.drop('Cabin', axis=1, inplace=True)
        x = train.drop('Survived', axis=1)
        y = train['Survived']
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.3)
        dt = DecisionTreeClassifier().fit(x_train, y_train)
        dt.score(x_test, y_test)
    """),
    Leak("attribute columns", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('housing.csv')
        df.total_bedrooms = df.total_bedrooms.fillna(df.total_bedrooms.median())
        X_train, X_test, y_train, y_test = train_test_split(df.drop(['median_house_value'], axis=1),
                                                            df.median_house_value, test_size=0.2)
    """),
    Leak("fillna with a dictionary of statistics", {"fill mean", "fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('melb_data.csv')
        df = df.fillna({'BuildingArea': df['BuildingArea'].mean(), 'YearBuilt': df['YearBuilt'].median(), 'Car': 0})
        train_df, test_df = train_test_split(df, test_size=0.2, random_state=7)
    """),
    Leak("the mean in a variable first", {"fill mean"}, """
        import pandas as pd
        import numpy as np
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('auto.csv')
        df.replace('?', np.nan, inplace=True)
        avg_hp = df['horsepower'].astype('float').mean(axis=0)
        print('Average horsepower:', avg_hp)
        df['horsepower'].replace(np.nan, avg_hp, inplace=True)
        X_train, X_test, y_train, y_test = train_test_split(df[['horsepower', 'weight']], df['mpg'], test_size=0.1)
    """),
    Leak("loc with a mask of gaps", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('loan.csv')
        df.loc[df['LoanAmount'].isnull(), 'LoanAmount'] = df['LoanAmount'].median()
        X = df.drop('Loan_Status', axis=1)
        y = df['Loan_Status']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
    """),
    Leak("np.where on gaps", {"fill mean"}, """
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('bmi.csv')
        df['bmi'] = np.where(df['bmi'].isnull(), df['bmi'].mean(), df['bmi'])
        X_train, X_test, y_train, y_test = train_test_split(df.drop('stroke', axis=1), df['stroke'])
    """),
    Leak("group medians by transform", {"fill group median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('titanic.csv')
        df['Age'] = df['Age'].fillna(df.groupby(['Sex', 'Pclass'])['Age'].transform('median'))
        X = df[['Age', 'Fare', 'Pclass']]
        y = df['Survived']
        X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, random_state=0)
    """),
    Leak("group medians by a lambda", {"fill median"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('house.csv')
        df['LotFrontage'] = df.groupby('Neighborhood')['LotFrontage'].transform(lambda x: x.fillna(x.median()))
        train, test = train_test_split(df, test_size=0.2)
    """),
    Leak("SimpleImputer", {"fill SimpleImputer"}, """
        import pandas as pd
        from sklearn.impute import SimpleImputer
        from sklearn.model_selection import train_test_split
        dataset = pd.read_csv('Data.csv')
        X = dataset.iloc[:, :-1].values
        y = dataset.iloc[:, -1].values
        imputer = SimpleImputer(strategy='mean')
        imputer.fit(X[:, 1:3])
        X[:, 1:3] = imputer.transform(X[:, 1:3])
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
    """),
    Leak("KNNImputer", {"fill KNNImputer"}, """
        import pandas as pd
        from sklearn.impute import KNNImputer
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('kidney_disease.csv')
        imputer = KNNImputer(n_neighbors=5)
        df_imputed = pd.DataFrame(imputer.fit_transform(df), columns=df.columns)
        X = df_imputed.drop(['classification'], axis=1)
        y = df_imputed['classification']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3)
    """),
    Leak("IterativeImputer", {"fill IterativeImputer", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.experimental import enable_iterative_imputer
        from sklearn.impute import IterativeImputer
        from sklearn.model_selection import cross_val_score
        from sklearn.preprocessing import StandardScaler
        from sklearn.ensemble import GradientBoostingRegressor
        df = pd.read_csv('life_expectancy.csv')
        features = [c for c in df.columns if c != 'Life expectancy']
        mice = IterativeImputer(random_state=0, max_iter=10)
        X = mice.fit_transform(df[features])
        X = StandardScaler().fit_transform(X)
        scores = cross_val_score(GradientBoostingRegressor(), X, df['Life expectancy'], cv=5, scoring='r2')
        print(scores.mean())
    """),
    Leak("standardised by hand", {"statistic mean", "statistic std"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LinearRegression
        df = pd.read_csv('ex1data2.txt', names=['size', 'bedrooms', 'price'])
        df = (df - df.mean()) / df.std()
        X, y = df[['size', 'bedrooms']], df['price']
        X_train, X_test, y_train, y_test = train_test_split(X, y)
        LinearRegression().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("min-max by hand on one column", {"statistic min", "statistic max"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('wine.csv')
        df['alcohol'] = (df['alcohol'] - df['alcohol'].min()) / (df['alcohol'].max() - df['alcohol'].min())
        X_train, X_test, y_train, y_test = train_test_split(df.drop('quality', axis=1), df['quality'])
    """),
    Leak("the old classic x_data.min().values", {"statistic min", "statistic max"}, """
        import numpy as np
        import pandas as pd
        df = pd.read_csv("../input/heart.csv")
        y = df.target.values
        x_data = df.drop(['target'], axis=1)
        # %%
        # Normalize
        x = (x_data - np.min(x_data)) / (np.max(x_data) - np.min(x_data)).values
        # %%
        from sklearn.model_selection import train_test_split
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=0)
        x_train = x_train.T
        y_train = y_train.T
    """),
    Leak("numpy arrays standardised by axis", {"statistic mean", "statistic std"}, """
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        data = load_breast_cancer()
        X = data.data
        y = data.target
        mu = X.mean(axis=0)
        sigma = X.std(axis=0)
        X_norm = (X - mu) / sigma
        X_train, X_test, y_train, y_test = train_test_split(X_norm, y, test_size=0.2)
    """),
    Leak("PCA on scaled data", {"scale StandardScaler", "decompose PCA"}, """
        from sklearn import datasets
        from sklearn.preprocessing import StandardScaler
        from sklearn.decomposition import PCA
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression
        X, y = datasets.load_digits(return_X_y=True)
        X_std = StandardScaler().fit_transform(X)
        pca = PCA(n_components=0.95)
        X_pca = pca.fit_transform(X_std)
        print(pca.explained_variance_ratio_)
        X_train, X_test, y_train, y_test = train_test_split(X_pca, y, test_size=0.25)
        LogisticRegression(max_iter=1000).fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("principal components as a frame with the target", {"decompose PCA"}, """
        import pandas as pd
        from sklearn.decomposition import PCA
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('iris.csv')
        features = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']
        pcs = PCA(2).fit_transform(df.loc[:, features].values)
        principalDf = pd.DataFrame(data=pcs, columns=['pc1', 'pc2'])
        finalDf = pd.concat([principalDf, df[['species']]], axis=1)
        X_train, X_test, y_train, y_test = train_test_split(finalDf[['pc1', 'pc2']], finalDf['species'])
    """),
    Leak("SelectKBest", {"select SelectKBest"}, """
        import pandas as pd
        from sklearn.feature_selection import SelectKBest, chi2
        from sklearn.model_selection import train_test_split
        from sklearn.naive_bayes import GaussianNB
        data = pd.read_csv('mobile.csv')
        X = data.iloc[:, 0:20]
        y = data.iloc[:, -1]
        bestfeatures = SelectKBest(score_func=chi2, k=10)
        fit = bestfeatures.fit(X, y)
        dfscores = pd.DataFrame(fit.scores_)
        X_new = fit.transform(X)
        X_train, X_test, y_train, y_test = train_test_split(X_new, y, test_size=0.3)
        GaussianNB().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("SelectKBest, then folds", {"select SelectKBest"}, """
        import numpy as np
        from sklearn.feature_selection import SelectKBest, f_classif
        from sklearn.model_selection import cross_val_score
        from sklearn.svm import LinearSVC
        from sklearn.datasets import make_classification
        X, y = make_classification(n_samples=50, n_features=10000)
        X_sel = SelectKBest(f_classif, k=20).fit_transform(X, y)
        print(np.mean(cross_val_score(LinearSVC(), X_sel, y, cv=5)))
    """),
    Leak("RFE and its support mask", {"select RFE"}, """
        import pandas as pd
        from sklearn.feature_selection import RFE
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('bank.csv')
        X = df.drop('y', axis=1)
        y = df['y']
        rfe = RFE(LogisticRegression(), n_features_to_select=10)
        rfe = rfe.fit(X, y)
        cols = X.columns[rfe.support_]
        X = X[cols]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
        LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
    """),
    Leak("SelectFromModel with get_support", {"select SelectFromModel"}, """
        import pandas as pd
        from sklearn.feature_selection import SelectFromModel
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.model_selection import StratifiedKFold, cross_val_score
        df = pd.read_csv('malware.csv', sep='|')
        X = df.drop(['Name', 'legitimate'], axis=1).values
        y = df['legitimate'].values
        fsel = ExtraTreesClassifier().fit(X, y)
        model = SelectFromModel(fsel, prefit=False).fit(X, y)
        X_new = X[:, model.get_support()]
        cross_val_score(ExtraTreesClassifier(), X_new, y, cv=StratifiedKFold(5))
    """),
    Leak("TF-IDF over the whole corpus", {"vectorize TfidfVectorizer"}, """
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import PassiveAggressiveClassifier
        df = pd.read_csv('news.csv')
        tfidf = TfidfVectorizer(stop_words='english', max_df=0.7)
        features = tfidf.fit_transform(df['text'])
        x_train, x_test, y_train, y_test = train_test_split(features, df.label, test_size=0.2, random_state=7)
        pac = PassiveAggressiveClassifier(max_iter=50)
        pac.fit(x_train, y_train)
        y_pred = pac.predict(x_test)
    """),
    Leak("bag of words from a cleaned corpus list", {"vectorize CountVectorizer"}, """
        import re
        import pandas as pd
        from nltk.corpus import stopwords
        from nltk.stem.porter import PorterStemmer
        dataset = pd.read_csv('Restaurant_Reviews.tsv', delimiter='\\t', quoting=3)
        corpus = []
        for i in range(0, 1000):
            review = re.sub('[^a-zA-Z]', ' ', dataset['Review'][i])
            review = review.lower().split()
            ps = PorterStemmer()
            review = [ps.stem(word) for word in review if not word in set(stopwords.words('english'))]
            review = ' '.join(review)
            corpus.append(review)
        # %%
        from sklearn.feature_extraction.text import CountVectorizer
        cv = CountVectorizer(max_features=1500)
        X = cv.fit_transform(corpus).toarray()
        y = dataset.iloc[:, 1].values
        # %%
        from sklearn.model_selection import train_test_split
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.20, random_state=0)
        from sklearn.naive_bayes import GaussianNB
        classifier = GaussianNB()
        classifier.fit(X_train, y_train)
    """),
    Leak("counts, then idf, then numbers beside them", {"vectorize CountVectorizer", "vectorize TfidfTransformer"}, """
        import pandas as pd
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
        from sklearn.model_selection import train_test_split
        messages = pd.read_csv('spam.csv', encoding='latin-1')
        messages['length'] = messages['v2'].apply(len)
        bow = CountVectorizer(analyzer='word').fit_transform(messages['v2'])
        tfidf_transformer = TfidfTransformer().fit(bow)
        messages_tfidf = tfidf_transformer.transform(bow)
        X = hstack([messages_tfidf, messages[['length']].values]).tocsr()
        X_train, X_test, y_train, y_test = train_test_split(X, messages['v1'], test_size=0.2)
    """),
    Leak("ColumnTransformer before the split", {"scale StandardScaler", "encode OneHotEncoder"}, """
        import numpy as np
        import pandas as pd
        from sklearn.compose import ColumnTransformer
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('50_Startups.csv')
        X = df.iloc[:, :-1]
        y = df.iloc[:, -1]
        ct = ColumnTransformer(transformers=[('enc', OneHotEncoder(), ['State']),
                                             ('num', StandardScaler(), ['R&D Spend', 'Administration'])],
                               remainder='passthrough')
        X = np.array(ct.fit_transform(X))
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
    """),
    Leak("preprocessing pipeline run on all rows", {"fill SimpleImputer", "scale StandardScaler"}, """
        import pandas as pd
        from sklearn.pipeline import Pipeline, make_pipeline
        from sklearn.impute import SimpleImputer
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('data.csv')
        num_pipeline = Pipeline([('imputer', SimpleImputer(strategy='median')), ('std_scaler', StandardScaler())])
        X_prepared = num_pipeline.fit_transform(df.drop('label', axis=1))
        X_train, X_test, y_train, y_test = train_test_split(X_prepared, df['label'])
    """),
    Leak("GridSearchCV on data scaled before", {"scale StandardScaler"}, """
        import pandas as pd
        from sklearn.model_selection import GridSearchCV
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
        df = pd.read_csv('sonar.csv', header=None)
        X = StandardScaler().fit_transform(df.iloc[:, :60])
        y = df[60]
        grid = GridSearchCV(SVC(), {'C': [0.1, 1, 10], 'gamma': [0.1, 0.01]}, cv=5)
        grid.fit(X, y)
        print(grid.best_score_)
    """),
    Leak("cross_validate on selected and scaled columns", {"select VarianceThreshold", "scale MaxAbsScaler"}, """
        import pandas as pd
        from sklearn.feature_selection import VarianceThreshold
        from sklearn.preprocessing import MaxAbsScaler
        from sklearn.model_selection import cross_validate, KFold
        from sklearn.linear_model import SGDClassifier
        df = pd.read_parquet('clicks.parquet')
        X, y = df.drop(columns=['clicked']), df['clicked']
        X = VarianceThreshold(0.01).fit_transform(X)
        X = MaxAbsScaler().fit_transform(X)
        cv_results = cross_validate(SGDClassifier(), X, y, cv=KFold(5, shuffle=True), scoring=('roc_auc', 'f1'))
    """),
    Leak("target means by map", {"statistic group mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('avazu.csv')
        means = df.groupby('site_category')['click'].mean()
        df['site_ctr'] = df['site_category'].map(means)
        X = df[['site_ctr', 'hour']]
        y = df['click']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
    """),
    Leak("target means by transform", {"statistic group mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('houses.csv')
        df['zip_mean_price'] = df.groupby('zipcode')['price'].transform('mean')
        X_train, X_test, y_train, y_test = train_test_split(df.drop('price', axis=1), df['price'])
    """),
    Leak("target means by merge", {"statistic group mean"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('sales.csv')
        store_avg = df.groupby('store')['sales'].mean().reset_index().rename(columns={'sales': 'store_avg_sales'})
        df = df.merge(store_avg, on='store', how='left')
        y = df['sales']
        X = df.drop('sales', axis=1)
        X_train, X_test, y_train, y_test = train_test_split(X, y)
    """),
    Leak("several aggregates joined back", {"statistic group agg"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from lightgbm import LGBMRegressor
        df = pd.read_csv('orders.csv')
        agg = df.groupby('customer_id').agg({'amount': ['mean', 'max'], 'returned': 'mean'})
        agg.columns = ['_'.join(c) for c in agg.columns]
        df = pd.merge(df, agg.reset_index(), on='customer_id')
        X_train, X_test, y_train, y_test = train_test_split(df.drop('returned', axis=1), df['returned'], test_size=0.2)
        LGBMRegressor().fit(X_train, y_train)
    """),
    Leak("target encoder of category_encoders", {"target encode TargetEncoder"}, """
        import pandas as pd
        import category_encoders as ce
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('promotion.csv')
        encoder = ce.TargetEncoder(cols=['department', 'region'])
        df[['department', 'region']] = encoder.fit_transform(df[['department', 'region']], df['is_promoted'])
        X = df.drop('is_promoted', axis=1)
        y = df['is_promoted']
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=42)
    """),
    Leak("frequencies by map", {"statistic counts"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('cars.csv')
        freq = df['model'].value_counts(normalize=True)
        df['model_freq'] = df['model'].map(freq)
        X_train, X_test, y_train, y_test = train_test_split(df[['model_freq', 'km']], df['price'])
    """),
    Leak("labels of clusters as a feature", {"cluster KMeans"}, """
        import pandas as pd
        from sklearn.cluster import KMeans
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('housing.csv')
        kmeans = KMeans(n_clusters=10, random_state=0)
        df['cluster'] = kmeans.fit_predict(df[['latitude', 'longitude']])
        X_train, X_test, y_train, y_test = train_test_split(df.drop('price', axis=1), df['price'])
    """),
    Leak("quantile bins", {"bin qcut"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('adult.csv')
        df['age_bin'] = pd.qcut(df['age'], 5, labels=False)
        X_train, X_test, y_train, y_test = train_test_split(df[['age_bin', 'hours']], df['income'])
    """),
    Leak("outliers capped at quantiles of all rows", {"statistic quantile"}, """
        import pandas as pd
        from sklearn.model_selection import train_test_split
        df = pd.read_csv('insurance.csv')
        low, high = df['bmi'].quantile(0.01), df['bmi'].quantile(0.99)
        df['bmi'] = df['bmi'].clip(low, high)
        X_train, X_test, y_train, y_test = train_test_split(df.drop('charges', axis=1), df['charges'])
    """),
    Leak("interpolated, then filled from below", {"fill interpolate", "fill bfill"}, """
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        df = pd.read_csv('power.csv', parse_dates=['ts'], index_col='ts')
        df['load'] = df['load'].interpolate()
        df = df.bfill()
        train = df.iloc[:8000]
        test = df.iloc[8000:]
        model = RandomForestRegressor().fit(train.drop(columns='load'), train['load'])
        model.score(test.drop(columns='load'), test['load'])
    """),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_leaks_is_named(case: Leak) -> None:
    assert told(case) == case.found


CELLS: list[tuple[str, type[Event], int]] = [
    ("scaler before train_test_split", Split, 4),
    ("fitted on X, applied to the parts", Fit, 3),
    ("SelectKBest, then folds", CrossValidate, 1),
    ("bag of words from a cleaned corpus list", Split, 3),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "cell"), CELLS, ids=lambda given: str(given))
def test_a_leak_is_shown_where_rows_are_parted_or_measured(name: str, kind: type[Event], cell: int) -> None:
    case = next(c for c in CASES if c.name == name)
    (event,) = [event for text, event in leaks_of(case.source).items() if text in case.found]
    assert isinstance(event, kind)
    assert event.at.cell == cell
