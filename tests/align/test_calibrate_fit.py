"""What a fitted calibration learns: signals wherever they are, raters' own standards, and nothing from noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nbalign.align.calibrate import BLOCKS, Fitted, fit
from nbalign.align.calibrate.model import Taught, View
from nbalign.judge.decide import decide
from tests.align.calibrate_cases import THREE, error, examples, made_view, noisy_view

Maker = Callable[[int, int, np.random.Generator], View]


def by_counts(i: int, score: int, rng: np.random.Generator) -> View:
    return noisy_view(i, rng, counts=[*rng.random(10), 0.5 * score + rng.normal(scale=0.1)])


def by_facts(i: int, score: int, rng: np.random.Generator) -> View:
    return noisy_view(i, rng, facts={"cared_for": -0.5} if score == 1 else {"idle": -0.5} if score == 3 else {})


def by_rule(i: int, score: int, rng: np.random.Generator) -> View:
    return noisy_view(i, rng, rule=score + float(rng.normal(scale=0.3)))


def by_checks(i: int, score: int, rng: np.random.Generator) -> View:
    return noisy_view(i, rng, checks={"a": float(np.clip(score / 4 + rng.normal(scale=0.05), 0, 1)), "b": 0.5})


def by_precedents(i: int, score: int, rng: np.random.Generator) -> View:
    vector = rng.normal(scale=0.3, size=12) + (score - 2) * np.eye(12)[0]
    return noisy_view(i, rng, vector=vector / np.linalg.norm(vector))


def by_judge(i: int, score: int, rng: np.random.Generator) -> View:
    # Knows what is better, but is a level too kind wherever there is room.
    mine = {1: (0.1, 0.6, 0.3), 2: (0.05, 0.4, 0.55), 3: (0.0, 0.1, 0.9)}[score]
    noisy = (np.array(mine) + rng.uniform(0, 0.05, size=3)) / (1 + 0.075)
    return noisy_view(i, rng, judged=dict(zip((0, 1, 2, 3), (0.0, *noisy.tolist()), strict=True)))


def taught_and_asked(make: Maker, seed: int = 0) -> tuple[list[Taught], list[Taught]]:
    rng = np.random.default_rng(seed)
    scores = [int(s) for s in rng.integers(1, 4, size=70)]
    both = examples([make(i, score, rng) for i, score in enumerate(scores)], scores)
    return both[:40], both[40:]


def held_out_error(fitted: Fitted, asked: list[Taught]) -> float:
    return error([fitted.predict(example.view).score for example in asked], [example.score for example in asked])


@pytest.mark.parametrize(
    ("make", "block"),
    [
        (by_counts, "counts"), (by_facts, "facts"), (by_rule, "facts"), (by_checks, "checks"),
        (by_precedents, "precedents"), (by_judge, "judged"),
    ],
)  # fmt: skip
def test_a_signal_in_one_block_is_found_among_noise_in_all_others(make: Maker, block: str) -> None:
    taught, asked = taught_and_asked(make)
    fitted = fit(taught, THREE, BLOCKS)
    assert fitted.on, fitted.why
    assert next(iter(fitted.blocks)) == block
    assert held_out_error(fitted, asked) < 0.4
    constant = fit(taught, THREE, ())
    assert not constant.on
    assert held_out_error(fitted, asked) < 0.6 * held_out_error(constant, asked)


def test_a_block_that_was_not_asked_for_is_not_looked_at() -> None:
    taught, asked = taught_and_asked(by_rule)
    fitted = fit(taught, THREE, ["counts", "words"])
    without = [made_view(i, counts=e.view.counts, stems=e.view.stems) for i, e in enumerate(asked)]
    for example, bare in zip(asked, without, strict=True):
        assert fitted.predict(example.view).probabilities == fitted.predict(bare).probabilities


def test_on_pure_noise_calibration_does_no_harm() -> None:
    harm = []
    used = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        scores = [int(s) for s in rng.choice([1, 2, 3], p=[0.15, 0.6, 0.25], size=70)]
        both = examples([noisy_view(i, rng) for i in range(70)], scores)
        fitted = fit(both[:40], THREE, ["facts", "counts", "checks", "precedents"])
        constant = fit(both[:40], THREE, [])
        used += fitted.on
        harm.append(held_out_error(fitted, both[40:]) - held_out_error(constant, both[40:]))
    assert np.mean(harm) < 0.03
    assert used <= 6


def test_a_judge_that_is_right_is_left_alone() -> None:
    rng = np.random.default_rng(1)
    scores = [int(s) for s in rng.integers(1, 4, size=40)]
    views = [
        noisy_view(i, rng, judged={0: 0.0, **{v: 0.9 if v == s else 0.05 for v in (1, 2, 3)}})
        for i, s in enumerate(scores)
    ]
    fitted = fit(examples(views, scores), THREE, BLOCKS)
    assert not fitted.on
    assert fitted.blocks == {}
    assert "the judge's own score stands" in fitted.why
    for view in views:
        assert view.judged is not None
        estimate = fitted.predict(view)
        assert estimate.score == decide(view.judged, THREE)
        assert estimate.probabilities == pytest.approx(view.judged)


def test_a_judge_that_is_always_kind_is_corrected() -> None:
    taught, asked = taught_and_asked(by_judge)
    fitted = fit(taught, THREE, ["judged"])
    alone = error([decide(e.view.judged or {}, THREE) for e in asked], [e.score for e in asked])
    assert fitted.on
    assert held_out_error(fitted, asked) < 0.5 * alone


def test_the_rule_is_taken_over_where_raters_share_it_and_one_more_kind_is_learned() -> None:
    rng = np.random.default_rng(3)
    views, scores = [], []
    for i in range(60):
        rule, minded = float(rng.integers(1, 4)), rng.random() < 0.4
        views.append(made_view(i, rule=rule, facts={"minded": -0.1} if minded else {"other": 0.1}))
        scores.append(int(max(1, rule - 1)) if minded else int(rule))
    both = examples(views, scores)
    fitted = fit(both[:40], THREE, ["facts"])
    assert held_out_error(fitted, both[40:]) <= 0.1
    minding = next(e.view for e in both[40:] if e.view.rule == 3 and "minded" in e.view.facts)
    names = {moved.name: moved.amount for moved in fitted.explain(minding)}
    assert names["minded"] < 0 < names["points of the rule"]


def test_a_standard_that_only_words_tell_is_learned() -> None:
    rng = np.random.default_rng(4)
    views, scores, words = [], [], []
    for i in range(80):
        labelled = rng.random() < 0.5
        stems = {f"noise{chr(97 + k)}": int(rng.integers(0, 5)) for k in range(26)} | ({"label": 3} if labelled else {})
        views.append(made_view(i, counts=rng.random(30), stems=stems))
        scores.append(3 if labelled else 1)
        own = f"noise{chr(97 + i % 26)}"
        words.append(
            f"Every axis is labelled, as I want it. {own}" if labelled else f"Not one label on any axis! {own}"
        )
    both = examples(views, scores, words)
    fitted = fit(both[:50], THREE, ["counts", "words"])
    assert held_out_error(fitted, both[50:]) < 0.15
    assert next(iter(fitted.blocks)) == "words"
    assert fitted.explain(both[50].view)[0].name in {"label", "labelled"}


def test_not_applicable_is_learned_from_what_goes_with_it() -> None:
    rng = np.random.default_rng(5)
    scores = [int(s) for s in rng.choice([0, 0, 1, 2, 3], size=70)]
    views = [noisy_view(i, rng, facts={"nothing_there": 0.0} if s == 0 else {}, rule=2.0) for i, s in enumerate(scores)]
    both = examples(views, scores)
    fitted = fit(both[:45], THREE, ["facts", "counts"])
    assert fitted.na is not None
    assert all((fitted.predict(e.view).score == 0) == (e.score == 0) for e in both[45:])


def test_a_rule_that_says_not_applicable_is_believed_until_raters_contradict() -> None:
    def views(said_na: int) -> list[View]:
        return [made_view(i, rule=None if i < said_na else 2.0, rule_na=i < said_na) for i in range(20)]

    new = made_view(99, rule_na=True)
    assert fit(examples(views(0), [2] * 20), THREE, ["facts"]).predict(new).score == 0
    assert fit(examples(views(3), [2] * 20), THREE, ["facts"]).predict(new).score == 2
    assert fit(examples(views(1), [0] + [2] * 19), THREE, ["facts"]).predict(new).score == 0


def test_a_judge_that_always_says_not_applicable_is_not_believed_for_long() -> None:
    views = [made_view(i, judged={0: 0.8, 1: 0.05, 2: 0.1, 3: 0.05}) for i in range(12)]
    fitted = fit(examples(views, [2] * 12), THREE, ["judged"])
    assert fitted.on
    assert fitted.predict(views[0]).score == 2
    assert "not believed" in fitted.why


def test_what_moved_an_estimate_adds_up_to_it() -> None:
    taught, asked = taught_and_asked(by_counts)
    fitted = fit(taught, THREE, ["counts"])
    assert fitted.ordinal is not None
    numbers = [fitted.ordinal.number(e.view, THREE) for e in asked[:2]]
    sums = [sum(moved.amount for moved in fitted.explain(e.view, most=100)) for e in asked[:2]]
    assert sums[0] - sums[1] == pytest.approx(numbers[0] - numbers[1], abs=0.05)
