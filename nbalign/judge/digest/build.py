"""A notebook becomes a digest: reduce every cell, count once, fit, and say what is left out."""

from __future__ import annotations

from nbalign.judge.digest.account import Account, omissions
from nbalign.judge.digest.cells import reduce_cells
from nbalign.judge.digest.fit import Count, fit
from nbalign.judge.digest.model import Digest
from nbalign.notebooks.model import Notebook

SMALLEST_BUDGET = 64


def digest(notebook: Notebook, count: Count, budget: int = 2000) -> Digest:
    """What a model reads of a notebook.

    Code and markdown come first, outputs are reduced to what informs, cells keep their numbers, and `…` marks what
    was cut. The same notebook, tokenizer and budget always give the same digest.

    Args:
        notebook: Any notebook.
        count: Token counts of a batch of texts with the model's own tokenizer; called a few times.
        budget: Tokens allowed, 64 or more.

    Returns:
        The digest, with `tokens <= budget`.

    Raises:
        ValueError: If the budget is below 64.
    """
    if budget < SMALLEST_BUDGET:
        raise ValueError(f"a digest needs a budget of at least {SMALLEST_BUDGET} tokens, not {budget}")
    cells = reduce_cells(notebook)
    if not cells:
        return Digest(notebook.sha256, "", 0, budget, 0, (), ())
    account = Account.take(notebook, cells, count)
    fitted = fit(cells, account.costs, budget, count)
    shown = tuple(cell.number for cell in cells if fitted.shows_source(cell))
    left_out = omissions(notebook, cells, fitted, account)
    return Digest(notebook.sha256, fitted.text, fitted.tokens, budget, account.whole, shown, left_out)
