"""Templates of pages about runs, with the looks of experiment pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbalign.evaluate.report.rendering import environment


def render(template: str, context: Mapping[str, Any]) -> str:
    """A whole document.

    Args:
        template: File name in this package's `templates`.
        context: What it shows; text is cleaned and escaped as it is printed.
    """
    found = environment("nbalign.suite.report", "nbalign.evaluate.report").get_template(template)
    return found.render(dict(context))
