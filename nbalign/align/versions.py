"""Which code learned and said something, for keys: a later nbalign must not take an earlier one's results for its own.

What a model was asked is kept under the question itself. These are about what is made of answers and labels: where one
of them is raised, judgements and experiments are made anew of the kept answers.
"""

from __future__ import annotations

from nbalign.align.blend import VERSION as BLEND
from nbalign.align.calibrate import VERSION as CALIBRATION
from nbalign.align.distill.prompt import VERSION as DISTILLING
from nbalign.align.wording import VERSION as WORDING
from nbalign.evidence import VERSION as FACTS


def versions() -> dict[str, str]:
    """Version of each part that decides what a judge learns and says besides its model, by name."""
    return {
        "blend": str(BLEND),
        "calibration": str(CALIBRATION),
        "distilling": DISTILLING,
        "facts": FACTS,  # calibrations look at them even where the judge is shown none
        "wording": WORDING,
    }
