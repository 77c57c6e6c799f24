"""What the prompt asks for: training, predictions, and for which rows; unknown stays unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Predictions = Literal["unknown", "none", "some", "table", "rows", "future", "past"]

_ASKS_TRAINING = re.compile(
    r"\b(?:re-?train|train|build|fit|fine-?tune|tune|develop|model|predict|forecast|classif|regress|estimat|detect|"
    r"scor(?:e|ing)|rank|recogni[sz]|cluster|recommend|learn|likely|tell me|which|baseline)",
    re.IGNORECASE,
)
_MAKES_MODEL = re.compile(
    r"\b(?:re-?train|train(?!ed)|build|fit|fine-?tune|tune|develop|create|learn)(?:s|ing)?\b", re.IGNORECASE
)
_HAS_MODEL = re.compile(
    r"\b(?:existing|already[- ](?:trained|fitted)|pre-?trained|saved|stored|deployed|provided|fitted|trained)\s+"
    r"(?:[\w-]+\s+){0,3}(?:model|pipeline|classifier|regressor|estimator|forest|network)s?\b|"
    r"\b(?:load|use|apply|evaluate|score with|open)\b[^.]{0,60}\.(?:pkl|pickle|joblib|sav|onnx|h5|keras|pt|pth)\b",
    re.IGNORECASE,
)
_NO_TRAINING = re.compile(
    r"\b(?:do not|don'?t|no need to|without|not)\s+(?:yet\s+)?(?:train|fit|build)(?:ing)?\s+(?:\w+\s+){0,2}models?\b|"
    r"\bno\s+(?:model(?:l?ing)?|training)\b",
    re.IGNORECASE,
)
_LOOKS_ONLY = re.compile(
    r"\b(?:explor|eda\b|visuali[sz]|clean|profil|summari[sz]|plot|describ|data quality|inspect|report on)",
    re.IGNORECASE,
)
_ASKS_PREDICTIONS = re.compile(
    r"\b(?:predict|forecast|classif|estimate|detect|scor(?:e|ing)|value (?:these|this|the)|recogni[sz]|identif|flag|"
    r"rank|which|tells? me|recommend|choose|how (?:much|many)|likely|infer|label|model the (?:number|count)|"
    r"apply (?:it|the model)|what will|will .{1,40}\?)",
    re.IGNORECASE,
)
_STOPS_AT_MODEL = re.compile(
    r"\b(?:build|train|fit|compare|tune|baseline|explain|explor|evaluat|benchmark|analy[sz]|understand|driv(?:e|ing)|"
    r"importan)",
    re.IGNORECASE,
)
_PAST = re.compile(r"\blast \d+ \w+ (?:of|in) the (?:data|series|file|record)|\bhindcast|\bbacktest", re.IGNORECASE)
_FUTURE = re.compile(
    r"\b(?:next|coming|upcoming|following)\s+(?:\d+|two|three|four|five|six|seven|ten|twelve)?\s*"
    r"(?:hours?|days?|weeks?|months?|quarters?|years?|season|periods?|steps?|cycle)\b|\btomorrow\b",
    re.IGNORECASE,
)
_ROWS = re.compile(
    r"\bthese\s+(?:one|two|three|four|five|six|\d+)\s+\w+|\bfor this (?:customer|patient|house|home|applicant|person|"
    r"flight|car|flower|wine)\b|\bfor (?:a|an|the following) (?:new )?\w+ (?:with|aged|of|built|who)\b|"
    r"\bnew (?:customers|patients|applicants|listings|rows|data|samples|observations|transactions|homes|houses)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"\bwhich \w+ (?:in|from|of)\b|\b(?:score|rank|flag|rate) (?:all |every |each |the )?\w+ (?:in|from)\b|"
    r"\bfor (?:the|all|every|each) \w+ (?:in|from)\b|\bchoose which\b|\branked list\b",
    re.IGNORECASE,
)
_IN_FILE = re.compile(r"\bwhich (?:\w+ )?\w+ in \S*\w\.(?:csv|tsv|parquet|xlsx?|json)\b", re.IGNORECASE)
# What the model is for: whoever acts on it needs predictions, though the prompt does not say of what.
_SERVES = re.compile(
    r"\bso (?:that )?(?:we|they|i|he|she|the [\w-]+(?: [\w-]+)?|our [\w-]+(?: [\w-]+)?) can (?:\w+ )?"
    r"(?:plan|call|contact|act|intervene|decide|prepare|order|schedul\w+|staff|target|prioriti[sz]e|price|offer|warn|"
    r"allocate|stock|visit|inspect|invite|focus)\b",
    re.IGNORECASE,
)
_SERIES = re.compile(r"\bforecast|\btime[- ]series\b|\bnext \d+\b|\bpredict the next\b", re.IGNORECASE)
_CLASSES = re.compile(
    r"\bclassif(?:y|ier|ication)\b|\bwhether\b|\brecogni[sz]e\b|\bwhich (?:class|species|category|digit)\b|"
    r"\bspecies\b|\bspam\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a prompt asks for.

    Attributes:
        training: Whether a model is to be trained; None when that cannot be told.
        predictions: `none` when it stops at a model or its drivers; `rows` for rows it names, `future` for times to
            come, `past` for the end of the data, `table` for the rows of the file, `some` for any others; `unknown`
            without a prompt.
        series: Whether it speaks of a forecast.
        classes: Whether it asks for classes.
    """

    training: bool | None
    predictions: Predictions
    series: bool
    classes: bool


def read_prompt(prompt: str) -> Asked:
    """Reads what a prompt asks for; only its first 2,000 characters."""
    text = " ".join(prompt[:2000].split())
    if not text:
        return Asked(None, "unknown", False, False)
    return Asked(_training(text), _predictions(text), bool(_SERIES.search(text)), bool(_CLASSES.search(text)))


def _training(text: str) -> bool | None:
    if _HAS_MODEL.search(text) and not _MAKES_MODEL.search(text):
        return False
    if _NO_TRAINING.search(text) and not _MAKES_MODEL.search(_NO_TRAINING.sub("", text)):
        return False
    if _ASKS_TRAINING.search(text):
        return True
    return False if _LOOKS_ONLY.search(text) else None


def _predictions(text: str) -> Predictions:
    if not _ASKS_PREDICTIONS.search(text):
        if _FUTURE.search(text) or _ROWS.search(text):
            return "rows" if _ROWS.search(text) else "future"
        if _SERVES.search(text):
            return "unknown"
        return "none" if _STOPS_AT_MODEL.search(text) or _LOOKS_ONLY.search(text) else "unknown"
    if _PAST.search(text):
        return "past"
    if _ROWS.search(text):
        return "rows"
    if _FUTURE.search(text) and not _IN_FILE.search(text):
        return "future"
    return "table" if _TABLE.search(text) else "some"
