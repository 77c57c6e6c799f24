"""Cross-validation of alignment: folds, arms, intervals, and what they come to."""
