"""What a job is and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nbalign.progress import Progress

JobKind = Literal["judge", "align", "evaluate"]
JobPhase = Literal["waiting", "running", "stopping", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class JobSpec:
    """Work to be done on a workspace.

    Attributes:
        kind: Which method of the workspace: `judge` (with the latest memory where there is one, unless
            `unaligned` is true), `align` or `evaluate`.
        workspace: Its folder.
        arguments: What the method is given, as JSON allows it: ids, names, numbers. See `nbalign.jobs.work`.
        title: For people, such as `judge 52 notebooks`.
    """

    kind: JobKind
    workspace: Path
    arguments: Mapping[str, object] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands.

    Attributes:
        id: Number of the job, from 1, as long as the application runs.
        spec: What it does.
        phase: `waiting` for another job to end, `running`, `stopping` (asked to, finishing what cannot be cut), or
            ended: `done`, `stopped`, `failed`. What was finished before a stop or a failure is kept.
        progress: The latest step; None before the first.
        seconds: Seconds since it began to run; up to its end when it has ended.
        rate: Units a second, over the fresh part of the work; 0.0 while unknown.
        eta: Seconds to the end; None while unknown.
        summary: One line about what came of it; empty before the end.
        result: What the faces may use of the result, as JSON allows it, such as `{"experiment": "1a2b"}`.
        error: What happened, when it failed.
        hint: What to do about it.
    """

    id: int
    spec: JobSpec
    phase: JobPhase
    progress: Progress | None = None
    seconds: float = 0.0
    rate: float = 0.0
    eta: float | None = None
    summary: str = ""
    result: Mapping[str, object] = field(default_factory=dict)
    error: str = ""
    hint: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.phase in ("done", "stopped", "failed")
