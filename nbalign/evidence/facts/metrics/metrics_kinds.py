"""The kinds of facts about metrics evaluation."""

from __future__ import annotations

from nbalign.evidence.model import Kind, Polarity

DIMENSION = "metrics_evaluation"


def _kind(name: str, polarity: Polarity, points: float, meaning: str) -> Kind:
    return Kind(name, DIMENSION, polarity, points, meaning)


# The five virtues come to +0.73 and a 3; any one of them missing leaves a 2, and all of them missing but a valid
# held-out number is still a 2.
HELD_OUT = _kind("held_out_metrics", "good", 0.25, "Metrics are computed on rows the model was not fitted on.")
SOMEWHERE = _kind("metrics_computed", "good", 0.23, "Metrics are computed; it cannot be told on which rows.")
CV_ONLY = _kind("cross_validated_only", "good", 0.25, "Scores come from cross-validation and from nothing else.")
SEVERAL = _kind("several_metrics", "good", 0.12, "Two or more different metrics are computed.")
BASELINE = _kind("baseline_compared", "good", 0.12, "A baseline's number stands beside the model's.")
ERRORS = _kind("errors_looked_at", "good", 0.12, "Errors are looked at by class, group, size or horizon.")
PLOTTED = _kind("predictions_plotted", "good", 0.06, "Predictions are plotted against the truth, and no more is done.")
READING = _kind("results_read", "good", 0.12, "Words after the numbers say what they mean.")

SINGLE = _kind("single_metric", "gap", -0.14, "One number is all there is.")
NO_BASELINE = _kind("no_baseline", "gap", -0.2, "No baseline is measured.")
BASELINE_ELSEWHERE = _kind(
    "baseline_not_beside", "gap", -0.15, "A baseline is measured, but only in cross-validation or without being shown."
)
NO_ERRORS = _kind("no_error_analysis", "gap", -0.2, "There is no confusion matrix, residual or error by group.")
NO_READING = _kind("no_reading", "gap", -0.18, "No words follow the numbers.")
UNEQUAL = _kind("accuracy_alone_unequal", "gap", -0.3, "Accuracy alone, while one class holds 70 to 85 % of the rows.")
HARD_AUC = _kind("auc_from_labels", "gap", -0.2, "ROC AUC is taken from predicted labels, not from scores.")
FAILED = _kind("metric_failed", "gap", -0.15, "A metric or its plot raised an error; others worked.")

TRAINING = _kind("training_metrics_only", "fault", -1.4, "All metrics are on training rows.")
FITTED = _kind("fitted_rows_measured", "fault", -1.4, "All metrics are on rows the model was fitted on.")
ALL_ROWS = _kind("all_rows_measured", "fault", -1.3, "All metrics are on all rows, training rows included.")
RARE = _kind("accuracy_alone_rare", "fault", -1.2, "Accuracy is the only metric where positives are rare.")
CUT = _kind("amount_judged_by_line", "fault", -1.2, "A predicted amount is judged only by the side of a line it is on.")
REST = _kind("one_against_rest_accuracy", "fault", -1.2, "Class-by-class yes/no accuracies stand for the accuracy.")
SWAPPED = _kind("arguments_swapped", "fault", -1.0, "Predictions stand where a metric expects the truth.")
SQUARED = _kind("mse_called_rmse", "fault", -0.8, "A mean squared error is called RMSE without a root.")
OTHER_TASK = _kind("metric_of_other_task", "fault", -0.9, "Only metrics for amounts are used for a classifier.")
CONTRADICTED = _kind("claim_contradicted", "fault", -1.3, "A claim in words is contradicted by the numbers shown.")
PRAISED = _kind("praise_beside_poor", "fault", -1.1, "Praise stands beside numbers that are poor.")
MISQUOTED = _kind("number_not_shown", "fault", -0.7, "Words quote a metric's value that no output shows.")
NOTHING = _kind("nothing_measured", "fault", -1.3, "A model is fitted, and no metric is computed.")
ALL_FAILED = _kind("evaluation_failed", "fault", -1.2, "Every metric that was called raised an error.")

HARMLESS = _kind("arguments_swapped_harmless", "neutral", 0, "Arguments are swapped where the value stays the same.")
BOTH = _kind("train_beside_test", "neutral", 0, "Training numbers stand beside held-out ones.")
BALANCE = _kind("class_balance", "neutral", 0, "How large the largest class is.")
NOT_ASKED = _kind("nothing_to_evaluate", "n/a", 0, "No model is asked for and none is made.")

KINDS: tuple[Kind, ...] = (
    *(HELD_OUT, SOMEWHERE, CV_ONLY, SEVERAL, BASELINE, ERRORS, PLOTTED, READING),
    *(SINGLE, NO_BASELINE, BASELINE_ELSEWHERE, NO_ERRORS, NO_READING, UNEQUAL, HARD_AUC, FAILED),
    *(TRAINING, FITTED, ALL_ROWS, RARE, CUT, REST, SWAPPED, SQUARED, OTHER_TASK, CONTRADICTED, PRAISED),
    *(MISQUOTED, NOTHING, ALL_FAILED, HARMLESS, BOTH, BALANCE, NOT_ASKED),
)
