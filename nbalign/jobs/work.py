"""What a job does in its workspace: its arguments become a call, what comes of it a line and a small result.

Arguments have the names of the command line's options:

- `judge`: `notebooks`, `dimensions`, `rubric`, `model`, `memory`, `unaligned`, `rationale`, `budget`,
  `evidence_tokens`, `context`, `threads`, `gpu_layers`, `park_mb`;
- `align`: `dimensions`, `rubric`, `model`, `evidence_tokens`, `threads`;
- `evaluate`: `arms`, `dimensions`, `notebooks`, `ablation`, `rubric`, `model`, `folds`, `bootstrap`, `seed`, `group`,
  `rubric_checks`, `guideline_checks`, `evidence_tokens`, `threads`.

A job that names no model takes the one that was chosen to judge in the workspace (`choosing`), if one was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbalign.errors import UsageError
from nbalign.jobs.arguments import Arguments
from nbalign.jobs.choosing import chosen_model, fitting_memory
from nbalign.judge.session import DEFAULT_BUDGET, DEFAULT_EVIDENCE, JudgeOptions
from nbalign.progress import OnProgress

if TYPE_CHECKING:
    from nbalign.judge.batch import JudgeReport
    from nbalign.workspace import Workspace

_MOST_TOLD = 3  # notebooks named that could not be judged
_ENGINE = "model evidence_tokens threads"
_JUDGE = frozenset(
    f"notebooks dimensions rubric memory unaligned rationale budget context gpu_layers park_mb {_ENGINE}".split()
)
_ALIGN = frozenset(f"dimensions rubric {_ENGINE}".split())
_CHECKS = "rubric_checks guideline_checks"
_EVALUATE = frozenset(
    f"arms dimensions notebooks ablation rubric folds bootstrap seed group {_CHECKS} {_ENGINE}".split()
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes:
        summary: One line.
        result: What a face may use of it, as JSON allows it.
        stopped: Whether it was stopped before its end.
    """

    summary: str
    result: Mapping[str, object] = field(default_factory=dict)
    stopped: bool = False


def do(
    kind: str,
    arguments: Mapping[str, object],
    workspace: Workspace,
    progress: OnProgress,
    cancel: threading.Event,
) -> Outcome:
    """Does the work of a job.

    Args:
        kind: What kind of job, as in `JobSpec`.
        arguments: What it is given, as above.
        workspace: An open workspace.
        progress: Told what is being done.
        cancel: Set it to stop; what is finished is kept.

    Raises:
        UsageError: If there is no such kind, or an argument is impossible.
        Cancelled: If it was stopped before anything came of it.
        NbalignError: As the workspace's own methods.
    """
    work = _WORKS.get(kind)
    if work is None:
        raise UsageError(f"there is no job of the kind {kind!r}", f"Kinds: {', '.join(_WORKS)}.")
    return work(arguments, workspace, progress, cancel)


def _judge(
    arguments: Mapping[str, object], workspace: Workspace, progress: OnProgress, cancel: threading.Event
) -> Outcome:
    given = Arguments("judge", arguments, _JUDGE)
    options = JudgeOptions(
        model=given.text("model") or chosen_model(workspace),
        budget=given.number("budget", DEFAULT_BUDGET, 64, 100_000),
        rationale=given.yes("rationale"),
        evidence=given.number("evidence_tokens", DEFAULT_EVIDENCE, 0, 4000),
        context=given.number("context", 4096, 512, 131_072),
        threads=given.number("threads", 0, 1, 512) or None,
        gpu_layers=given.number("gpu_layers", -1, -1, 999),
        park_bytes=given.number("park_mb", 4096, 0, 1 << 30) << 20,
    )
    rubric = workspace.rubric(given.text("rubric"))
    version, remark = given.text("memory") or "", ""
    if not version and not given.yes("unaligned"):
        version, remark = fitting_memory(workspace, rubric, options)
    notebooks, dimensions = given.names("notebooks"), given.names("dimensions")
    if version:
        report = workspace.judge_aligned(
            notebooks,
            memory=version,
            dimensions=dimensions,
            rubric=rubric.sha256,
            options=options,
            progress=progress,
            cancel=cancel,
        )
    else:
        report = workspace.judge(
            notebooks,
            dimensions=dimensions,
            rubric=rubric.sha256,
            options=options,
            progress=progress,
            cancel=cancel,
        )
    return Outcome(
        _judged(report, remark),
        {
            "judge": report.judge,
            "model": report.model,
            "memory": version,
            "new": report.new,
            "known": report.known,
            "failed": len(report.failed),
        },
        report.stopped,
    )


def _judged(report: JudgeReport, remark: str) -> str:
    scores = "score" if report.new == 1 else "scores"
    parts = [f"{report.new} new {scores} by {report.judge}, {report.known} known already"]
    if report.failed:
        named = [f"{name} ({problem})" for name, problem in report.failed[:_MOST_TOLD]]
        more = ", …" if len(report.failed) > _MOST_TOLD else ""
        parts.append(f"not judged: {', '.join(named)}{more}")
    if remark:
        parts.append(remark)
    if report.stopped:
        parts.append("stopped; the rest is done by judging again")
    return "; ".join(parts)


def _align(
    arguments: Mapping[str, object], workspace: Workspace, progress: OnProgress, cancel: threading.Event
) -> Outcome:
    given = Arguments("align", arguments, _ALIGN)
    report = workspace.align(
        dimensions=given.names("dimensions"),
        rubric=given.text("rubric"),
        options=_options(given, workspace),
        progress=progress,
        cancel=cancel,
    )
    memory = report.memory
    assert memory is not None  # only a dry run makes none
    guidelines = sum(guideline.state != "rejected" for guideline in memory.guidelines)
    what = "is as it was: nothing that it rests on has changed" if report.same else "is the latest now"
    return Outcome(
        f"memory {memory.version} {what}: {report.lessons} settled scores, {guidelines} guidelines, "
        f"{len(memory.precedents)} precedents",
        {
            "memory": memory.version,
            "same": report.same,
            "lessons": report.lessons,
            "guidelines": guidelines,
            "precedents": len(memory.precedents),
        },
    )


def _evaluate(
    arguments: Mapping[str, object], workspace: Workspace, progress: OnProgress, cancel: threading.Event
) -> Outcome:
    from nbalign.evaluate.experiment.options import DEFAULT_ARMS, ExperimentOptions

    given = Arguments("evaluate", arguments, _EVALUATE)
    defaults = ExperimentOptions()
    options = ExperimentOptions(
        arms=given.names("arms") or DEFAULT_ARMS,
        dimensions=given.names("dimensions"),
        notebooks=given.names("notebooks"),
        ablation=given.names("ablation"),
        folds=given.number("folds", defaults.folds, 2, 1000),
        bootstrap=given.number("bootstrap", defaults.bootstrap, 100, 1_000_000),
        seed=given.number("seed", defaults.seed, 0, (1 << 63) - 1),
        group=given.text("group") or defaults.group,
        rubric_checks=given.number("rubric_checks", defaults.rubric_checks, 0, 50),
        guideline_checks=given.number("guideline_checks", defaults.guideline_checks, 0, 50),
        judge=_options(given, workspace),
    )
    result = workspace.evaluate(options, rubric=given.text("rubric"), progress=progress, cancel=cancel)
    arms = f"{len(result.arms)} {'arm' if len(result.arms) == 1 else 'arms'}"
    return Outcome(
        f"experiment {result.id}: {arms} on {len(result.folds)} notebooks in {result.fold_count} folds",
        {"experiment": result.id, "arms": list(result.arms)},
    )


def _options(given: Arguments, workspace: Workspace) -> JudgeOptions:
    """How the model is asked by a job that judges on the way to something else."""
    return JudgeOptions(
        model=given.text("model") or chosen_model(workspace),
        evidence=given.number("evidence_tokens", DEFAULT_EVIDENCE, 0, 4000),
        threads=given.number("threads", 0, 1, 512) or None,
    )


_Work = Callable[[Mapping[str, object], "Workspace", OnProgress, threading.Event], Outcome]
_WORKS: dict[str, _Work] = {"judge": _judge, "align": _align, "evaluate": _evaluate}
