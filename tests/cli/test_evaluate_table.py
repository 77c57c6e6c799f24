"""An experiment on the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nbalign.cli.evaluate_layout import Column, blocks
from nbalign.cli.evaluate_table import errors_table, gains_table, yardsticks_table
from nbalign.cli.evaluate_table import text as whole
from nbalign.cli.evaluate_words import cost, next_steps
from nbalign.evaluate.experiment.model import (
    MACRO,
    ArmRow,
    Cost,
    Difference,
    ExperimentResult,
    Floor,
    Interval,
    Noise,
)
from nbalign.evaluate.metrics import NaAgreement
from tests.evaluate.results_made import hostile, made

MAE = {  # arm -> error in each of two dimensions
    "constant": (0.7, 0.5),
    "base": (0.6, 0.204),
    "full": (0.2, 0.4),
    "semantic": (0.35, 0.201),
}
DIMENSIONS = (("data_imputation", "Data imputation"), ("model_use", "Model use"))


def around(value: float) -> Interval:
    return Interval(value, value - 0.1, value + 0.1)


def row(arm: str, dimension: str, mae: float, n: int = 12, **but: object) -> ArmRow:
    na = NaAgreement(1, 2, 3, n - 6, 0.5, 0.1) if dimension else None
    return replace(ArmRow(arm, dimension, n, n - 6, around(mae), 0.25, 0.5, 0.75, na, None), **but)  # type: ignore[arg-type]


def difference(arm: str, dimension: str, gain: float, significant: bool) -> Difference:
    return Difference(arm, "base", dimension, 6, around(gain), 0.01, 0.02 if significant else 0.4, significant)


def small() -> ExperimentResult:
    """Two dimensions: `full` gains for certain in the first and loses for certain in the second."""
    rows = []
    for arm, errors in MAE.items():
        rows += [row(arm, d, mae) for (d, _), mae in zip(DIMENSIONS, errors, strict=True)]
        rows.append(row(arm, MACRO, sum(errors) / 2, 24))
    return replace(
        made(4),
        dimensions=DIMENSIONS,
        arms=tuple(MAE),
        rows=tuple(rows),
        differences=(
            difference("full", "data_imputation", 0.4, True),
            difference("full", "model_use", -0.196, True),
            difference("full", MACRO, 0.102, False),
            difference("semantic", "data_imputation", 0.25, False),
            difference("semantic", MACRO, 0.126, True),
        ),
        floors=(
            Floor("data_imputation", 9, around(0.3)),
            Floor("model_use", 0, None),
            Floor(MACRO, 9, around(0.3)),
        ),
        unresolved=0,
        noise=(),
    )


def lines(text: str, start: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.startswith(start)]


def paragraphs(text: str) -> Iterator[list[str]]:
    return (part.splitlines() for part in text.split("\n\n"))


def test_errors_are_marked_where_they_are_best_and_where_a_gain_or_loss_is_certain() -> None:
    text = errors_table(small(), 70)
    assert lines(text, "dimension") == [["dimension", "n", "base", "full", "semantic", "const", "raters"]]
    assert lines(text, "data_imputation")[0] == ["data_imputation", "8", "0.60", "▸0.20*", "0.35", "0.70", "0.30"]
    # base and semantic look equal, so both are marked; full is worse than base for certain
    assert lines(text, "model_use")[0] == ["model_use", "8", "▸0.20", "0.40▼", "▸0.20", "0.50", "–"]
    assert lines(text, "mean")[0] == ["mean", "16", "0.40", "0.30", "▸0.28*", "0.60", "0.30"]


def test_the_constant_can_be_the_best() -> None:
    result = small()
    result = replace(
        result,
        rows=tuple(replace(r, mae=around(0.0)) if r.arm == "constant" else r for r in result.rows),
    )
    assert "▸0.00" in lines(errors_table(result, 80), "model_use")[0]


def test_intervals_of_the_best_arm_and_the_base_are_shown_where_there_is_room() -> None:
    narrow, wide = errors_table(small(), 70), errors_table(small(), 120)
    assert "interval" not in narrow
    assert wide.splitlines()[0].split() == [
        "dimension", "n", "base", "95%", "interval", "full", "semantic", "95%", "interval", "const", "raters",
    ]  # fmt: skip
    assert "0.60   0.50 to 0.70" in wide
    assert re.search(r"0\.35   +0\.25 to 0\.45", wide)
    between = errors_table(small(), 80)
    assert between.count("95% interval") == 1
    assert "0.25 to 0.45" in between  # the best arm's comes first


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("arms", [2, 4, 7])
def test_it_fits_the_width_and_shows_every_arm_once(width: int, arms: int) -> None:
    result = made(8)
    result = made(8, ("base", *[arm for arm in result.arms if arm != "base"][: arms - 2], "constant"))
    for text in (errors_table(result, width), whole(result, width)):
        tables = text if width >= 80 else errors_table(result, width)  # the others need 80 columns
        assert max(map(len, tables.splitlines())) <= width
    text = errors_table(result, width)
    heads = [head for words in lines(text, "dimension") for head in words[2:-2] if head not in ("95%", "interval")]
    named = [found.split(",")[0] for found in re.findall(r"^[A-Z]: (.*)$", text, re.MULTILINE)]
    assert (named or heads) == [arm for arm in result.arms if arm != "constant"]
    assert len(heads) == len(set(heads)) == arms - 1
    for dimension, _ in result.dimensions:
        cells = [cell for words in lines(text, dimension) for cell in words if re.fullmatch(r"▸?\d\.\d\d[*▼]?", cell)]
        assert len(cells) >= arms - 1


def test_many_arms_have_letters_and_a_key_that_says_what_they_are() -> None:
    text = errors_table(made(8), 70)
    assert text.splitlines()[:3] == [
        "A: base, the judge as it is, before alignment",
        "B: evidence, facts read off the code, fitted to the labels; no langua…",
        "C: semantic, the judge with guidelines",
    ]
    assert [words[2:-2] for words in lines(text, "dimension")] == [["A", "B", "C"], ["D", "E", "F"]]


def test_columns_fill_as_few_tables_as_they_need_evenly() -> None:
    five = [Column(name, ["0.12"]) for name in "abcde"]  # six terminal columns each
    assert [len(block) for block in blocks(five, 30)] == [5]
    assert [len(block) for block in blocks(five, 29)] == [3, 2]
    assert [len(block) for block in blocks(five, 1)] == [1] * 5
    assert blocks([], 10) in ([], [[]])
    uneven = [Column("a" * width, []) for width in (18, 3, 3, 3)]
    assert [[len(c.header) for c in block] for block in blocks(uneven, 20)] == [[18], [3, 3, 3]]


def test_yardsticks_are_one_line_an_arm() -> None:
    text = yardsticks_table(small())
    assert lines(text, "arm")[0] == ["arm", "pairs", "MAE", "95%", "interval", "bias", "exact", "QWK", "N/A"]
    assert lines(text, "full")[0] == ["full", "18", "0.30", "0.20", "to", "0.40", "+0.25", "50%", "0.75", "2/4/6"]
    assert max(map(len, text.splitlines())) <= 80


def test_gains_count_the_dimensions_in_which_they_are_certain() -> None:
    text = gains_table(small())
    assert lines(text, "full")[0] == ["full", "base", "+0.10", "0.00", "to", "+0.20", "0.010", "1", "1"]
    assert lines(text, "semantic")[0][-2:] == ["0", "0"]
    assert gains_table(replace(small(), differences=())) == ""


def test_cost_says_what_was_evaluated_and_what_was_saved() -> None:
    costs = (
        Cost("judging full", 3, 1, 1200, 5000, 10, 60.0, 1500, 90.0),
        Cost("checks", 3, 1, 34, 10_000, 0, 5.0, 34, 5.0),
    )
    assert cost(replace(small(), costs=costs)) == (
        "tokens: 1,234 evaluated and 10 written in 1 min 5 s, 15,000 saved by shared prefixes and kept answers; "
        "behind all answers, whenever they were computed: 1,534 in 1 min 35 s"
    )
    assert cost(replace(small(), costs=())) == ""


def test_what_to_do_next_follows_from_the_result() -> None:
    result = small()
    assert next_steps(result) == [
        "align the judge with all labels: nbalign align",
        "clearer labels: the best arm is as near to the raters already as they are to each other",
    ]
    uncertain = replace(result, differences=(), floors=(), unresolved=1, noise=(_noise(False), _noise(True)))
    assert next_steps(uncertain) == [
        "decide the 1 score on which raters disagree, in nbalign tui",
        "1 case with raters more than half of the scale apart: settle it before aligning",
        "label more notebooks, above all where the error is largest, and write down why",
        "let a second rater score some notebooks, so that the noise floor is known",
    ]


def _noise(decided: bool) -> Noise:
    return Noise("a", "a.ipynb", "model_use", (), decided)


def test_the_whole_says_what_was_compared_then_the_tables_the_verdict_notes_cost_and_what_is_next() -> None:
    result = replace(small(), notes=("the first note", "the second note"))
    text = whole(result, 80)
    order = [
        "ml-notebook", "dimension ", "MAE: mean distance", "arm ", "bias: arm minus raters", "+0.10", "gain: MAE",
        "nearest to the raters", "note: the first note", "note: the second note", "tokens: ", "next: ",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert all(part for part in paragraphs(text))


def test_many_notes_are_cut_and_counted() -> None:
    text = whole(replace(small(), notes=tuple(f"said {n}" for n in range(40))), 80)
    assert "note: said 11\n" in text
    assert "said 12" not in text
    assert "note: 28 more notes are in the JSON" in text


def test_without_anything_to_compare_it_says_so() -> None:
    empty = replace(
        small(), arms=(), rows=(), differences=(), floors=(), costs=(), dimensions=(), levels=(), predictions=()
    )
    text = whole(empty, 80)
    assert "Nothing can be compared" in text
    assert "MAE" not in text
    unscored = replace(
        small(),
        rows=tuple(replace(r, n=0, ordinal=0, mae=None, bias=None, exact=None, kappa=None) for r in small().rows),
        differences=(),
    )
    assert "Nothing can be compared" in whole(unscored, 80)


def test_an_arm_without_figures_has_dashes() -> None:
    result = small()
    result = replace(
        result,
        rows=tuple(replace(r, ordinal=0, mae=None, bias=None) if r.arm == "full" else r for r in result.rows),
    )
    assert lines(errors_table(result, 80), "model_use")[0][3].startswith("–")
    assert lines(yardsticks_table(result), "full")[0][2:5] == ["–", "–", "–"]


def test_a_mean_over_fewer_dimensions_is_in_brackets_and_never_the_best() -> None:
    result = small()
    rows = [r for r in result.rows if (r.arm, r.dimension) != ("semantic", "data_imputation")]
    result = replace(
        result,
        rows=tuple(replace(r, mae=around(0.2)) if (r.arm, r.dimension) == ("semantic", MACRO) else r for r in rows),
    )
    found = lines(errors_table(result, 70), "mean")[0]
    assert found[2:5] == ["0.40", "▸0.30", "(0.20)*"]
    assert lines(errors_table(result, 70), "data_imputation")[0][4] == "–"
    assert lines(yardsticks_table(result), "semantic")[0][2] == "(0.20)"
    assert "fewer dimensions" in " ".join(whole(result, 80).split())
    assert "fewer dimensions" not in " ".join(whole(small(), 80).split())


def test_without_base_and_constant_there_are_no_marks_and_no_column() -> None:
    result = small()
    result = replace(
        result,
        arms=("full", "semantic"),
        rows=tuple(r for r in result.rows if r.arm in ("full", "semantic")),
        differences=(),
    )
    text = whole(result, 80)
    assert not re.search(r"\d[*▼]", text)
    assert "const" not in text
    assert "Holm" not in text


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mred\x1b[0m\x1b]0;title\x07",
        "[bold red]markup[/] [link=file:///etc/passwd]x[/link]",
        "line\nbreak\r\nand\ttab\x00\x07\x9b31m",
        "\u202egnp.exe\u202c\u200b\u2066",
        "x" * 100_000,
        "",
    ],
)
@pytest.mark.parametrize("width", [80, 120])
def test_hostile_names_and_notes_stay_text(text: str, width: int) -> None:
    shown = whole(hostile(text), width)
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert max(map(len, shown.splitlines())) <= width or text.startswith("x")
    assert len(shown) < 40_000
    if text.startswith("["):
        assert "[bold red]markup[/]" in shown


def test_the_terminal_decides_the_width_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert whole(made(8)) == whole(made(8), 120)
    monkeypatch.setenv("COLUMNS", "80")
    assert whole(made(8)) == whole(made(8), 80)
