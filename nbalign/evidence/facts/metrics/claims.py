"""What a notebook says in words about its results: readings, praise, claims about classes, groups and baselines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.facts.metrics.metric_names import WRITTEN
from nbalign.evidence.facts.metrics.shown_numbers import texts
from nbalign.notebooks.model import Notebook

_MOST_TEXT = 8_000
_MOST_SENTENCE = 600
_FULL_CLAUSE = 8  # words before "should" or "would" that make a statement of their own
_WORD = re.compile(r"[A-Za-z]{2,}")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_END = re.compile(r"(?<=[.!?])[\"')\]*]*\s+(?=[\"'(*]*[A-Z0-9])|\n")
_ABOUT = re.compile(
    r"\b(?:errors?|accura\w+|scores?|models?|forecasts?|predictions?|predicts?|baselines?|fits?|fitted|classifie\w+|"
    r"winners?|formulas?|equations?|pipelines?|networks?|learners?|algorithms?|detectors?|"
    r"regressors?|regression|forest|boosting|xgboost|ridge|lasso|tree|svm|results?|performance|"
    r"false (?:alarms?|positives?|negatives?)|"
    r"errs?|residuals?|misclassif\w+|confus\w+|calibrat\w+|estimates?|probabilit\w+|rank\w*|variance)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"\b(?:better|worse|best|worst|beats?|outperform\w*|lower|higher|highest|lowest|smaller|larger|"
    r"largest|smallest|good|"
    r"great|excellent|poor\w*|weak\w*|strong\w*|modest\w*|slight\w*|only|barely|hardly|clearly|reliab\w*|overfit\w*|"
    r"underestimat\w*|overestimat\w*|improv\w*|reduc\w*|explain\w*|captures?|miss\w*|finds?|found|wins?|close|"
    r"comparable|similar|average|means|suggest\w*|indicat\w*|reach\w*|achiev\w*|off by|correct\w*|wrong|"
    r"mistakes?|useful|usable|perfect\w*|drops?|gain|gains|remain\w*|struggl\w*|confus\w*|well|solid|beyond|"
    r"nearly|almost|equal|same|unbiased|biased|realistic|honest\w*|limited|generali[sz]\w*|acceptable|impressive|"
    r"closely|identif\w*|recogni[sz]\w*|expect|trade\w*|halv\w*|doubl\w*|twice|against|than|versus|compared)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"^(?:\W*)(?:we(?:'ll| will| now| then| first| can now)|i(?:'ll| will| now)|let(?:'s| us| me)|next\b|now\b|here\b|"
    r"the following|finally, we|in this (?:step|section|part)|this (?:cell|section|step)|to (?:see|"
    r"check|evaluate|compare)|"
    r"(?:compute|evaluate|compare|plot|check|measure|train|fit|print|show|look|use|predict|save|log)\b)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:next (?:steps?|we could|one could)|could (?:try|be)|should|would|future work|will be)\b", re.IGNORECASE
)
_PRAISE = re.compile(
    r"\b(?:excellent\w*|outstanding|superb|exceptional\w*|(?:very|really|extremely|remarkably|highly) "
    r"(?:good|well|accurate\w*|reliabl[ey]|solid|closely|precise\w*)|great (?:result|"
    r"performance|accuracy|score|model|fit)s?|"
    r"(?:almost|nearly|near|practically)[ -]perfect\w*|perfect(?:ly)?|impressive\w*|fantastic|"
    r"state[- ]of[- ]the[- ]art|"
    r"(?:strong|solid|robust) (?:performance|model|result|predict\w+|recommender|accuracy|classifier)s?|"
    r"(?:performs?|works?|does|separates?|generali[sz]es?|predicts?|fits?)(?: [a-z ]{1,30})? (?:very |"
    r"really |extremely )well|"
    r"(?:is|are|be) (?:\w+ ){0,3}ready (?:for|to)|can be (?:used|determined|trusted|relied)|(?:can|"
    r"be) rel(?:y|ied) on|good to use|"
    r"production[- ]ready|no weak spots?|practically all|(?:highly|very) reliable)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:p-?values?|correlat\w+|missing|skew\w*|collinear\w*|columns?|features?|prices)\b", re.IGNORECASE
)
_COMPARES = re.compile(
    r"\b(?:better|worse|beats?|outperform\w*|ahead|behind|off by|missed by|misses|overfit\w*|modest\w*|barely|hardly|"
    r"underestimat\w*|overestimat\w*|explains|no better|almost all|nearly (?:all|every)|wins|correctly|most of the|"
    r"(?:higher|lower|smaller|larger|bigger|greater|fewer|more|less)(?: \w+){0,3} than(?! [\d.])|closer to|"
    r"well above|well below|"
    r"weak spot|weak point|hardest|struggl\w*|wrong (?:by|on|for)|worst|on average|"
    r"(?:two|three|four|five|six|seven|eight|nine) (?:out )?(?:of|in) (?:five|six|seven|eight|nine|ten|hundred)|"
    r"(?:a|one|two|three|four|nine) (?:thirds?|fifths?|tenths?)|(?:half|quarters?) of the|"
    r"every (?:second|third|tenth)|"
    r"(?:larger|largest|smaller|smallest|higher|highest|lower|lowest) (?:for|among|in (?:the )?\w+s?))\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:is|are) (?:called|defined|counted as|considered)\b|\bcome first\b|\bas follows\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|no longer|never|cannot|can't|isn't|aren't|doesn't|don't|won't|neither|nor|without|"
    r"too good|suspicious\w*|"
    r"however|but|although|though|only because|misleading|flatter\w*|far from|hardly|barely|if|unless|until|would|"
    r"could|should|aims?|goal|want|expect(?:ed)? to)\b|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in markdown, or one that code printed.

    Attributes:
        text: The sentence on one line.
        cell: Cell number.
        printed: Whether it comes out of code.
    """

    text: str
    cell: int
    printed: bool

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(_WORD.findall(self.text))

    @property
    def reads_results(self) -> bool:
        """Whether it says something about results: not a heading and not what will be done next."""
        if self.words < 4 or _DEFINES.search(self.text):
            return False
        # Advice or a modest clause at the end ("so the gain should not be oversold") takes nothing from what is read
        # before it; a sentence that is all about what could be done reads nothing.
        later = _NOT_YET.search(self.text)
        text = self.text[: later.start()] if later else self.text
        if later and len(_WORD.findall(text)) < _FULL_CLAUSE:
            return False
        about = _ABOUT.search(text) or WRITTEN.search(text)
        if not about or not (_VERDICT.search(text) or _COMPARES.search(text)):
            return False
        return not _ANNOUNCES.match(self.text) or bool(re.search(r"\d\.\d|\d\s?%", self.text))

    @property
    def compares(self) -> bool:
        """Whether it weighs or compares results in words, so that no number is needed to call it a reading."""
        return bool(_COMPARES.search(self.text)) or bool(self.praise)

    @property
    def praise(self) -> str:
        """The words of unqualified praise for a result in it; empty when there are none."""
        found = _PRAISE.search(self.text)
        if not found or _DENIED.search(self.text) or _OTHER.search(self.text):
            return ""
        about = _ABOUT.search(self.text) or WRITTEN.search(self.text) or self.words <= 14
        return found[0] if about else ""


def sentences(notebook: Notebook) -> tuple[Sentence, ...]:
    """All sentences in order: of markdown without its headings, and whole sentences that were printed."""
    found: list[Sentence] = []
    for cell in notebook.cells:
        if cell.kind == "markdown":
            found += [Sentence(text, cell.number, False) for text in _split(cell.source[:_MOST_TEXT])]
        elif cell.kind == "code" and cell.outputs:
            found += [Sentence(text, cell.number, True) for text in _printed(cell.number, notebook)]
    return tuple(found)


def _printed(number: int, notebook: Notebook) -> Iterator[str]:
    for text in texts(notebook.cell(number)):
        for line in text[:_MOST_TEXT].split("\n"):
            plain = line.strip()
            if plain.endswith((".", "!")) and len(re.findall(r"[A-Za-z]{2,}", plain)) >= 7 and "  " not in plain:
                yield plain[:_MOST_SENTENCE]


def _split(source: str) -> Iterator[str]:
    paragraph: list[str] = []
    fenced = False
    for line in [*source.split("\n"), ""]:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            continue
        bare = line.strip()
        ends = not bare or bare.startswith(("#", "|", ">")) or _BULLET.match(line)
        if ends and paragraph:
            yield from _sentences(" ".join(paragraph))
            paragraph = []
        if bare and not bare.startswith(("#", "|", ">")):
            paragraph.append(_BULLET.sub("", line).strip())
    if paragraph:
        yield from _sentences(" ".join(paragraph))


def _sentences(paragraph: str) -> Iterator[str]:
    plain = re.sub(r"\*\*|__|`", "", paragraph)
    for text in _END.split(plain):
        if text and text.strip():
            yield text.strip()[:_MOST_SENTENCE]
