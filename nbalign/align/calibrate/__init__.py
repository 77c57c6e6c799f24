"""Calibration: from what can be seen of a notebook to the raters' scale, learned from few labels."""

from nbalign.align.calibrate.families import BLOCKS
from nbalign.align.calibrate.fitted import Fitted, Moved
from nbalign.align.calibrate.fitting import fit
from nbalign.align.calibrate.model import Estimate, Taught, View
from nbalign.align.calibrate.views import view

VERSION = 1  # raise it with every change to what is fitted or said: it is part of keys and of experiments' ids

__all__ = ["BLOCKS", "VERSION", "Estimate", "Fitted", "Moved", "Taught", "View", "fit", "view"]
