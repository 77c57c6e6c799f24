"""Warnings, logs, progress bars and pip: what they say in a word, or nothing."""

from __future__ import annotations

import re
from collections import Counter

from nbalign.judge.digest.model import Level, Line, Reduced, Removed

_WARNING = re.compile(r"^(?:.{0,400}?:\d+: )?(\w{0,60}Warning)\b:? ?(.*)$")
_STAMP = re.compile(r"^(?:\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d\S*|\[[IWED] [\d-]{10} [\d:,.]+\])\s*")
_LOG = re.compile(
    r"^(?:\[?(?:INFO|DEBUG|WARNING|WARN)\]?\b[\s:]|mlflow\b|\[LightGBM\]|\[\d\d:\d\d:\d\d\] )", re.IGNORECASE
)
_FAILURE = re.compile(
    r"\b(?:error|fail(?:ed|ure|s)?|exception|traceback|cannot|could not|not found|denied)\b", re.IGNORECASE
)
_TELLING_LOG = re.compile(
    r"Successfully registered|Created version|View (?:run|experiment)|Registered model|run_id", re.IGNORECASE
)
_URL = re.compile(r"\s*(?:at:?\s*)?https?://\S+")
_BAR = re.compile(r"\d{1,3}%\|.*\||[━█▏▎▍▌▋▊▉]{2,}|\d+/\d+ \[[=>.\s]{4,}\]|\b\d+(?:\.\d+)?(?:it/s|s/it|[kMG]?B/s)\b")
_BAR_VALUE = re.compile(r"\b(?:loss|acc\w*|auc|mae|mse|rmse)\b\W{0,3}\d", re.IGNORECASE)
_PIP = re.compile(
    r"^\s*(?:Requirement already satisfied|Collecting |Downloading |Using cached |Installing collected"
    r"|Building wheel|Preparing metadata|Created wheel|Stored in directory|Getting requirements|Installing build"
    r"|Obtaining |Looking in |Attempting uninstall|Found existing|Uninstalling|Successfully (?:built|uninstalled)"
    r"|Note: you may need to restart|\[notice\]|WARNING: (?:Running pip|You are using pip|The script)"
    r"|Defaulting to user|Saved |Processing )"
)
_INSTALLED = re.compile(r"^\s*Successfully installed ")
_QUIET = {
    "FutureWarning",
    "DeprecationWarning",
    "PendingDeprecationWarning",
    "TqdmWarning",
    "ImportWarning",
    "ResourceWarning",
    "Warning",
}
_QUIET_MESSAGE = re.compile(r"^(?:Hint: Inferred schema|IProgress not found|Distutils|pkg_resources)")
_MESSAGE_CHARS = 70

_WARNINGS = "warnings"
_LOGS = "logs and progress bars"
_PIP_OUTPUT = "pip output"


def sift(rows: list[str], *, stderr: bool) -> tuple[list[str], Reduced]:
    """Takes warnings, log lines, progress bars and pip's words out of the lines of a stream.

    Args:
        rows: The lines.
        stderr: Whether they come from stderr, where the words after a warning belong to it.

    Returns:
        The lines that are left, and what the others come down to.
    """
    kinds: Counter[str] = Counter()
    messages: dict[str, str] = {}
    gone: dict[str, list[str]] = {_WARNINGS: [], _LOGS: [], _PIP_OUTPUT: []}
    left: list[str] = []
    said: dict[str, Level] = {}
    after_warning = False
    for row in rows:
        stamp = _STAMP.match(row)
        body = row[stamp.end() :] if stamp else row
        warning = None if stamp else _WARNING.match(row)
        if warning:
            kind, message = warning.group(1), warning.group(2).strip()
            if kind not in _QUIET and not _QUIET_MESSAGE.match(message):
                kinds[kind] += 1
                messages.setdefault(kind, message)
            gone[_WARNINGS].append(row)
            after_warning = True
        elif after_warning and _continues(row, body, stamped=bool(stamp), stderr=stderr):
            gone[_WARNINGS].append(row)
        elif _BAR.search(row):
            after_warning = False
            if _BAR_VALUE.search(row):
                left.append(row)
            else:
                gone[_LOGS].append(row)
        elif _PIP.match(row):
            gone[_PIP_OUTPUT].append(row)
        elif _INSTALLED.match(row):
            said[row.strip()] = Level.LOW
        elif (stamp and stderr) or _LOG.match(body):
            after_warning = False
            level = _log_level(body)
            if level is None:
                gone[_LOGS].append(row)
            else:
                said[_URL.sub("", body).strip()] = level
        else:
            after_warning = False
            left.append(row)
    lines = [Line(text, level, _LOGS, at) for at, (text, level) in enumerate(said.items())]
    if kinds:
        lines.append(Line(_summary(kinds, messages), Level.MID, _WARNINGS, mark=True))
    removed = tuple(
        Removed(what, "\n".join(texts), of_output=True)
        for what, texts in gone.items()
        if any(text.strip() for text in texts)
    )
    return left, Reduced(tuple(lines), removed)


def _continues(row: str, body: str, *, stamped: bool, stderr: bool) -> bool:
    """Whether a line after a warning still belongs to it."""
    if stamped or _LOG.match(body) or _BAR.search(row):
        return False
    if row.startswith((" ", "\t")):
        return True
    return stderr and not _FAILURE.search(row)


def _log_level(body: str) -> Level | None:
    if _FAILURE.search(body) and not re.search(r"\bWARNING\b|\bINFO\b", body):
        return Level.KEY
    return Level.LOW if _TELLING_LOG.search(body) else None


def _summary(kinds: Counter[str], messages: dict[str, str]) -> str:
    parts = []
    for kind, number in sorted(kinds.items()):
        message = messages[kind].rstrip(".")
        words = f": {message}" if kind == "UserWarning" and message else ""
        if len(words) > _MESSAGE_CHARS:
            words = words[: _MESSAGE_CHARS - 1].rstrip() + "…"
        parts.append(f"{number} {kind}{words}" if number > 1 else f"{kind}{words}")
    total = sum(kinds.values())
    return f"[{total} warning{'s' if total > 1 else ''}: {', '.join(parts)}]"
