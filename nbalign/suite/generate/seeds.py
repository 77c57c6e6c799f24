"""The seed of each notebook: decided by the run's seed, the case and the repeat, and by nothing else."""

from __future__ import annotations

import hashlib


def seed_of(seed: int, case: str, repeat: int) -> int:
    """A number from 0 to 2**31 - 1; adding cases or repeats to a suite leaves those of the others as they are.

    Args:
        seed: Of the run.
        case: Id of the case.
        repeat: 1 and up.
    """
    return int.from_bytes(hashlib.sha256(f"{seed} {case} {repeat}".encode()).digest()[:4]) >> 1
