"""Which names a notebook uses and which it makes, in the order of its text: Python's scopes over all cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from nbalign.evidence.code import Code, CodeCell
from nbalign.evidence.facts.reading.cell_names import CellNames
from nbalign.evidence.facts.reading.name_scopes import Making, Use

_WORD = re.compile(r"[^\W\d]\w*")
# Names may come into being unseen after any of these: nothing is said to be missing then.
_OPENING_MAGIC = re.compile(r"^(?:run|pylab|store|load|rerun|recall|macro)\b")
_INSTALLING = re.compile(r"\b(?:pip3?|conda|mamba|apt|apt-get|uv|poetry)\s+(?:pip\s+)?(?:install|uninstall|add)\b")


@dataclass(slots=True)
class Names:
    """All uses and makings of a notebook's own names.

    Attributes:
        uses: In order.
        made: Name -> its makings, in order.
        open: Whether names may come from where nobody can see them (a star import, `%run`, `exec`, …).
        mentioned: Words in what was not parsed and in commands: names there may be used or made.
        quoted: Words in strings that look like code (`"np.log(x)"`, `"@limit"`).
    """

    uses: list[Use] = field(default_factory=list)
    made: dict[str, list[Making]] = field(default_factory=dict)
    open: bool = False
    mentioned: set[str] = field(default_factory=set)
    quoted: set[str] = field(default_factory=set)


@lru_cache(maxsize=1)  # both dimensions that ask for them read the same notebook one after the other
def read_names(code: Code) -> Names:
    """Reads the names of a notebook; a cell nested too deeply counts as not parsed."""
    names = Names()
    order = 0
    for cell in code.cells:
        reader = CellNames(cell.number, order)
        try:
            reader.block(cell.tree.body)
        except RecursionError:
            names.mentioned.update(_WORD.findall(cell.cell.source))
            continue
        order = reader.order
        names.uses += sorted(reader.module.loads, key=lambda u: u.order)
        for making in reader.module.stores:
            names.made.setdefault(making.name, []).append(making)
        names.open = names.open or reader.open or any(_OPENING_MAGIC.match(s.text) for s in cell.shell)
        names.quoted |= reader.quoted
        names.mentioned.update(_unparsed(cell))
    return names


def _unparsed(cell: CodeCell) -> Iterator[str]:
    """Words of a cell that its tree does not hold."""
    first = cell.cell.source.lstrip().split("\n", 1)[0]
    if cell.problem or (first.startswith("%%") and not cell.tree.body):
        yield from _WORD.findall(cell.cell.source)
    elif first.startswith("%%"):
        yield from _WORD.findall(first)
    for command in cell.shell:
        if not _INSTALLING.search(command.text):
            yield from _WORD.findall(command.text)
