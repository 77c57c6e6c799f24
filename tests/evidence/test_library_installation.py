"""What is said of imports and installs, and what is not."""

from __future__ import annotations

import pytest

from nbalign.evidence import rule_score
from nbalign.evidence.facts import library_installation
from tests.evidence.building import Cells, Piece, code, facts_of, kinds_of, md

USE = "print(np.zeros(3), pd.DataFrame())"
BASE = "import numpy as np\nimport pandas as pd"


def cells(*given: str | Piece) -> Cells:
    return given


STATED: dict[str, list[Cells]] = {
    "imports_together": [
        cells(BASE, USE),
        cells("%pip install -q mlflow==2.9", BASE, USE),
        cells("import pandas as pd", "import numpy as np\nnp.random.seed(1)", USE),
        cells("import warnings\nwarnings.filterwarnings('ignore')", "from sklearn.svm import SVC", "SVC().fit(X, y)"),
        cells(
            "import os\nfor d, _, names in os.walk('/kaggle/input'):\n    for n in names:\n        print(os.path.join(d, n))",
            BASE,
            USE,
        ),
        cells(BASE, "def f(x):\n    import scipy.stats\n    return scipy.stats.zscore(x)", USE),
    ],
    "imports_scattered": [
        cells("import pandas as pd\ndf = pd.read_csv('a.csv')", "import numpy as np\nnp.log(df.a)"),
        cells(BASE, USE, "from sklearn.svm import SVC\nm = SVC().fit(X, y)", "from sklearn.metrics import f1_score"),
        cells("import pandas as pd", "df = pd.read_csv('a.csv')", "import matplotlib.pyplot as plt", "plt.plot(df.a)"),
        cells("import torch\nx = torch.ones(3)", "from torch import nn\nnn.Linear(3, 1)(x)"),
        cells("import pandas as pd\npd.read_csv('a')", "pd.read_csv('b')", "import joblib\njoblib.dump(1, 'm')"),
    ],
    "imports_used": [
        cells(BASE, USE),
        cells("import os.path", "print(os.getcwd())"),
        cells("from sklearn.svm import SVC", "models = {'svm': SVC}"),
        cells("import numpy as np", "def f(a: np.ndarray):\n    return a"),
        cells("import pandas as pd", "[pd.read_csv(p) for p in ('a', 'b')]"),
        cells("import numpy as np", "df.eval('x = @np.pi')"),
        cells("from functools import partial as p", "@p\ndef f():\n    pass"),
        cells("from mpl_toolkits.mplot3d import Axes3D\nimport matplotlib.pyplot as plt", "plt.axes(projection='3d')"),
        cells("import numpy as np", "%timeit np.log(3)"),
    ],
    "import_unused": [
        cells(BASE, "print(np.pi)"),
        cells("import seaborn as sns\nimport pandas as pd", "# sns.boxplot(df)\npd.read_csv('a')"),
        cells("from sklearn.svm import SVC, SVR", "SVC()"),
        cells("import os", "[os for os in range(3)]"),
        cells("import json", "def f(json):\n    return json['a']"),
        cells("import re, sys", "print(sys.path)"),
    ],
    "import_repeated": [
        cells(BASE, "import pandas as pd", USE),
        cells("import numpy as np\nimport numpy as np", "np.pi"),
        cells("from sklearn.svm import SVC", "SVC()", "from sklearn.svm import SVC, SVR", "SVR()"),
        cells("import os", "import sys, os", "os.getcwd(), sys.path"),
        cells("import matplotlib.pyplot as plt", "plt.plot()", "import matplotlib.pyplot as plt\nplt.plot()"),
    ],
    "import_star": [
        cells("from sklearn.metrics import *", "print(f1_score(y, p))"),
        cells("from numpy import *", "zeros(3)"),
        cells("from pyspark.sql.functions import *", "df.select(col('a'))"),
        cells("from math import *\nsqrt(2)"),
        cells("import os\nfrom fastai.tabular import *", "os.getcwd()"),
    ],
    "imports_complete": [
        cells(BASE, USE),
        cells("import seaborn as sns", "sns.boxplot(x=[1, 2])"),
        cells("import pandas as pd", "df = pd.read_csv('a')", "import numpy as np", "np.log(df.a)"),
        cells("import pandas as pd", "display(pd.DataFrame())"),
        cells("import mlflow", "df = spark.table('a').toPandas()\ndbutils.fs.ls('/')\nmlflow.log_param('a', 1)"),
    ],
    "install_pinned": [
        cells("!pip install xgboost==2.0.3", "import xgboost"),
        cells("%pip install -q 'mlflow>=2.9,<3'"),
        cells("!conda install -y -c conda-forge lightgbm=4.1"),
        cells("import sys\n!{sys.executable} -m pip install shap~=0.44 --quiet"),
        cells(
            "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'optuna==3.5.0'])"
        ),
        cells("%%bash\npip install \\\n  prophet==1.1.5"),
        cells("dbutils.library.installPyPI('mlflow', version='2.9')"),
        cells("!pip install --index-url https://example.org/simple category_encoders == 2.6"),
    ],
    "install_unpinned": [
        cells("!pip install xgboost"),
        cells("%pip install -q seaborn mlflow"),
        cells("pip install lightgbm"),
        cells("!pip3 install -U catboost shap==0.44"),
        cells("import os\nos.system('pip install optuna')"),
        cells("get_ipython().system('pip install prophet')"),
        cells("%%bash\npip install -q pmdarima"),
        cells("!pip install git+https://github.com/example/thing.git"),
        cells("!conda install -y -c conda-forge imbalanced-learn"),
    ],
    "install_from_file": [
        cells("!pip install -r requirements.txt"),
        cells("%pip install --requirement env.txt"),
        cells("import subprocess\nsubprocess.run(['pip', 'install', '-r', 'requirements.txt'])"),
        cells("!pip install -e ."),
        cells("def get(p):\n    subprocess.run([sys.executable, '-m', 'pip', 'install', p])"),
    ],
    "install_missing": [
        cells("import xgboost as xgb", "xgb.XGBClassifier()"),
        cells("from imblearn.over_sampling import SMOTE", "SMOTE()"),
        cells("!pip install xgboost==2.0", "import xgboost, shap", "shap.Explainer(xgboost)"),
        cells("from prophet import Prophet", "Prophet()"),
        cells("import category_encoders as ce", "ce.TargetEncoder()"),
    ],
    "install_wrong": [
        cells("!pip install sklearn"),
        cells("%pip install -q pandas==2.1 sklearn"),
        cells("!pip3 install fbprophet==0.7"),
        cells("pip install pandas-profiling"),
        cells("import os\nos.system('pip install sklearn')"),
    ],
    "install_failed": [
        cells(code("!pip install xgbost==1.0", text="ERROR: No matching distribution found for xgbost==1.0")),
        cells(code("%pip install foo", text="ERROR: Could not find a version that satisfies the requirement foo")),
        cells(code("!conda install bar", text="PackagesNotFoundError: The following packages are not available")),
        cells(code("!pip3 install a==9", text="x\nERROR: No matching distribution found for a==9\n")),
        cells(code("import os\nos.system('pip install q')", text="ERROR: No matching distribution found for q")),
    ],
    "library_missing": [
        cells(
            "import pandas as pd", code("sns.heatmap(pd.DataFrame())", error=("NameError", "name 'sns' is not defined"))
        ),
        cells("import pandas as pd\nx = np.log(3)"),
        cells("import pandas as pd", "def plot(df):\n    plt.plot(df.a)", "plot(pd.DataFrame())"),
        cells("model = LogisticRegression()\nmodel.fit(X, y)"),
        cells("import mlflow", "mlflow.log_metric('f1', f1_score(y, p))"),
        cells("rows = [math.sqrt(i) for i in range(3)]"),
        cells("class Net(nn.Module):\n    pass"),
        cells("start = datetime.now()"),
        cells("X_train, X_test = train_test_split(X)"),
    ],
    "import_after_use": [
        cells(code("np.log(3)", error=("NameError", "name 'np' is not defined")), "import numpy as np\nnp.log(3)"),
        cells(code("pd.read_csv('a')", count=None), code("import pandas as pd", count=None)),
        cells(
            "import pandas as pd",
            "def f():\n    return plt.plot()",
            code("f()", error=("NameError", "name 'plt' is not defined")),
            "import matplotlib.pyplot as plt",
        ),
        cells(code("m = SVC()", error=("NameError", "name 'SVC' is not defined")), "from sklearn.svm import SVC"),
        cells(code("joblib.dump(1, 'a')", count=None), "x = 1", code("import joblib", count=None)),
    ],
    "import_failed": [
        cells(code("import xgboost", error=("ModuleNotFoundError", "No module named 'xgboost'"))),
        cells(
            code(
                "from sklearn.externals import joblib",
                error=("ImportError", "cannot import name 'joblib' from 'sklearn.externals' (/opt/x.py)"),
            )
        ),
        cells(
            code(
                "from sklearn.datasets import load_boston",
                error=("ImportError", "`load_boston` has been removed from scikit-learn since version 1.2."),
            )
        ),
        cells(
            code(
                "from sklearn.cross_validation import KFold",
                error=("ImportError", "No module named sklearn.cross_validation"),
            )
        ),
        cells(code("import tensorflow", error=("ImportError", "DLL load failed: the module was not found"))),
        cells(code("import my_helpers", error=("ModuleNotFoundError", "No module named 'my_helpers'"))),
        cells(code("import a", error=("ImportError", "cannot import name 'soft_unicode'"))),
    ],
    "library_call_failed": [
        cells(
            "import numpy as np",
            code("np.float(3)", error=("AttributeError", "module 'numpy' has no attribute 'float'")),
        ),
        cells(code("df.append(row)", error=("AttributeError", "'DataFrame' object has no attribute 'append'"))),
        cells(code("df.ix[0]", error=("AttributeError", "'DataFrame' object has no attribute 'ix'"))),
        cells(
            code(
                "OneHotEncoder(sparse=False)",
                error=("TypeError", "OneHotEncoder.__init__() got an unexpected keyword argument 'sparse'"),
            )
        ),
        cells(code("tf.Session()", error=("AttributeError", "module 'tensorflow' has no attribute 'Session'"))),
        cells(
            code(
                "mean_squared_error(y, p, squared=False)",
                error=("TypeError", "mean_squared_error() got an unexpected keyword argument 'squared'"),
            )
        ),
    ],
    "gone_not_run": [
        cells(code("from sklearn.datasets import load_boston\nload_boston()", count=None)),
        cells(code("import numpy as np\nx = np.float(3)", count=None)),
        cells(code("from sklearn import cross_validation\ncross_validation.KFold(3)", count=None)),
        cells(code("import pandas as pd\npd.read_csv('a').ix[0]", count=None)),
        cells(code("import tensorflow as tf\nx = tf.placeholder(tf.float32)", count=None)),
        cells(code("df = df.append({'a': 1}, ignore_index=True)", count=None)),
        cells(code("from sklearn.preprocessing import OneHotEncoder as E\nE(sparse=False)", count=None)),
        cells(code("from statsmodels.tsa.arima_model import ARIMA\nARIMA(y, (1, 1, 1))", count=None)),
    ],
    "gone_but_ran": [
        cells("from sklearn.datasets import load_boston\nload_boston()"),
        cells("import numpy as np\nx = np.int(3)"),
        cells("import pandas as pd\nrows = pd.DataFrame()\nrows = rows.append(x, ignore_index=True)"),
        cells("from sklearn.metrics import mean_squared_error\nmean_squared_error(y, p, squared=False)"),
        cells("import sklearn.metrics as m\nm.plot_roc_curve(c, X, y)"),
        cells("import matplotlib.pyplot as plt\nplt.style.use('seaborn-whitegrid')"),
    ],
    "deprecated": [
        cells("import seaborn as sns\nsns.distplot(x)"),
        cells("df = df.fillna(method='ffill')"),
        cells("import fbprophet\nfbprophet.Prophet()"),
        cells("import pandas_profiling"),
        cells("df['a'].fillna(method='bfill', inplace=True)"),
    ],
}

UNSTATED: dict[str, list[Cells]] = {
    "imports_together": [
        cells("x = 1"),
        cells("import pandas as pd\ndf = pd.read_csv('a')", "import numpy as np\nnp.log(df.a)"),
        cells("df = spark.table('a')"),
        cells("import pandas as pd", "pd.read_csv('a')", "from math import pi\nprint(pi)"),
        cells(md("import pandas as pd")),
    ],
    "imports_scattered": [
        cells(BASE, USE),
        cells("import numpy as np", "import pandas as pd", "from sklearn.svm import SVC", USE, "SVC()"),
        cells(BASE, USE, "def f():\n    import json\n    return json.dumps(1)"),
        cells(BASE, USE, "if True:\n    import json"),
        cells("import pandas as pd\npd.set_option('display.width', 200)", "import numpy as np\nnp.random.seed(3)", USE),
        cells("from __future__ import annotations", BASE, USE),
    ],
    "imports_used": [
        cells("x = 1"),
        cells("from math import *", "print(sqrt(2))"),
        cells("import numpy as np"),
        cells("import numpy as np", "def f(np):\n    return np.pi"),
        cells("import numpy as np", "lambda np: np"),
    ],
    "import_unused": [
        cells("from sklearn.experimental import enable_iterative_imputer"),
        cells("import pandas as pd", "class A:\n    def f(self):\n        return pd.DataFrame()"),
        cells("from __future__ import division"),
        cells("try:\n    import cupy\nexcept ImportError:\n    pass"),
        cells("import numpy as np", "this is not python np.log"),
        cells("import mlflow.sklearn", "mlflow.start_run()"),
        cells("import numpy as np", "f'{np.pi:.2f}'"),
        cells("import numpy as np", "x = eval('np.log(3)')"),
    ],
    "import_repeated": [
        cells("import mlflow\nimport mlflow.sklearn", "mlflow.sklearn.autolog()"),
        cells("import numpy\nimport numpy as np", "np.pi, numpy.pi"),
        cells("from sklearn.svm import SVC\nfrom sklearn.svm import SVR", "SVC(), SVR()"),
        cells("import os\nimport os.path as osp", "os, osp"),
        cells("import json", "def f():\n    import json\n    return json"),
    ],
    "import_star": [
        cells(BASE, USE),
        cells("x = 2 * 3"),
        cells("a, *b = [1, 2]"),
        cells("print(*[1])"),
        cells("f(**{})"),
    ],
    "imports_complete": [
        cells("np.log(3)"),
        cells("import pandas as pd", "plt.plot()"),
        cells("from pylab import *", "plot([1])"),
        cells("import pandas as pd\n%run setup.ipynb"),
        cells(code("import nothing_here", error=("ModuleNotFoundError", "No module named 'nothing_here'"))),
        cells("import pandas as pd", "def broken(:\n    pass"),
    ],
    "install_pinned": [
        cells("!pip install xgboost"),
        cells("# !pip install xgboost==2.0"),
        cells("!pip install xgboost==2.0 shap"),
        cells("!pip install --upgrade pip"),
        cells("!pip list"),
        cells("print('pip install x==1')"),
    ],
    "install_unpinned": [
        cells("!pip install xgboost==2.0"),
        cells("!pip install -U pip setuptools wheel"),
        cells("# !pip install shap"),
        cells("!pip install -r requirements.txt"),
        cells("!pip uninstall -y tensorflow"),
        cells("!pip freeze > requirements.txt"),
        cells("!apt-get install graphviz"),
        cells("%pip install 'scikit-learn<1.5' numpy~=1.26 > /dev/null"),
    ],
    "install_from_file": [
        cells("!pip install xgboost"),
        cells("!cat requirements.txt"),
        cells("!pip install 'a[b]==1.0'"),
        cells("import subprocess\nsubprocess.run(['ls'])"),
        cells("%pip install -q mlflow==2.9"),
    ],
    "install_missing": [
        cells("!pip install xgboost", "import xgboost", "xgboost.DMatrix"),
        cells("import mlflow, seaborn, statsmodels.api as sm", "mlflow, seaborn, sm"),
        cells("%pip install imbalanced-learn==0.12", "from imblearn.over_sampling import SMOTE"),
        cells("!pip install -r requirements.txt", "import lightgbm"),
        cells("try:\n    import xgboost\nexcept ImportError:\n    xgboost = None"),
        cells("import my_own_module"),
    ],
    "install_wrong": [
        cells("!pip install scikit-learn"),
        cells("!pip install prophet"),
        cells("import sklearn"),
        cells("!pip install sklearn-pandas"),
        cells("%pip install ydata-profiling==4.6"),
    ],
    "install_failed": [
        cells(code("!pip install a==1", text="Successfully installed a-1")),
        cells(code("print(1)", text="ERROR: No matching distribution found for x")),
        cells(code("!pip install a", text="ERROR: pip's dependency resolver does not currently take into account")),
        cells(code("!pip install a", text="WARNING: Running pip as the 'root' user")),
        cells("!pip install a"),
    ],
    "library_missing": [
        cells(BASE, USE),
        cells("from numpy import *", "print(np.pi)"),
        cells("%pylab inline", "plt.plot([1])"),
        cells("stats = {}\nstats['a'] = 1"),
        cells("for sm in [1, 2]:\n    print(sm)"),
        cells("def f(pd):\n    return pd.x"),
        cells("[np for np in range(3)]"),
        cells("try:\n    sns.set()\nexcept NameError:\n    pass"),
        cells("with open('a') as json:\n    json.read()"),
        cells("exec(open('setup.py').read())", "np.log(3)"),
        cells("%run ../setup", "pd.read_csv('a')"),
        cells("unknown_helper(3)"),
        cells("import numpy as np, oops oops", "np.log(3)"),
        cells("global_x = 1\ndef f():\n    global np\n    import numpy as np\nf()\nnp.pi"),
        cells("spark.sql('x')\ndisplay(dbutils)\nprint(_, __name__, In[0])"),
        cells("match x:\n    case {'a': np, **stats}:\n        print(np, stats)"),
        cells("if (os := 3) > 2:\n    print(os)"),
    ],
    "import_after_use": [
        cells("import numpy as np", "np.log(3)"),
        cells("def f():\n    return np.log(3)", "import numpy as np", "f()"),
        cells("x = 1", "import numpy as np\nnp.log(3)", "import numpy as np"),
        cells("if ready:\n    np.log(3)", "import numpy as np"),
        cells("try:\n    np\nexcept NameError:\n    import numpy as np"),
        cells(
            code("import a_b\nimport joblib", error=("ModuleNotFoundError", "No module named 'a_b'")),
            code("joblib.dump(1, 'a')", error=("NameError", "name 'joblib' is not defined")),
        ),
    ],
    "import_failed": [
        cells("import numpy"),
        cells(code("x", error=("NameError", "name 'x' is not defined"))),
        cells(code("print(1)", text="No module named 'x'")),
        cells("try:\n    import cudf\nexcept ImportError:\n    pass"),
        cells(code("open('a')", error=("FileNotFoundError", "No such file"))),
    ],
    "library_call_failed": [
        cells(code("x.items()", error=("AttributeError", "'str' object has no attribute 'items'"))),
        cells(code("df.target", error=("AttributeError", "'DataFrame' object has no attribute 'target'"))),
        cells(code("f(a=1)", error=("TypeError", "f() got an unexpected keyword argument 'a'"))),
        cells(code("log_param('a')", error=("TypeError", "log_param() missing 1 required positional argument"))),
        cells(code("model.fit(X)", error=("ValueError", "could not convert string to float"))),
    ],
    "gone_not_run": [
        cells("from sklearn.datasets import load_boston\nload_boston()"),
        cells(code("import numpy as np\nnp.float64(3), np.int32(3), np.bool_(1), np.bool(1)", count=None)),
        cells(code("rows = []\nrows.append(3)", count=None)),
        cells(code("!pip install scikit-learn==0.24\nfrom sklearn.datasets import load_boston", count=None)),
        cells(code("from mlxtend.plotting import plot_confusion_matrix", count=None)),
        cells(code("def plot_confusion_matrix(cm):\n    pass\nplot_confusion_matrix(1)", count=None)),
        cells(code("import tensorflow.compat.v1 as tf\ntf.placeholder(tf.float32)", count=None)),
        cells(code("from sklearn.model_selection import learning_curve", count=None)),
        cells(code("from category_encoders import OneHotEncoder\nOneHotEncoder(sparse=True)", count=None)),
        cells(code("np.float(3)", count=None)),
    ],
    "gone_but_ran": [
        cells("import numpy as np\nnp.float32(3)"),
        cells("df.fillna(0)"),
        cells("import joblib"),
        cells("rows.append(1)"),
        cells("from statsmodels.tsa.arima.model import ARIMA"),
        cells("!pip install numpy==1.23\nimport numpy as np\nnp.float(3)"),
    ],
    "deprecated": [
        cells("import seaborn as sns\nsns.histplot(x)"),
        cells("df.fillna(0)"),
        cells("df.ffill()"),
        cells("df.fillna(value={'a': 1})"),
        cells("from prophet import Prophet"),
    ],
}


@pytest.mark.parametrize(("kind", "given"), [(k, c) for k, all_ in STATED.items() for c in all_])
def test_it_is_stated(kind: str, given: Cells) -> None:
    assert kind in kinds_of("library_installation", *given)


@pytest.mark.parametrize(("kind", "given"), [(k, c) for k, all_ in UNSTATED.items() for c in all_])
def test_it_is_not_stated(kind: str, given: Cells) -> None:
    assert kind not in kinds_of("library_installation", *given)


def test_every_kind_has_at_least_five_cases_each_way() -> None:
    for kind in library_installation.KINDS:
        assert len(STATED[kind.name]) >= 5, kind.name
        assert len(UNSTATED[kind.name]) >= 5, kind.name


def test_sentences_name_what_they_speak_of_and_the_cells_that_show_it() -> None:
    found = facts_of(
        "library_installation",
        "import pandas as pd\nimport json",
        code("sns.heatmap(pd.DataFrame())", error=("NameError", "name 'sns' is not defined")),
    )
    by_kind = {f.kind.name: f for f in found}
    assert by_kind["library_missing"].cells == (2,)
    assert "sns (seaborn)" in by_kind["library_missing"].text
    assert by_kind["import_unused"].cells == (1,)
    assert "json" in by_kind["import_unused"].text


def score(*given: str | Piece) -> int:
    found = rule_score("library_installation", facts_of("library_installation", *given))
    assert found is not None
    return found.score


def test_scores_follow_the_rubric() -> None:
    assert score("%pip install mlflow==2.9", BASE, USE) == 3
    assert score("import mlflow\n" + BASE, USE, "mlflow.start_run()") == 3  # MLflow is taken as provided
    assert score("%pip install mlflow", BASE, USE) == 2
    assert score("import pandas as pd\npd.read_csv('a')", "import numpy as np\nnp.pi", "import json\njson") == 2
    assert score(BASE + "\nimport os, json, seaborn, torch", USE) == 2
    assert score(BASE, USE, code("sns.set()", error=("NameError", "name 'sns' is not defined"))) == 1


def test_nothing_is_said_of_a_notebook_without_code() -> None:
    assert facts_of("library_installation", md("# Only words")) == ()


def test_no_heap_of_gaps_makes_a_bad_notebook_of_one_that_works() -> None:
    untidy = ("import os, json, re, torch, keras\nimport shap\nfrom math import *", "x = 1\nprint(x)")
    more = [f"import pandas as pd\npd.read_csv('{i}')" for i in range(6)]
    assert score("!pip install sklearn xgboost", *untidy, *more) == 2


def test_a_library_that_brings_in_others_silences_what_is_missing() -> None:
    assert "library_missing" not in kinds_of("library_installation", "import pyforest", "df = pd.read_csv('a')")
