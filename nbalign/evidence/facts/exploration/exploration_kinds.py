"""The kinds of facts about data exploration, and what they add to the rule score."""

from __future__ import annotations

from nbalign.evidence.model import Kind

DIMENSION = "data_exploration"

NO_EXPLORATION_ASKED = Kind(
    "exploration_not_asked",
    DIMENSION,
    "n/a",
    0,
    "The prompt is only about an existing model, and none is trained here.",
)
NOTHING_LOOKED_AT = Kind(
    "nothing_looked_at",
    DIMENSION,
    "fault",
    -1.2,
    "Before the first model nothing but a few rows, sizes or names is shown.",
)
MISSING_COUNTED = Kind(
    "gaps_looked_at", DIMENSION, "good", 0.15, "Missing values are counted or drawn before they are filled."
)
MISSING_NOT_COUNTED = Kind(
    "gaps_not_looked_at",
    DIMENSION,
    "gap",
    -0.15,
    "Missing values are never counted, or only after they were filled.",
)
VALUES_LOOKED_AT = Kind(
    "values_looked_at", DIMENSION, "good", 0.15, "Ranges, summaries or distributions of the columns are shown."
)
VALUES_NOT_LOOKED_AT = Kind(
    "values_not_looked_at", DIMENSION, "gap", -0.05, "No range, summary or distribution of any column is shown."
)
TARGET_LOOKED_AT = Kind(
    "target_looked_at", DIMENSION, "good", 0.15, "The target's distribution, balance or course is shown by itself."
)
TARGET_NOT_LOOKED_AT = Kind(
    "target_not_looked_at",
    DIMENSION,
    "gap",
    -0.3,
    "The target's distribution or balance is not shown before the first model.",
)
RELATIONS_LOOKED_AT = Kind(
    "relations_looked_at",
    DIMENSION,
    "good",
    0.15,
    "Features are set against the target, in tables, plots or correlations.",
)
RELATIONS_NOT_LOOKED_AT = Kind(
    "relations_not_looked_at", DIMENSION, "gap", -0.3, "No feature is set against the target before the first model."
)
SERIES_LOOKED_AT = Kind(
    "series_looked_at",
    DIMENSION,
    "good",
    0.15,
    "For a series, its trend or season is shown: over time, by month, by lags.",
)
SERIES_NOT_LOOKED_AT = Kind(
    "series_not_looked_at",
    DIMENSION,
    "gap",
    -0.3,
    "For a series, neither trend nor season is shown before the first model.",
)
FINDINGS_IN_WORDS = Kind(
    "findings_in_words",
    DIMENSION,
    "good",
    0.25,
    "Sentences say what the outputs show, and some what follows for the model.",
)
FEW_WORDS = Kind(
    "few_findings_in_words", DIMENSION, "gap", -0.12, "Words read the gaps and types or one output, not the rest."
)
NO_WORDS = Kind("no_findings_in_words", DIMENSION, "gap", -0.3, "No sentence says what the outputs show.")
LOOK_FAILED = Kind(
    "look_failed", DIMENSION, "gap", -0.15, "A look at the data stopped with an error and shows nothing."
)

KINDS: tuple[Kind, ...] = (
    NO_EXPLORATION_ASKED,
    NOTHING_LOOKED_AT,
    MISSING_COUNTED,
    MISSING_NOT_COUNTED,
    VALUES_LOOKED_AT,
    VALUES_NOT_LOOKED_AT,
    TARGET_LOOKED_AT,
    TARGET_NOT_LOOKED_AT,
    RELATIONS_LOOKED_AT,
    RELATIONS_NOT_LOOKED_AT,
    SERIES_LOOKED_AT,
    SERIES_NOT_LOOKED_AT,
    FINDINGS_IN_WORDS,
    FEW_WORDS,
    NO_WORDS,
    LOOK_FAILED,
)
