"""Names of columns as people read them: quoted and cut for sentences, and what a name says about its column."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbalign.evidence.facts.reading.words import words

_LONGEST_NAME = 20
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ID_ENDS = frozenset({"id", "uuid", "guid", "uid"})
_NUMBERED = frozenset({"no", "nr", "num", "number"})


_OWNERS = words(
    "customer client account order loan txn transaction invoice passenger patient employee member policy listing "
    "flight ticket record serial row application applicant case claim student house home observation sample subject"
)
# Ids of things that come back in many rows: a model may well learn something about each of them.
_ENTITIES = words(
    "user item product movie book store shop restaurant category region city country state district station zone zip "
    "seller vendor merchant brand department dept genre team player location site sensor machine driver carrier "
    "airline route campaign channel group class type"
)
_NEVER_ZERO = words(
    "year yr built glucose bloodpressure pressure skinthickness insulin bmi height weight age sqft sqm area price "
    "salary income wage horsepower hp displacement mileage length width"
)
_MEASURED = _NEVER_ZERO | words(
    "distance temperature score speed wind mass depth size power temp humidity rate volume density cholesterol level "
    "mpg latitude longitude lat lon lot acceleration value credit thickness diameter radius heart pulse close open "
    "co2 consumption"
)
# Of those, what is above 0 for everything that exists at all; money, ages and distances may well be 0.
_ABOVE_ZERO = words(
    "glucose bloodpressure skinthickness bmi height weight sqft sqm horsepower hp displacement mass mpg cholesterol "
    "pulse heart diameter built"
)
_COUNTED = words(
    "count counts num number calls visits children kids sibsp parch garage garages pool basement bsmt fireplace fee "
    "fees amount discount refund purchases orders clicks views tickets claims debt balance rain snow precipitation "
    "precip promo sales quantity qty bathrooms bath bedrooms cars days events returns years"
)


def parts(name: str) -> tuple[str, ...]:
    """The words of a column name in lower case: `PassengerId` and `passenger_id` are the same."""
    return tuple(word.lower() for word in _PARTS.findall(name[:80]))


def quoted(names: Iterable[str], most: int = 3) -> str:
    """Names for a sentence: `'age', 'sex' and 4 more`."""
    known = list(dict.fromkeys(names))
    cut = [n if len(n) <= _LONGEST_NAME else n[: _LONGEST_NAME - 1] + "…" for n in known]
    shown = [repr(n) for n in cut[:most]]
    if len(cut) > most:
        return ", ".join(shown) + f" and {len(cut) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def is_identifier(name: str) -> bool:
    """Whether a name says that the column only numbers or names the rows."""
    words = parts(name)
    if not words:
        return False
    if name.lower() in ("index", "level_0", "unnamed: 0", "rownum", "rowid", "row_number", "row_index"):
        return True
    if words[-1] in _ID_ENDS:
        return not any(word in _ENTITIES for word in words[:-1])
    # Names run together, such as `customerID` in lower case: only where the owner is known.
    if len(words) == 1 and words[0].endswith("id") and words[0][:-2] in _OWNERS:
        return True
    return len(words) >= 2 and words[-1] in _NUMBERED and words[-2] in _OWNERS


def never_zero(name: str) -> bool:
    """Whether a zero in a column of this name cannot be true (a year, an age, a weight)."""
    return any(word in _NEVER_ZERO for word in parts(name))


def above_zero(name: str) -> bool:
    """Whether a column of this name is surely above 0 wherever it was measured (a weight, a pulse, horsepower)."""
    return any(word in _ABOVE_ZERO for word in parts(name)) and not counted(name)


def measured(name: str) -> bool:
    """Whether a column of this name holds a measurement, for which 0 is no stand-in."""
    words = parts(name)
    return any(word in _MEASURED for word in words) and not counted(name)


def counted(name: str) -> bool:
    """Whether a column of this name holds counts or amounts, for which an empty cell may well mean none."""
    return any(word in _COUNTED for word in parts(name))


def number_text(value: float) -> str:
    """A number for a sentence: short, however large it is."""
    try:
        return f"{value:g}"
    except OverflowError:
        return "a huge number"
