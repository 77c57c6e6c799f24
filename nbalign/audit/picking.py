"""One call of `audit pick`: what waits already, what is new, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from nbalign.audit.choose import draw_random, draw_telling, random_count
from nbalign.audit.model import Picked, Shown
from nbalign.audit.picks import PickStore, waiting
from nbalign.audit.reasons import doubts, earlier, reason
from nbalign.errors import UsageError
from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Rubric

Words = Callable[[Sequence[str]], Mapping[str, Counter[str]]]


def pick(
    store: PickStore,
    rubric: Rubric,
    judge: tuple[str, str],
    judged: Mapping[str, Sequence[Judgement]],
    labelled: Collection[str],
    words: Words,
    names: Mapping[str, str],
    count: int,
    share: float,
    seed: int,
) -> Picked:
    """Picks notebooks until `count` wait for review, and keeps the new picks.

    Random picks are drawn first, from all that is judged, unlabelled and not waiting as a random pick: also from what
    waits for its doubt alone, since without the hard ones the sample would flatter the judge. A notebook that is drawn
    so stays one pick to label, and counts as random from then on.

    Args:
        store: Where picks are kept.
        rubric: The rubric.
        judge: Name of the judge and its memory version.
        judged: Notebook -> the judge's judgements.
        labelled: Notebooks that have labels.
        words: Reads notebooks and gives their stems; called only where something is picked for doubt or novelty.
        names: Content hash -> name.
        count: How many shall wait, at least 1.
        share: Of the new picks that are random, 0..1.
        seed: Of the random draw.

    Raises:
        UsageError: If count or share is impossible.
        StoreError: If the picks cannot be kept.
    """
    if count < 1:
        raise UsageError(f"{count} notebooks cannot be picked", "Ask for 1 or more.")
    if not 0 <= share <= 1:
        raise UsageError(f"the random share cannot be {share}", "Give a number from 0 to 1.")
    made = store.all(rubric.id)
    held = {each.notebook for each in waiting(made, labelled)}
    frame = judged.keys() - set(labelled)
    drawable = frame - {each.notebook for each in made if each.why == "random"}
    asked = random_count(max(0, count - len(held)), share)
    chosen = draw_random(drawable, asked, seed, f"{rubric.id}|{len(made)}")
    drawn_from = len(drawable) if chosen else 0
    held |= {choice.notebook for choice in chosen}
    familiar = (set(labelled) & names.keys()) | held
    left = sorted(frame - held)
    if left and count > len(held):
        stems = words([*left, *sorted(familiar)])
        unsure = {notebook: doubts(rubric, judged[notebook]) for notebook in left}
        chosen += draw_telling(left, count - len(held), unsure, stems, familiar)
    kept = store.add(rubric.id, *judge, [(choice.notebook, choice.why, choice.weight) for choice in chosen])
    new = {
        each.id: reason(rubric, choice, judged[choice.notebook], drawn_from)
        for each, choice in zip(kept, chosen, strict=True)
    }
    shown = tuple(
        Shown(each, names.get(each.notebook, each.notebook[:12]), new.get(each.id) or earlier(each), each.id in new)
        for each in waiting([*made, *kept], labelled)
    )
    return Picked(rubric.id, *judge, shown, len(judged), len(frame), drawn_from)
