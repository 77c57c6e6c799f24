"""The kinds of facts about MLflow, and what they add to the rule score."""

from __future__ import annotations

from nbalign.evidence.model import Kind

DIMENSION = "mlflow_logging"

NOT_WANTED = Kind("tracking_not_wanted", DIMENSION, "n/a", 0, "The prompt explicitly asks for no tracking.")
ABSENT = Kind("mlflow_absent", DIMENSION, "fault", -1.2, "No call of MLflow is run anywhere in the notebook.")
FAILED = Kind(
    "mlflow_call_failed",
    DIMENSION,
    "fault",
    -1.5,
    "A call of MLflow stopped with an error, or is given what it cannot take.",
)
TRAIN_AS_TEST = Kind(
    "training_score_as_test", DIMENSION, "fault", -1.5, "A metric with a test name holds a score on training rows."
)
TYPED_METRIC = Kind("metric_typed_in", DIMENSION, "fault", -0.8, "A metric's value is a number typed into the code.")
AUTOLOG_ONLY = Kind(
    "autolog_only", DIMENSION, "gap", -0.3, "Autologging is switched on and nothing is logged on purpose."
)
EXPERIMENT = Kind("experiment_set", DIMENSION, "good", 0.15, "An experiment is named.")
NO_EXPERIMENT = Kind(
    "no_experiment", DIMENSION, "gap", -0.05, "No experiment is named, so runs land in the default one."
)
RUNS_CLOSED = Kind("runs_closed", DIMENSION, "good", 0.15, "Runs are opened and closed, by `with` or by end_run.")
RUNS_LEFT_OPEN = Kind(
    "runs_left_open", DIMENSION, "gap", -0.2, "A run is opened and never closed, or none is opened at all."
)
PARAMS = Kind("params_logged", DIMENSION, "good", 0.15, "Parameters are logged.")
NO_PARAMS = Kind("no_params_logged", DIMENSION, "gap", -0.05, "No parameters are logged.")
METRICS = Kind("metrics_logged", DIMENSION, "good", 0.2, "Metrics are logged.")
NO_METRICS = Kind("no_metrics_logged", DIMENSION, "gap", -0.3, "No metrics are logged.")
MODEL = Kind("model_logged", DIMENSION, "good", 0.1, "The fitted model is logged.")
NO_MODEL = Kind("no_model_logged", DIMENSION, "gap", -0.05, "No fitted model is logged.")
SIGNATURE = Kind("model_signed", DIMENSION, "good", 0.1, "The logged model has a signature or an input example.")
NO_SIGNATURE = Kind(
    "model_not_signed", DIMENSION, "gap", -0.05, "The logged model has neither signature nor input example."
)
EVERY_MODEL = Kind("every_model_logged", DIMENSION, "good", 0.1, "A run is logged for each of several models.")
ONE_OF_SEVERAL = Kind(
    "one_of_several_logged", DIMENSION, "gap", -0.05, "Several models are made, but only one run is logged."
)
COMMENTED_OUT = Kind("logging_commented_out", DIMENSION, "neutral", 0, "Calls of MLflow stand commented out.")

KINDS: tuple[Kind, ...] = (
    NOT_WANTED,
    ABSENT,
    FAILED,
    TRAIN_AS_TEST,
    TYPED_METRIC,
    AUTOLOG_ONLY,
    EXPERIMENT,
    NO_EXPERIMENT,
    RUNS_CLOSED,
    RUNS_LEFT_OPEN,
    PARAMS,
    NO_PARAMS,
    METRICS,
    NO_METRICS,
    MODEL,
    NO_MODEL,
    SIGNATURE,
    NO_SIGNATURE,
    EVERY_MODEL,
    ONE_OF_SEVERAL,
    COMMENTED_OUT,
)
