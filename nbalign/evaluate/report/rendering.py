"""How templates of reports are read and printed: everything escaped, nothing loaded from anywhere."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nbalign.notebooks.sanitise import clean_source


@cache
def environment(*packages: str) -> Environment:
    """Templates by their file names; text is cleaned and escaped as it is printed, and a missing value is an error.

    Args:
        packages: Packages with a folder `templates`; the first that has a template gives it.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalised,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalised(value: object) -> object:
    """The last line of defence: whatever text a template prints has no control, bidi or lone surrogate in it."""
    return clean_source(value) if isinstance(value, str) and not isinstance(value, Markup) else value
