"""What people said and what was learned from it: guidelines, disagreements, noise, each bounded and clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.align.model import Remark
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.report.cells import Citations, Cited
from nbalign.evaluate.report.words import count, line, listed, number, passage

MOST_GUIDELINES = 300
MOST_SOURCES = 40
MOST_CASES = 100  # disagreements, and cases of noise
_MOST_REMARKS = 20
_MOST_FACTS = 20
_MOST_CELLS = 30


@dataclass(frozen=True, slots=True)
class Saying:
    """What one person gave and said.

    Attributes:
        who: Rater, and what else is to be known of where it stands.
        score: Digit and its name.
        text: Words, clean; may be empty.
        cells: Cited cells.
        decision: Whether it settles the case.
    """

    who: str
    score: str
    text: str
    cells: tuple[Cited, ...] = ()
    decision: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """A guideline.

    Attributes:
        text: The guideline.
        state: Where it stands with the experts.
        folds: In which folds it was learned.
        sources: Who said what.
        more: How many sources are not shown.
    """

    text: str
    state: str
    folds: str
    sources: tuple[Saying, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Case:
    """A notebook and dimension on which two sides differ.

    Attributes:
        anchor: Its id in the page.
        name: The notebook.
        dimension: Title of the dimension.
        sides: (who, score in words), two of them; none for noise.
        sayings: What raters said.
        facts: Facts read off the notebook.
        more: What is left out, in words; mostly empty.
        decided: Whether a decision settles it.
    """

    anchor: str
    name: str
    dimension: str
    sides: tuple[tuple[str, str], ...]
    sayings: tuple[Saying, ...]
    facts: tuple[str, ...]
    more: str
    decided: bool


def score_name(result: ExperimentResult, score: int) -> str:
    """A digit and its name, such as `3 good`; the digit alone where it has no other name."""
    names = dict(zip(result.values, result.value_names, strict=False))
    name = line(names.get(score, ""), 40)
    return f"{score} {name}" if name and name != str(score) else str(score)


def guidelines(result: ExperimentResult) -> list[tuple[str, list[Learned]]]:
    """(dimension's title, its guidelines), in the rubric's order; those learned in most folds first."""
    kept = result.guidelines[:MOST_GUIDELINES]
    titles = dict(result.dimensions)
    order = [*titles, *(one.guideline.dimension for one in kept if one.guideline.dimension not in titles)]
    groups = []
    for dimension in dict.fromkeys(order):
        found = [one for one in kept if one.guideline.dimension == dimension]
        found.sort(key=lambda one: (-len(one.folds), -len(one.cited)))
        learned = [
            Learned(
                text=passage(one.guideline.text, 400),
                state=one.guideline.state,
                folds=_folds(one.folds, result.fold_count),
                sources=tuple(
                    Saying(f"{line(rater, 60)}, {line(name, 80)}", score_name(result, score), passage(words, 1000))
                    for name, rater, score, words in one.cited[:MOST_SOURCES]
                ),
                more=max(0, len(one.cited) - MOST_SOURCES),
            )
            for one in found
        ]
        if learned:
            groups.append((line(titles.get(dimension, dimension), 60), learned))
    return groups


def disagreements(result: ExperimentResult, citations: Citations) -> list[Case]:
    """The worst disagreements that remain, as given, the first hundred of them."""
    cases = []
    for n, one in enumerate(result.disagreements[:MOST_CASES], start=1):
        anchor, title = f"disagreement-{n}", f"disagreement {n}"
        sayings, more = _sayings(result, one.notebook, one.name, one.remarks, citations, anchor, title)
        facts = tuple(line(fact, 400) for fact in one.facts[:_MOST_FACTS])
        if len(one.facts) > _MOST_FACTS:
            more = " ".join(filter(None, (more, f"{count(len(one.facts) - _MOST_FACTS, 'more fact')} not shown.")))
        arm = (line(one.arm, 40), f"{score_name(result, one.score)} (expected {number(one.expected)})")
        sides = (arm, ("raters", score_name(result, one.truth)))
        dimension = line(dict(result.dimensions).get(one.dimension, one.dimension), 60)
        cases.append(Case(anchor, line(one.name, 80), dimension, sides, sayings, facts, more, False))
    return cases


def noise(result: ExperimentResult, citations: Citations) -> list[Case]:
    """Where raters are more than half of the scale apart: what nobody has decided first, the first hundred of them."""
    cases = []
    for n, one in enumerate(sorted(result.noise, key=lambda one: one.decided)[:MOST_CASES], start=1):
        anchor, title = f"noise-{n}", f"noise {n}"
        sayings, more = _sayings(result, one.notebook, one.name, one.remarks, citations, anchor, title)
        dimension = line(dict(result.dimensions).get(one.dimension, one.dimension), 60)
        cases.append(Case(anchor, line(one.name, 80), dimension, (), sayings, (), more, one.decided))
    return cases


def fallbacks(result: ExperimentResult) -> list[str]:
    """How often an arm fell back on something simpler, and why; the twenty most frequent."""
    counted = Counter((one.arm, one.note) for one in result.predictions if one.note)
    shown = [
        f"{line(arm, 40)}, {count(times, 'score')}: {line(note, 240)}" for (arm, note), times in counted.most_common(20)
    ]
    if len(counted) > len(shown):
        shown.append(f"{count(len(counted) - len(shown), 'more reason')} not shown.")
    return shown


def _sayings(
    result: ExperimentResult,
    notebook: str,
    name: str,
    remarks: Sequence[Remark],
    citations: Citations,
    anchor: str,
    title: str,
) -> tuple[tuple[Saying, ...], str]:
    made = []
    cut = 0
    for remark in remarks[:_MOST_REMARKS]:
        cells = tuple(citations.cite(notebook, name, cell, anchor, title) for cell in remark.cells[:_MOST_CELLS])
        cut += len(remark.cells) - len(cells)
        decision = remark.role == "decision"
        made.append(
            Saying(line(remark.rater, 60), score_name(result, remark.score), passage(remark.text), cells, decision)
        )
    left_out = [count(len(remarks) - len(made), "more remark")] if len(remarks) > len(made) else []
    left_out += [count(cut, "more cited cell")] if cut else []
    return tuple(made), f"{listed(left_out)} not shown." if left_out else ""


def _folds(folds: Sequence[int], of: int) -> str:
    """Folds are counted from 1 for people."""
    if not folds:
        return "not learned in any fold"
    if len(set(folds)) == of and of > 1:
        return f"learned whichever of the {of} folds was held out"
    numbers = [str(fold + 1) for fold in sorted(set(folds))]
    return f"learned while fold{'' if len(numbers) == 1 else 's'} {listed(numbers, 20)} {_was(len(numbers))} held out"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"
