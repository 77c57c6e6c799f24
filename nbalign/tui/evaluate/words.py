"""What the room says of an experiment in sentences: at its head, of one figure, of the whole, and before any."""

from __future__ import annotations

from nbalign.evaluate.experiment.model import MACRO, ExperimentResult
from nbalign.evaluate.experiment.options import MEANINGS
from nbalign.evaluate.report.costs import saved
from nbalign.evaluate.report.verdict import verdict
from nbalign.evaluate.report.words import count, line, number, p_value, percent, signed, span, with_span
from nbalign.tui.evaluate.chart import LEGEND
from nbalign.tui.evaluate.figures import BEST, BETTER, WORSE, Figures

Part = str | tuple[str, str]  # plain text, or text and its style

_NOTES = 30


def head(result: ExperimentResult) -> list[Part]:
    """Its verdict, and which experiment this is."""
    told = [
        line(result.id, 12),
        f"{line(result.at[:16].replace('T', ' '), 16)} UTC",
        count(len(result.folds), "notebook"),
        count(result.fold_count, "fold"),
        line(result.model, 40) if result.model else "no model",
    ]
    return [(f"{verdict(result).headline}\n", "bold"), (" · ".join(told), "$text-muted")]


def detail(figures: Figures, dimension_index: int, arm: str) -> list[Part]:
    """The figure in focus with everything that is known of it, two or three short sentences."""
    dimension, title = figures.dimensions[dimension_index]
    figure = figures.at(arm, dimension)
    said: list[Part] = [(f"{line(title, 60)} · {line(arm, 40)}", "bold"), ": "]
    row = figure.row
    if row is None or figure.mae is None:
        said.append("no error here, since arm and raters never both gave a level of the scale.")
        return said
    said.append(
        f"{number(figure.mae.value)} off on average (MAE; 95% interval {span(figure.mae)}) over "
        f"{count(row.ordinal, 'pair')}. "
    )
    # What matters most comes first: on a small screen the end may be cut.
    found = figures.difference(arm, figures.base, dimension)
    if found is not None:
        against = line(figures.base or "", 40)
        nearer = "better" if found.gain.value > 0 else "worse"
        told = f"{figure.mark} Significantly {nearer} than" if found.significant else "Not significantly apart from"
        p = p_value(found.p if dimension == MACRO else found.adjusted)
        corrected = "" if dimension == MACRO else " after Holm's correction"
        said.append(f"{told} {against}: gain {with_span(found.gain, sign=True)}, p {p}{corrected}. ")
    if figure.partial:
        said.append("A mean over fewer dimensions than that of other arms, hence the brackets. ")
    said.append(f"Bias {signed(row.bias)}, exact {percent(row.exact)}, QWK {number(row.kappa)}.")
    if row.na is not None and row.na.both + row.na.only_a + row.na.only_b:
        said.append(f" N/A: both {row.na.both}, arm alone {row.na.only_a}, raters alone {row.na.only_b}.")
    return said


def marks(figures: Figures, *, chart: bool, table: bool) -> list[Part]:
    """What the marks in view mean: one line for the chart's own, one for those of both.

    Args:
        figures: The experiment.
        chart: Whether the chart is in view.
        table: Whether the table is.
    """
    said = f"{BEST} nearest"
    if figures.base is not None:
        said += f" · {BETTER} better, {WORSE} worse than {line(figures.base, 40)}: p < 0.05 after Holm's correction"
    if table:
        said += " · n scores · raters: apart from each other"
    return [("\n".join([LEGEND] * chart + [said]), "$text-muted")]


def meanings(figures: Figures) -> list[Part]:
    """The same at length."""
    base = figures.base
    said = f"{BEST} nearest to the raters in its row. n: scores on the levels. raters: their MAE from each other, the "
    said += "noise floor. (…): a mean over fewer dimensions than that of other arms."
    if base is not None:
        against = line(base, 40)
        said += f"\n{BETTER} significantly better than {against}, {WORSE} significantly worse: a paired bootstrap over "
        said += "notebooks gives p below 0.05 after Holm's correction over the dimensions."
    return [f"{LEGEND}\n", said]


def whole(figures: Figures) -> list[Part]:
    """Everything that stands around table and chart."""
    result = figures.result
    told = verdict(result)
    parts: list[Part] = [("What was compared\n", "bold $text-accent"), "\n".join(told.compared), "\n\n"]
    parts += [("What came of it\n", "bold $text-accent"), "\n".join((told.headline, *told.details)), "\n\n"]
    parts += [("Marks\n", "bold $text-accent"), *meanings(figures), "\n\n", ("Arms\n", "bold $text-accent")]
    for arm in result.arms:
        parts += [(line(arm, 40), "bold"), f": {MEANINGS.get(arm, 'an arm that this nbalign does not know')}\n"]
    notes = [line(note, 400) for note in result.notes[:_NOTES]]
    if len(result.notes) > _NOTES:
        notes.append(f"{len(result.notes) - _NOTES} more notes are on the page.")
    if result.unresolved:
        notes.append(f"{count(result.unresolved, 'score')} left out: raters disagree and nobody has decided.")
    if apart := sum(not case.decided for case in result.noise):
        notes.append(f"{count(apart, 'case')} with raters more than half of the scale apart, undecided when it ran.")
    if notes:
        parts += [("\nNotes\n", "bold $text-accent"), "\n".join(notes), "\n"]
    if cost := saved(result):
        parts += [("\nCost\n", "bold $text-accent"), cost, "\n"]
    return parts


def before_one(scores: int, notebooks: int, start: str, label: str) -> list[Part]:
    """What an experiment is, costs and needs, for a workspace that has none yet.

    Args:
        scores: Scores by raters that are here.
        notebooks: Notebooks that have any.
        start: The key that starts one.
        label: The key of the labelling room.
    """
    parts: list[Part] = [
        ("No experiment has been finished here yet.\n\n", "bold"),
        "An experiment answers one question: does what judges learn from raters bring them nearer to the raters, on "
        "notebooks whose labels they have not seen? The notebooks with settled scores are divided into folds. Each "
        "fold in turn is held out and scored by what learned from the others alone.\n\n",
        ("What it costs. ", "bold"),
        "The arms constant, counts and evidence ask no model: a minute or so. The others ask the model about every "
        "notebook: hours on a few cores. It runs beside the screen, can be stopped at any time, keeps every answer, "
        "and goes on where it was.\n\n",
    ]
    if not scores:
        return [
            *parts,
            ("What is missing. ", "bold"),
            f"There are no scores to learn from yet. Label notebooks ({label}), or take labels in: "
            "nbalign label import FILE",
        ]
    return [
        *parts,
        ("What is here. ", "bold"),
        f"{count(scores, 'score')} on {count(notebooks, 'notebook')}. ",
        (start, "bold"),
        " starts an experiment. From a shell: nbalign evaluate --arms constant,counts,evidence",
    ]
