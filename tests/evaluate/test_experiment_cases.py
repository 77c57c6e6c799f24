"""The notebooks behind a figure, blind where the reader has not scored; and what an experiment asks at most."""

from __future__ import annotations

from dataclasses import replace

from nbalign.evaluate.experiment.cases import Cases, cases
from nbalign.evaluate.experiment.effort import Effort, effort
from nbalign.evaluate.experiment.model import MACRO, ExperimentResult
from nbalign.evaluate.experiment.options import ARMS, ExperimentOptions
from nbalign.labels.model import Label
from tests.evaluate.results_made import DIMENSIONS, SCALE, made

RUBRIC, ARM = "ml-notebook", "base"
FIRST, SECOND = DIMENSIONS[0][0], DIMENSIONS[1][0]


def experiment() -> ExperimentResult:
    return made(6)


def given(notebook: str, score: int, rater: str, dimension: str = FIRST, **more: object) -> Label:
    label = Label(notebook, RUBRIC, dimension, rater, score, f"{rater} on {notebook[-2:]}", (3,))
    return replace(label, **more)  # type: ignore[arg-type]


def hashes(result: ExperimentResult) -> list[str]:
    return sorted(result.folds)


def behind(result: ExperimentResult, labels: list[Label], reader: str = "ann", **more: object) -> Cases:
    names = {sha: f"{sha[-2:]}.ipynb" for sha in result.folds}
    wanted: dict[str, object] = {"arm": ARM, "dimension": FIRST, "reveal": False} | more
    return cases(
        result,
        str(wanted["arm"]),
        str(wanted["dimension"]),
        labels,
        SCALE,
        names,
        reader,
        reveal=bool(wanted["reveal"]),
        rationales={(hashes(result)[0], FIRST): "because"},
    )


def test_what_the_reader_has_not_scored_is_counted_and_left_out_until_it_is_revealed() -> None:
    result = experiment()
    one, two, three, *rest = hashes(result)
    labels = [given(sha, 2, "bob") for sha in (one, two, three)]
    labels += [given(one, 2, "ann"), given(two, 2, "ann", SECOND)]  # of `two` ann scored another dimension
    labels += [given(three, 2, "ann", role="decision")]  # who decided has seen it, too
    found = behind(result, labels)
    assert {case.notebook for case in found.shown} == {one, three}
    assert found.hidden == 1 and found.unsettled == len(rest)
    assert all(case.own for case in found.shown)
    shown = behind(result, labels, reveal=True)
    assert {case.notebook: case.own for case in shown.shown} == {one: True, two: False, three: True}
    assert shown.hidden == 0
    assert behind(result, labels, reader="eve").shown == () and behind(result, labels, reader="eve").hidden == 3


def test_a_case_has_the_settled_score_what_the_arm_says_and_both_sides_words() -> None:
    result = experiment()
    one = hashes(result)[0]
    labels = [given(one, 3, "bob"), given(one, 1, "ann"), given(one, 1, "zoe", role="decision")]
    (case,) = behind(result, labels).shown
    said = next(p for p in result.predictions if (p.arm, p.notebook, p.dimension) == (ARM, one, FIRST))
    assert (case.truth, case.score, case.expected, case.fold) == (1, said.score, said.expected, said.fold)
    assert case.name == f"{one[-2:]}.ipynb" and case.rationale == "because"
    assert [label.rater for label in case.said] == ["ann", "bob", "zoe"]  # the decision last


def test_cases_come_worst_first_and_one_side_saying_not_applicable_counts_like_a_level() -> None:
    result = experiment()
    shas = hashes(result)
    scores = {shas[0]: 3, shas[1]: 1, shas[2]: 0, shas[3]: 2, shas[4]: 3, shas[5]: 0}
    told = {shas[0]: 3, shas[1]: 3, shas[2]: 2, shas[3]: 2, shas[4]: 2, shas[5]: 0}
    kept = tuple(
        replace(p, score=told[p.notebook], expected=float(told[p.notebook])) if p.dimension == FIRST else p
        for p in result.predictions
    )
    found = behind(replace(result, predictions=kept), [given(sha, score, "ann") for sha, score in scores.items()])
    assert [case.apart for case in found.shown] == [2, 1, None, 0, 0, 0]
    assert [case.notebook for case in found.shown][:3] == [shas[1], shas[4], shas[2]]


def test_all_dimensions_together_are_the_cases_of_each() -> None:
    result = experiment()
    labels = [given(sha, 2, "ann", d) for sha in hashes(result) for d in (FIRST, SECOND)]
    every = behind(result, labels, dimension=MACRO)
    parts = [behind(result, labels, dimension=d) for d in (FIRST, SECOND)]
    key = [(case.notebook, case.dimension) for case in every.shown]
    assert sorted(key) == sorted((c.notebook, c.dimension) for part in parts for c in part.shown)
    assert len(key) == 12


def test_labels_that_no_longer_give_the_kept_figures_are_told() -> None:
    result = experiment()
    (row,) = (row for row in result.rows if (row.arm, row.dimension) == (ARM, FIRST))
    assert row.confusion is not None
    # Labels that give exactly the matrix that was kept: each truth once for each arm's score in it.
    left = {
        (true, mine): count
        for true, counts in zip(result.values, row.confusion, strict=True)
        for mine, count in zip(result.values, counts, strict=True)
    }
    labels = []
    for p in result.predictions:
        if (p.arm, p.dimension) == (ARM, FIRST):
            true = next(t for (t, mine), count in left.items() if mine == p.score and count)
            left[true, p.score] -= 1
            labels.append(given(p.notebook, true, "ann"))
    assert not behind(result, labels).changed
    changed = [replace(labels[0], score=(labels[0].score + 1) % 4), *labels[1:]]
    assert behind(result, changed).changed
    assert behind(result, labels[1:]).changed


def test_labels_of_other_rubrics_and_scores_that_the_scale_lacks_settle_nothing() -> None:
    result = experiment()
    one = hashes(result)[0]
    foreign = [given(one, 2, "ann", rubric="other"), given(one, 9, "bob"), given(one, 2, "cyd", "no_such_dimension")]
    found = behind(result, foreign)
    assert found.shown == () and found.hidden == 0 and found.unsettled == 6


# -- what an experiment asks


def asked(*arms: str, ablation: tuple[str, ...] = ()) -> Effort:
    return effort(ExperimentOptions(arms=arms, ablation=ablation, rubric_checks=4, guideline_checks=2, folds=4), 10, 3)


def test_arms_without_a_model_ask_nothing_and_each_reading_of_a_dimension_is_a_score() -> None:
    assert asked("constant", "counts", "evidence") == Effort(0, 0, 0, False)
    assert asked("base") == asked("base", "calibrated", "constant") == Effort(30, 0, 0, False)
    assert asked("bare") == Effort(30, 0, 0, False) and asked("bare", "base") == Effort(60, 0, 0, False)


def test_arms_with_a_memory_need_the_judge_without_one_and_the_blend_needs_the_full_one_and_checks() -> None:
    assert asked("full") == Effort(60, 30, 0, True)
    assert asked("semantic", "episodic", "full") == Effort(120, 90, 0, True)
    assert asked("semantic", "episodic", ablation=(FIRST,)) == Effort(30 + 2 * 10, 20, 0, True)
    assert asked("full+calibrated") == Effort(60, 30, 30 * (4 + 2 * 4), True)
    assert asked("full", "full+calibrated").scores == 60


def test_every_arm_is_known() -> None:
    assert all((asked(arm).scores > 0) is ExperimentOptions(arms=(arm,)).asks_model for arm in ARMS)
