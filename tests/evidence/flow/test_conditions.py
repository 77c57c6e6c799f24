"""Conditions that are known are followed one way, all others both ways."""

from __future__ import annotations

import pytest

from tests.evidence.flow.leaking import leaks_of

_START = """
        import pandas as pd
        from sklearn.linear_model import Ridge
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        df = pd.read_csv("a.csv")
        X, y = df.drop(columns="y"), df["y"]
        def scale(X, scaler=None, fit=True):
"""
_END = """
        A, B, c, d = train_test_split(X, y, random_state=0)
        print(Ridge().fit(A, c).score(B, d))
"""


@pytest.mark.parametrize(
    ("function", "call", "leaks"),
    [
        ("if scaler is None:\n                X = StandardScaler().fit_transform(X)", "scale(X)", True),
        ("if scaler is not None:\n                X = StandardScaler().fit_transform(X)", "scale(X)", False),
        ("if not fit:\n                X = StandardScaler().fit_transform(X)", "scale(X)", False),
        ("if not fit:\n                X = StandardScaler().fit_transform(X)", "scale(X, fit=False)", True),
        ("if fit:\n                X = StandardScaler().fit_transform(X)", "scale(X)", True),
        ("X = StandardScaler().fit_transform(X) if fit else X", "scale(X)", True),
        ("X = StandardScaler().fit_transform(X) if fit else X", "scale(X, fit=False)", False),
        ("if ask():\n                X = StandardScaler().fit_transform(X)", "scale(X)", True),
        ("if len(X) > 3:\n                X = StandardScaler().fit_transform(X)", "scale(X)", True),
        ("if scaler is None:\n                X = StandardScaler().fit_transform(X)", "scale(X, made_elsewhere)", True),
    ],
)
def test_a_known_condition_is_followed_one_way(function: str, call: str, leaks: bool) -> None:
    source = f"{_START}            {function}\n            return X\n        X = {call}\n{_END}"
    assert ("scale StandardScaler" in leaks_of(source)) is leaks


def test_a_switch_that_a_loop_turns_is_followed_both_ways() -> None:
    source = f"""{_START}            return X
        first = True
        for part in range(3):
            if first:
                first = False
            else:
                X = StandardScaler().fit_transform(X)
{_END}"""
    assert "scale StandardScaler" in leaks_of(source)
