"""Claims in words held against the numbers that outputs show; silent unless the case is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbalign.evidence.facts.metrics.claims import Sentence
from nbalign.evidence.facts.metrics.class_balance import Balance
from nbalign.evidence.facts.metrics.confusion import Matrix
from nbalign.evidence.facts.metrics.metric_names import BY_NAME, SHARES, WRITTEN, title
from nbalign.evidence.facts.metrics.metrics_kinds import CONTRADICTED, MISQUOTED, PRAISED
from nbalign.evidence.facts.metrics.shown_numbers import Shown
from nbalign.evidence.model import Fact

_LONGEST = 58
_CASES = (
    r"(?:frauds?|churners?|default(?:er)?s?|failures?|positives?|malignant|patients?|cases|"
    r"anomal\w+|attacks?|sick|events?)"
)
_FOUND = (
    r"(?:find|finds|found|catch(?:es)?|caught|detect(?:s|ed)?|recogni[sz]e[sd]?|identif(?:y|ies|ied)|"
    r"captures?d?|flag(?:s|ged)?|"
    r"spots?)"
)
_ALL = r"(?:(?:almost|nearly|virtually|practically) (?:all|every)|all|most|the (?:vast )?majority)"
_FINDS = re.compile(
    rf"\b{_FOUND} {_ALL}\b(?: of)?(?: the)?(?: \w+){{0,2}}? {_CASES}\b|"
    rf"\b{_ALL}\b(?: of)?(?: the)?(?: \w+){{0,2}}? {_CASES} (?:is|are|was|were|get) {_FOUND}\b|"
    rf"\b(?:very )?few {_CASES} (?:slip|are missed)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?<![a-z])(?:baseline|base|plain|simple|default|vanilla|untuned)(?![a-z])", re.IGNORECASE)
_BEATS = re.compile(
    r"\b(?:beats?|outperforms?|(?:much |clearly |far |significantly |slightly )?better than|"
    r"improves? (?:on|over|upon)|well above)"
    r" (?:the |a |our |all |both |any )?(?:\w+ )?(?:baselines?|dummy|naive|na[iï]ve|majority|"
    r"persistence|mean predictor)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|hardly|barely|fails?|cannot|neither|nor|only|but|although|however|except|than half)\b|n't\b",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b(?:the )?(?:hardest|most difficult|worst|weakest|(?:largest|biggest|highest) errors?|least accurate)\b",
    re.IGNORECASE,
)
_EASY = re.compile(r"\b(?:the )?(?:easiest|(?:smallest|lowest) errors?|most accurate|best predicted)\b", re.IGNORECASE)
_QUOTED = re.compile(
    r"\s*(?:score\s*)?(?:of|is|was|=|:|reached|reaches|at)\s+(?:about\s+)?(?P<value>\d+\.\d{2,4}|"
    r"\d{1,2}\.\d{1,2}\s?%)(?!\d|\.\d)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:target|goal|aim\w*|paper|publish\w*|previous\w*|earlier|literature|benchmark|other|would|"
    r"could|should|if|minus|"
    r"difference|gain|drop\w*|below|above|over|under|more than|less than|at least|at most|between|to|"
    r"from|last (?:year|time)|"
    r"improve\w*|reduc\w*|bootstrap|interval)\b",
    re.IGNORECASE,
)


def claim_facts(
    words: Sequence[Sentence],
    shown: Sequence[Shown],
    matrices: Sequence[Matrix],
    numbers: frozenset[float],
    balance: Balance | None,
) -> Iterator[Fact]:
    """Facts about sentences that the numbers shown before them contradict.

    Args:
        words: All sentences.
        shown: All numbers with the names of metrics.
        matrices: All confusion matrices.
        numbers: Every number in every output.
        balance: Class balance, where known.
    """
    told: set[tuple[str, int]] = set()
    for sentence in words:
        before = [s for s in shown if s.cell <= sentence.cell]
        if not before and not matrices:
            continue
        for fact in (
            _found(sentence, before, [m for m in matrices if m.cell <= sentence.cell]),
            _beaten(sentence, before),
            _extreme(sentence, before),
            _praised(sentence, before, balance),
            _misquoted(sentence, before, numbers),
        ):
            if fact is not None and (fact.kind.name, sentence.cell) not in told:
                told.add((fact.kind.name, sentence.cell))
                yield fact


def cut(text: str) -> str:
    """Words of a notebook, short enough for a sentence of ours, on one line."""
    plain = " ".join(text.split()).replace('"', "'")
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"


def _found(sentence: Sentence, shown: list[Shown], matrices: list[Matrix]) -> Fact | None:
    claim = _FINDS.search(sentence.text)
    before = sentence.text[: claim.start()] if claim else ""
    if not claim or _DENIED.search(before) or re.search(r"\b(?:to|can|could|would|should|will|might)\s*$", before):
        return None
    recalls = [s for s in shown if s.metric == "recall" and s.rows not in ("train", "cv") and not s.averaged]
    reports = {(s.cell, s.table) for s in shown if s.metric == "support"}
    recalls = [s for s in recalls if (s.cell, s.table) not in reports and not s.baseline]
    named = [s for s in recalls if len(s.owner) > 2 and s.owner.lower() in sentence.text.lower()]
    if not named and _PLAIN.search(sentence.text):
        named = [s for s in recalls if _PLAIN.search(s.owner)]
        named = named if len(named) == 1 else []
    values = [(s.value, s.cell) for s in named or recalls]
    if not named:
        values += [(m.recall, m.cell) for m in matrices if m.recall is not None]
    if not values:
        return None
    (low, _), (high, _) = min(values), max(values)
    cells = {sentence.cell, *(cell for _, cell in values)}
    if high < 0.5:
        span = f"{low:.3g}" if high - low < 0.005 else f"{low:.3g} to {high:.3g}"
        return CONTRADICTED.fact(f'says "{cut(claim[0])}", but the recall shown is {span}', cells)
    return None


def _beaten(sentence: Sentence, shown: list[Shown]) -> Fact | None:
    claim = _BEATS.search(sentence.text)
    if not claim or _DENIED.search(sentence.text):
        return None
    verdicts: list[tuple[str, float, float, int]] = []
    for cell, table, metric in {(s.cell, s.table, s.metric) for s in shown if s.table >= 0 and s.metric in BY_NAME}:
        group = [s for s in shown if (s.cell, s.table, s.metric) == (cell, table, metric)]
        base, models = [s.value for s in group if s.baseline], [s.value for s in group if not s.baseline]
        if base and models:
            better = max if BY_NAME[metric].higher else min
            best, floor = better(models), better(base)
            if (best > floor) == BY_NAME[metric].higher and best != floor:
                return None
            verdicts.append((metric, best, floor, cell))
    if not verdicts:
        return None
    metric, best, floor, cell = sorted(verdicts)[0]
    text = f'says "{cut(claim[0])}", but {title(metric)} is {best:g} against {floor:g} for the baseline'
    return CONTRADICTED.fact(text, {sentence.cell, cell})


def _extreme(sentence: Sentence, shown: list[Shown]) -> Fact | None:
    """A group that is called the hardest (or easiest), while the table shows the opposite."""
    hard, easy = _HARD.search(sentence.text), _EASY.search(sentence.text)
    if bool(hard) == bool(easy) or re.search(r"\b(?:not|no longer|second|for|if|before)\b|n't\b", sentence.text):
        return None
    words = set(re.findall(r"[\w-]+", sentence.text))
    tables: dict[tuple[int, int], list[Shown]] = {}
    for s in shown:
        known = BY_NAME.get(s.metric)
        of_errors = known is not None and not known.higher and (known.task == "numbers" or known.name == "error")
        if of_errors and s.table >= 0 and s.rows != "train":
            tables.setdefault((s.cell, s.table), []).append(s)
    for (cell, _), rows in tables.items():
        named = {s.owner for s in rows if s.owner in words and len(s.owner) > 1 and not s.owner.isdigit()}
        columns = {s.label for s in rows}
        values = {s.owner: abs(s.value) for s in rows}
        if len(named) != 1 or len(columns) != 1 or len(values) < 3 or len(values) != len(rows):
            continue
        name = named.pop()
        wrong = min(values.values()) if hard else max(values.values())
        if values[name] == wrong and sorted(values.values()).count(wrong) == 1:
            what = "smallest" if hard else "largest"
            said = (hard or easy)[0]  # type: ignore[index]
            text = f"calls {cut(name)} {said!r}, but its error is the {what} shown ({values[name]:g})"
            return CONTRADICTED.fact(text, {sentence.cell, cell})
    return None


def _praised(sentence: Sentence, shown: list[Shown], balance: Balance | None) -> Fact | None:
    if not sentence.praise:
        return None
    fair = [s for s in shown if s.rows != "train" and not s.baseline and not s.averaged and s.metric in BY_NAME]
    for metric, poor in (("r2", 0.3), ("roc_auc", 0.62), ("f1", 0.3)):
        values = [s for s in fair if s.metric == metric]
        best = max(values, key=lambda s: s.value, default=None)
        if best is not None and best.value < poor:
            text = f'calls the result "{cut(sentence.praise)}", but {title(metric)} is {best.value:.2f} at best'
            return PRAISED.fact(text, {sentence.cell, best.cell})
    classes = {s.metric for s in fair if BY_NAME[s.metric].task == "classes"}
    accuracy = max((s for s in fair if s.metric == "accuracy"), key=lambda s: s.value, default=None)
    largest = balance.largest if balance else None
    if balance and accuracy and classes == {"accuracy"} and largest and accuracy.value <= largest + 0.005:
        text = (
            f'calls accuracy {accuracy.value:.3f} "{cut(sentence.praise)}", '
            f"but always naming the largest class gives {largest:.3f}"
        )
        return PRAISED.fact(text, {sentence.cell, accuracy.cell, balance.cell} - {0})
    return None


def _misquoted(sentence: Sentence, shown: list[Shown], numbers: frozenset[float]) -> Fact | None:
    """A metric's value in words that no output shows, although outputs show that metric."""
    if sentence.printed or _ELSEWHERE.search(sentence.text):
        return None
    for name in WRITTEN.finditer(sentence.text):
        metric = name.lastgroup or ""
        quote = _QUOTED.match(sentence.text, name.end())
        mine = [s for s in shown if s.metric == metric]
        if not quote or not mine or metric == "error":
            continue
        percent = quote["value"].endswith("%")
        plain = quote["value"].rstrip(" %")
        said = float(plain) / (100 if percent else 1)
        off = 0.51 * 10 ** -(len(plain.partition(".")[2]) + (2 if percent else 0))
        near = numbers | {1 - n for n in numbers} | {n / 100 for n in numbers}
        if percent and metric not in SHARES:
            continue
        if not any(abs(abs(n) - said) <= off for n in near):
            text = f"says {title(metric)} {quote['value']}, a number that no output shows (shown: {mine[-1].value:g})"
            return MISQUOTED.fact(text, {sentence.cell, mine[-1].cell})
    return None
