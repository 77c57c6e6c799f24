"""The one form in which times are stored."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The present in UTC, ISO 8601 with seconds and `+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def normalised(text: str) -> str:
    """A time in the stored form.

    Args:
        text: ISO 8601; without an offset it is taken as UTC.

    Raises:
        ValueError: If it is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError as error:
        raise ValueError(f"{text!r} is out of range") from error
