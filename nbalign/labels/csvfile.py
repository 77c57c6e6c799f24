"""Labels as CSV: a header line, then one record a label, UTF-8.

Text that looks like a formula (`=1+1`) is written as it is, because changing it would change the rater's words. A
spreadsheet may run it: open files of strangers with the columns imported as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from nbalign.errors import UsageError
from nbalign.labels.cells import parse_cells
from nbalign.labels.line import EXPORTED, Line, as_fields, as_line
from nbalign.labels.model import Label


def write_csv(labels: Iterable[tuple[Label, str]]) -> str:
    """Labels as CSV; cells stand as numbers between spaces.

    Args:
        labels: Labels with the names of their notebooks.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EXPORTED)
    for label, name in labels:
        fields = as_fields(label, name)
        fields["cells"] = " ".join(map(str, label.cells))
        writer.writerow([fields[column] for column in EXPORTED])
    return out.getvalue()


def read_csv(text: str) -> Iterator[tuple[int, Line | str]]:
    """The records of a CSV file; empty ones are left out, and an empty field counts as not there.

    Args:
        text: The whole file. Its columns stand in any order; commas, semicolons or tabs part them.

    Yields:
        Number of the line on which the record begins, from 1, and the record or what is wrong with it.
    """
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    columns: list[str] = []
    start = 1
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Where a quote is broken nobody can say where the next record begins.
            yield start, f"is not CSV: {error}"
            return
        if not any(record):
            continue
        if not columns:
            columns = [name.strip().lower() for name in record]
            if len(set(columns)) < len(columns):
                yield start, "the header names a column twice"
                return
            if "score" not in columns:
                yield start, "the header line with the names of the columns is missing"
                return
        elif len(record) != len(columns):
            yield start, f"has {len(record)} fields where the header has {len(columns)}"
        else:
            yield start, _record(dict(zip(columns, record, strict=True)))


def _record(texts: dict[str, str]) -> Line | str:
    fields: dict[str, object] = {name: text for name, text in texts.items() if text}
    score = texts.get("score", "").strip()
    # Spreadsheets write whole numbers as 3.0 once a column has gone through arithmetic.
    whole = score.removesuffix(".0")
    if whole.isascii() and whole.isdigit() and len(whole) < 10:
        fields["score"] = int(whole)
    try:
        if "cells" in fields:
            fields["cells"] = list(parse_cells(texts["cells"]))
        return as_line(fields)
    except UsageError as error:
        return error.message
    except ValueError as error:
        return str(error)
