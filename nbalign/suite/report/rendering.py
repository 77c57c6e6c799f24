"""Templates of pages about runs: the looks of experiment pages, everything escaped, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nbalign.notebooks.sanitise import clean_source


def render(template: str, context: Mapping[str, Any]) -> str:
    """A whole document.

    Args:
        template: File name in this package's `templates`.
        context: What it shows; text is cleaned and escaped as it is printed.
    """
    return _environment().get_template(template).render(dict(context))


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("nbalign.suite.report"), PackageLoader("nbalign.evaluate.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalised,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalised(value: object) -> object:
    """Whatever text a template prints has no control, bidi or lone surrogate in it."""
    return clean_source(value) if isinstance(value, str) and not isinstance(value, Markup) else value
