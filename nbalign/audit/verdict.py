"""Whether to align again, and why, in plain words."""

from __future__ import annotations

from nbalign.audit.errors import FEWEST
from nbalign.audit.model import JudgeAudit, News, Verdict

ENOUGH_NOTEBOOKS = 10  # with new or changed labels
ENOUGH_SHARE = 0.2  # of the labels that were learned from
FIRST_NOTEBOOKS = 5  # labelled, before a first alignment has anything to learn from


def verdict(news: News, current: JudgeAudit | None) -> Verdict:
    """Decides from the labels and from the error of the judge in use.

    Args:
        news: What is new among the labels.
        current: The judge that judged last; None where nothing was judged.
    """
    if not news.memory:
        return _first(news)
    reasons = [reason for reason in (_worse(current), _enough(news)) if reason]
    if reasons:
        return Verdict(True, "Align again.", tuple(reasons))
    return Verdict(False, "No need to align again.", (_sound(current), _few(news)))


def _first(news: News) -> Verdict:
    if news.labelled >= FIRST_NOTEBOOKS:
        return Verdict(
            True, "Align.", (f"{_notebooks(news.labelled)} labelled, and nothing has been learned from them yet.",)
        )
    return Verdict(
        False,
        "Too early to align.",
        (
            f"Nothing has been aligned, and {_notebooks(news.labelled)} labelled; "
            f"label {FIRST_NOTEBOOKS} or more with reasons first.",
        ),
    )


def _worse(current: JudgeAudit | None) -> str:
    if current is None or current.promise is None or not current.memory:
        return ""
    macro = current.rows[-1]
    if not macro.worse or macro.mae is None or macro.promised is None:
        return ""
    return (
        f"The error on {_random(current.labelled)} is {macro.mae.value:.2f} "
        f"[{macro.mae.low:.2f}, {macro.mae.high:.2f}], significantly above the {macro.promised.value:.2f} that "
        "cross-validation promised."
    )


def _enough(news: News) -> str:
    count = news.new + news.changed + news.gone
    much = news.learned and count >= ENOUGH_SHARE * news.learned
    if not count or not (much or news.notebooks >= ENOUGH_NOTEBOOKS):
        return ""
    share = f", {count / news.learned:.0%} of the {news.learned} it learned from" if news.learned else ""
    return f"{_changes(news)} since the latest memory{share}, in {_notebooks(news.notebooks, '')}."


def _sound(current: JudgeAudit | None) -> str:
    if current is None:
        return "No judge has scored anything yet, so its error is not known."
    if not current.memory:
        return "The judge that judged last is unaligned: judge with the memory to see how its error holds."
    macro = current.rows[-1]
    if macro.mae is None or current.labelled < FEWEST:
        return (
            f"Its error is not known well enough to compare: {_random(current.labelled)} labelled that it has not "
            f"learned from, {FEWEST} are needed."
        )
    if macro.promised is None:
        return "No experiment says what error to expect of this judge: nbalign evaluate."
    return (
        f"The error on {_random(current.labelled)} is {macro.mae.value:.2f} [{macro.mae.low:.2f}, "
        f"{macro.mae.high:.2f}], not significantly above the {macro.promised.value:.2f} that was promised."
    )


def _few(news: News) -> str:
    if not (news.new or news.changed or news.gone):
        return "No label is new or changed since the latest memory."
    return f"Only {_changes(news).lower()} since the latest memory, of {news.learned} it learned from."


def _changes(news: News) -> str:
    labels = "label" if news.new == 1 else "labels"
    parts = [f"{news.new} new {labels}"]
    parts += [f"{news.changed} changed"] if news.changed else []
    parts += [f"{news.gone} taken back or left out"] if news.gone else []
    return ", ".join(parts)


def _notebooks(count: int, verb: str = " is| are") -> str:
    one, _, many = verb.partition("|")
    return f"{count} notebook{one}" if count == 1 else f"{count} notebooks{many}"


def _random(count: int) -> str:
    return "1 random pick" if count == 1 else f"{count} random picks"
