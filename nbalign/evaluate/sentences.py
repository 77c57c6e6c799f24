"""An agreement in a few plain sentences, each true of the numbers as they are shown (to two decimals)."""

from __future__ import annotations

from nbalign.evaluate.results import Agreement, Row, mean

FEWEST = 5  # pairs below which nothing is said about a judge, a dimension or raters
_EVEN = 0.05  # a shown bias nearer to zero is called neither lenient nor strict
_MANY_NA = 0.1  # share of pairs with one-sided N/A from which it is spoken of


def summary(agreement: Agreement) -> str:
    """Says what the table means.

    Is the judge nearer to the raters than always giving the median; is it too lenient or too strict; where is it
    worst; how far are raters from each other. Of fewer than 5 pairs it only says that they are too few.

    Args:
        agreement: Of any size, also empty.

    Returns:
        One to four sentences in one line, without markup.
    """
    ordinal = agreement.macro.ordinal
    sentences = []
    if not agreement.macro.n:
        under = f"under the rubric {agreement.rubric}"
        sentences.append(
            f"No notebook has both a judgement and a settled score {under}: there is nothing to compare yet."
        )
    elif ordinal < FEWEST:
        pairs = _count(ordinal, "pair")
        sentences.append(f"Judge and raters both gave a score in only {pairs}, too few to tell how good the judge is.")
    else:
        sentences += [_nearness(agreement), _leaning(agreement)]
    sentences += [_not_applicable(agreement), _floor(agreement)]
    return " ".join(sentence for sentence in sentences if sentence)


def _nearness(agreement: Agreement) -> str:
    macro = agreement.macro
    where = f" in {macro.dimensions} dimensions" if macro.dimensions > 1 else ""
    start = f"Over {_count(macro.ordinal, 'pair')}{where} the judge is {_number(macro.mae)} off on average"
    # Like with like: a dimension with a single true score has no constant to compare with.
    both = [row for row in agreement.rows if row.judge.mae is not None and row.constant_mae is not None]
    judge, constant = mean(row.judge.mae for row in both), mean(row.constant_mae for row in both)
    if judge is None or constant is None:
        return f"{start}."
    gap = round(judge, 2) - round(constant, 2)
    word = "no nearer to" if abs(gap) < 0.005 else "nearer to" if gap < 0 else "farther from"
    figures = _number(constant)
    if len(both) < macro.dimensions:
        figures = f"{_number(judge)} against {figures} in the {_count(len(both), 'dimension')} where both are known"
    return f"{start}, {word} the raters than always giving the median ({figures})."


def _leaning(agreement: Agreement) -> str:
    bias = agreement.macro.bias or 0.0
    if abs(round(bias, 2)) < _EVEN:
        start = f"On the whole it is neither lenient nor strict (bias {_signed(bias)})"
    else:
        start = f"On the whole it is too {'lenient' if bias > 0 else 'strict'} (bias {_signed(bias)})"
    told = [row for row in agreement.rows if row.judge.ordinal >= FEWEST]
    worst = max((round(_mae(row), 2) for row in told), default=0.0)
    if len(told) < 2 or worst == 0:
        return f"{start}."
    there = [row.title for row in told if round(_mae(row), 2) == worst]
    if len(there) == len(told):
        return f"{start}."
    names = there[0] if len(there) == 1 else f"{', '.join(there[:-1])} and {there[-1]}"
    return f"{start}, and it is worst at {names} (MAE {_number(worst)})."


def _not_applicable(agreement: Agreement) -> str:
    macro = agreement.macro
    apart = macro.na_only_judge + macro.na_only_truth
    if not macro.n or apart / macro.n < _MANY_NA:
        return ""
    return (
        f"In {apart} of {_count(macro.n, 'pair')} only one side says N/A "
        f"(judge {macro.na_only_judge}, raters {macro.na_only_truth}), which these averages leave out."
    )


def _floor(agreement: Agreement) -> str:
    macro = agreement.macro
    if not macro.rater_pairs:
        return "No notebook was scored by two raters, so the noise floor between raters is unknown."
    if macro.rater_pairs < FEWEST:
        pairs = _count(macro.rater_pairs, "pair")
        return f"Two raters scored the same thing in only {pairs}, too few to tell the noise floor."
    return f"Raters are {_number(macro.rater_mae)} apart from each other, the noise floor of these labels."


def _mae(row: Row) -> float:
    return row.judge.mae or 0.0


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _signed(value: float) -> str:
    return "0.00" if round(value, 2) == 0 else f"{value:+.2f}"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
