"""Numbers, names and sentences as the tables of agreement show them."""

from __future__ import annotations

import click


def number(value: float | None) -> str:
    """Two decimals; a dash where there is none."""
    return "–" if value is None else "0.00" if round(value, 2) == 0 else f"{value:.2f}"


def signed(value: float | None) -> str:
    """Two decimals with their sign; zero has none."""
    return number(value) if value is None or round(value, 2) == 0 else f"{value:+.2f}"


def percent(value: float | None) -> str:
    """A share as a whole percentage; a dash where there is none."""
    return "–" if value is None else f"{value:.0%}"


def counted(number: int, what: str) -> str:
    """A number and what it counts, such as `1 notebook` and `2,000 notebooks`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def clean(text: str) -> str:
    """Names of judges and raters come from files and people: what is not printable is shown as �."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def wrap(text: str) -> str:
    """Sentences in lines of the terminal's width, at most 100 columns."""
    from shutil import get_terminal_size

    return click.wrap_text(text, max(40, min(100, get_terminal_size().columns)))
