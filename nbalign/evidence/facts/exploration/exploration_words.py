"""Words that read what an exploration shows: sentences in markdown, in comments and in printed texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbalign.notebooks.model import Cell

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CODE_SPAN = re.compile(r"`[^`\n]{1,120}`")
_NO_PROSE = re.compile(r"^\s*(?:#|>|\||!\[|<|---|===)")
_NUMBERED = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")
_ENDS = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z`*\"(])")
_PLAN = re.compile(
    r"^(?:now\b|next\b|first\b|then\b|let(?:'s| us| me)\b|in this\b|here (?:we|i)\b|plan\b|goal\b|steps?\b|task\b|"
    r"(?:we|i)(?:'ll| will| want| now| look| plot| check| load| start| need| use| begin)\b|to (?:see|find|check)\b|"
    r"the (?:data|file|dataset|table) (?:holds|has|contains|is in)\b|before any\b|look at\b|check\b|load\b|size,)",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:higher|lower|highest|lowest|larger|smaller|more|less|most|mostly|majority|skew\w*|rare\w*|imbalanc\w*|"
    r"unbalanc\w*|balanced|strong\w*|weak\w*|correlat\w*|rises?|rising|falls?|falling|grows?|growth|increas\w*|"
    r"decreas\w*|declin\w*|peaks?|outliers?|separat\w*|overlap\w*|differ(?:s|ent)?|constant|linear\w*|non-?linear\w*|"
    r"tails?|heavy|clear|clearly|pattern|cycles?|seasonal|trend|"
    r"suspicious|leaks?|leakage|placeholders?|stand-in|dominat\w*|"
    r"few|many|none|nothing|no (?:missing|gaps?|duplicates?|outliers?)|complete|twice|half|double|nearly|roughly|"
    r"plausible|regular|spread|range[sd]?|runs from|between|cluster\w*|redundan\w*|uneven\w*|evenly|flat|steep|"
    r"incomplete|(?:one|two|three|four|five|six|seven|eight|nine|ten) (?:\w+ )?(?:columns?|rows?|features?|values?)|"
    r"noisy|ties?|bent|curved|bimodal|zeros?|never|always|churn(?:s|ed)? (?:more|less))\b",
    re.IGNORECASE,
)
_STAGE = re.compile(
    r"clean|feature|prepar|preproc|model|train|split|imput|fill|encod|scal|pipeline|baseline|\bfit|setting|attempt|idea",
    re.IGNORECASE,
)
_STILL_EXPLORING = re.compile(
    r"find|see|tell|\bsay|show|learn|\bread|mean|observ|insight|takeaway|conclu|explor|look|eda\b|relation|against|"
    r"consequence|distribution",
    re.IGNORECASE,
)
_ABOUT_GAPS = re.compile(
    r"missing|\bgaps?\b|\bnan\b|\bnull|\bempty|imput|fill(?:ed|s|ing)?\b|complete\b|duplicate|dtypes?|\btypes?\b|numeric",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"\b(?:so|therefore|hence|thus|because|means?|must|should|cannot|can't|won't|needs?|candidates?|models?|split\w*|"
    r"stratif\w*|logs?|transform\w*|features?|drop(?:ped|s)?|keep|kept|stays?|predict\w*|inputs?|trees?|linear|baseline|"
    r"metric|accuracy|imput\w*|scal\w*|encod\w*|weights?|lags?|leak\w*|useful|matters?|choice|reference|leave out|"
    r"penal\w*|regulari\w*|groups?|confound\w*|control\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words make of the outputs.

    Attributes:
        findings: Number of sentences that state a finding.
        beyond_gaps: Those of them that are not only about missing values, duplicates and types.
        leads_on: Those that draw a consequence for the modelling.
        cells: Cells that hold them.
    """

    findings: int
    beyond_gaps: int
    leads_on: int
    cells: tuple[int, ...]


def read_words(cells: list[Cell], nodes: dict[int, tuple[ast.AST, ...]], looked: set[int]) -> Reading:
    """Counts the sentences that read outputs.

    Markdown counts where the code cell before it looks at the data, up to a heading of the next stage.

    Args:
        cells: The cells from the first look at the data to the first model.
        nodes: Nodes of the syntax tree of each of the code cells among them.
        looked: Numbers of the code cells that look at the data.
    """
    after_look = False
    findings = beyond = leads = 0
    where = []
    for cell in cells:
        if cell.kind == "code":
            after_look = cell.number in looked
        if not after_look:
            continue
        texts = _prose(cell.source) if cell.kind == "markdown" else _said(cell, nodes.get(cell.number, ()))
        if cell.kind == "markdown" and any(_next_stage(line) for line in cell.source.split("\n")):
            after_look = False
        for text in texts:
            if not _is_finding(text):
                continue
            findings += 1
            beyond += not _ABOUT_GAPS.search(text)
            leads += bool(_LEADS_ON.search(text))
            where.append(cell.number)
    return Reading(findings, beyond, leads, tuple(sorted(set(where))))


def _prose(source: str) -> Iterator[str]:
    """The sentences and list items of a markdown cell."""
    paragraph: list[str] = []
    lines = _FENCED.sub("", source[:20_000]).split("\n")
    for line in [*lines, ""]:
        if _next_stage(line):
            break
        if not line.strip() or _NO_PROSE.match(line) or _NUMBERED.match(line):
            yield from _ENDS.split(" ".join(paragraph)) if paragraph else ()
            paragraph = []
            if not line.strip() or _NO_PROSE.match(line):
                continue
            line = _NUMBERED.sub("", line)
        paragraph.append(line.strip())
    if paragraph:
        yield from _ENDS.split(" ".join(paragraph))


def _next_stage(line: str) -> bool:
    """Whether a line is the heading of what comes after the exploration."""
    return bool(line.lstrip().startswith("#") and _STAGE.search(line) and not _STILL_EXPLORING.search(line))


def _said(cell: Cell, nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Comments on lines of their own and constant texts that are printed: only long ones are taken for words."""
    for line in cell.source.split("\n")[:2000]:
        text = line.strip()
        if text.startswith("#") and not re.search(r"[=(){}\[\]]", text) and len(text.split()) >= 6:
            yield text.lstrip("# ")
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and len(given.value.split()) >= 7:
                    yield given.value


def _is_finding(text: str) -> bool:
    text = text.strip(" *_")
    words = len(text.split())
    if words < 4 or _PLAN.match(text) or text.endswith("?"):
        return False
    plain = _CODE_SPAN.sub(" ", text)
    return bool(_FINDS.search(plain)) or (bool(re.search(r"\d", plain)) and words >= 5)
