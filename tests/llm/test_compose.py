"""Texts that a real small model writes and continues, the cache they leave behind, and how tokens are drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import Cancelled, ModelError
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Sampling, Segment
from nbalign.llm.sampling import GUARD_FROM, TOP_P, Sampler, held_back
from tests.llm.conftest import MakeEngine

HEAD = Segment("<|im_start|>system\nYou write Python.<|im_end|>\n<|im_start|>user\n", trusted=True)
TASK = Segment("Read wine.csv and print the mean of every column.")
TAIL = Segment("<|im_end|>\n<|im_start|>assistant\n", trusted=True)
CODE = Segment("```python\n")
PROMPT = (HEAD, TASK, TAIL, CODE)
OTHER = (HEAD, Segment("Say hello to everybody in the world."), TAIL)
WARM = Sampling(12, temperature=0.9, seed=7)


@pytest.mark.model
def test_what_is_written_streams_and_is_counted(engine: EngineClient) -> None:
    heard: list[tuple[int, int, str]] = []
    text, usage = engine.compose(PROMPT, Sampling(16), lambda done, most, piece: heard.append((done, most, piece)))
    assert text == "".join(piece for _, _, piece in heard) != ""
    assert [done for done, _, _ in heard] == list(range(1, len(heard) + 1))
    assert {most for _, most, _ in heard} == {16}
    assert usage.generated == len(heard)
    assert usage.evaluated + usage.reused == engine.length(PROMPT)


@pytest.mark.model
def test_greedy_writing_is_what_branches_write_greedily(engine: EngineClient) -> None:
    engine.read_prefix(PROMPT[:2])
    (branch,) = engine.write({"a": PROMPT[2:]}, most=10)[0].values()
    assert engine.compose(PROMPT, Sampling(10), anew=True)[0].strip() == branch


@pytest.mark.model
def test_a_prompt_that_goes_on_costs_only_what_is_new(engine: EngineClient) -> None:
    text, first = engine.compose(PROMPT, Sampling(12), anew=True)
    assert (first.evaluated, first.reused) == (engine.length(PROMPT), 0)
    more = (*PROMPT, Segment(text), Segment("\n```\nIt printed: hello\n"))
    _, usage = engine.compose(more, Sampling(4))
    # The written tokens are held, all but the last, which was drawn and never evaluated.
    held = engine.length(PROMPT) + first.generated - 1
    assert usage.reused == pytest.approx(held, abs=2)  # where pieces meet, a text may be cut into other tokens
    assert usage.evaluated + usage.reused == engine.length(more)


@pytest.mark.model
def test_the_same_seed_writes_the_same_whatever_was_written_before(
    engine: EngineClient, make_engine: MakeEngine
) -> None:
    stem, rest = PROMPT[:2], PROMPT[2:]
    with make_engine() as fresh:
        expected, _ = fresh.compose(rest, WARM, stem=stem, anew=True)
    engine.compose(OTHER, Sampling(8))
    first, read = engine.compose(rest, WARM, stem=stem, anew=True)
    again, reread = engine.compose(rest, WARM, stem=stem, anew=True)
    assert first == again == expected
    assert read.reused == 0
    assert reread.reused == engine.length(stem)  # the stem stays, what was written behind it does not
    others = {engine.compose(rest, Sampling(12, temperature=0.9, seed=n), stem=stem, anew=True)[0] for n in range(5)}
    assert len(others) > 1


@pytest.mark.model
def test_a_stop_ends_the_text_and_is_none_of_it(engine: EngineClient) -> None:
    whole, _ = engine.compose(PROMPT, Sampling(20), anew=True)
    stop = whole[len(whole) // 2 :][:2]
    text, usage = engine.compose(PROMPT, Sampling(20, (stop, "never to be seen")), anew=True)
    at = whole.index(stop)
    assert text == whole[:at]
    assert usage.generated <= 20
    nothing, usage = engine.compose(PROMPT, Sampling(0), anew=True)
    assert (nothing, usage.generated) == ("", 0)


@pytest.mark.model
def test_judges_know_nothing_of_what_was_composed(engine: EngineClient, make_engine: MakeEngine) -> None:
    prefix = (HEAD, TASK, Segment("Is that done well?"), TAIL)
    with make_engine(park_bound=0) as fresh:
        fresh.read_prefix(prefix)
        expected = fresh.answer((), "Score:", "0123").probabilities
        written = fresh.write({"a": ()}, most=6)[0]
    engine.compose((*PROMPT, Segment("x = 1\n" * 30)), Sampling(9), anew=True)  # begins with the prefix's own words
    usage = engine.read_prefix(prefix)
    assert (usage.evaluated, usage.reused) == (engine.length(prefix), 0)
    assert engine.answer((), "Score:", "0123").probabilities == expected
    assert engine.write({"a": ()}, most=6)[0] == written
    # Without a prefix, too, a branch sees nothing of it.
    engine.compose(PROMPT, Sampling(9), anew=True)
    alone = engine.answer((HEAD, TASK, TAIL), "Score:", "0123").probabilities
    engine.compose(OTHER, Sampling(9), anew=True)
    assert engine.answer((HEAD, TASK, TAIL), "Score:", "0123").probabilities == alone
    # And the other way round: what is composed takes nothing from a prefix.
    engine.read_prefix(PROMPT)
    assert engine.compose(PROMPT, Sampling(2))[1].reused == 0


@pytest.mark.model
def test_what_does_not_fit_names_the_option_and_leaves_the_engine_usable(engine: EngineClient) -> None:
    with pytest.raises(ModelError) as caught:
        engine.compose(PROMPT, Sampling(512))
    assert "512" in caught.value.message
    assert "--context" in caught.value.hint
    assert engine.compose(PROMPT, Sampling(2))[1].generated == 2


@pytest.mark.model
def test_writing_can_be_stopped_in_the_middle(engine: EngineClient) -> None:
    expected, _ = engine.compose(PROMPT, Sampling(12), anew=True)

    def stop(done: int, _most: int, _piece: str) -> None:
        if done == 3:
            engine.cancel()

    with pytest.raises(Cancelled):
        engine.compose(PROMPT, Sampling(300), stop, anew=True)
    assert engine.compose(PROMPT, Sampling(12), anew=True)[0] == expected


@pytest.mark.model
def test_characters_in_several_tokens_arrive_whole(engine: EngineClient) -> None:
    asked = (HEAD, Segment("Repeat exactly: \U0001f600 \U0001f680 \U0001f600 \U0001f680"), TAIL, Segment("\U0001f600 "))
    pieces: list[str] = []
    text, _ = engine.compose(asked, Sampling(24), lambda _d, _m, piece: pieces.append(piece), anew=True)
    assert "".join(pieces) == text
    assert "\ufffd" not in text


def test_without_temperature_the_most_probable_token_is_taken() -> None:
    logits = np.array([0.0, 3.0, 2.9], dtype=np.float32)
    assert Sampler(0.0, 1).choose(logits, []) == 1


def test_draws_follow_the_distribution_without_its_tail() -> None:
    shares = np.array([0.6, 0.3, 0.08, 0.02])
    logits = np.log(shares).astype(np.float32)
    sampler = Sampler(1.0, 3)
    drawn = [sampler.choose(logits, []) for _ in range(4000)]
    counts = np.bincount(drawn, minlength=4) / len(drawn)
    assert counts[3] == 0  # 0.6 + 0.3 + 0.08 reach the bound
    assert shares[:3].sum() >= TOP_P
    # Five standard errors of a share of one half are 0.04.
    assert np.allclose(counts[:3], shares[:3] / shares[:3].sum(), atol=0.04)
    again = Sampler(1.0, 3)
    assert [again.choose(logits, []) for _ in range(50)] == drawn[:50]


def test_a_loop_is_held_back_and_short_repeats_are_not() -> None:
    run = list(range(GUARD_FROM))
    assert held_back([*run, 99, *run[:-1]]) == {}
    (penalty,) = held_back([*run, 99, *run]).values()
    assert list(held_back([*run, 99, *run])) == [99]
    assert held_back([*run, 50, 99, *run, 50])[99] > penalty  # longer runs more


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(0, 2**32))
def test_every_loop_ends(loop: list[int], seed: int) -> None:
    """A model that always prefers the same loop by five logits leaves it after a while, greedily too."""
    written: list[int] = []
    forced = itertools.cycle(loop)
    for _ in range(200):
        token = next(forced)
        logits = np.zeros(10, dtype=np.float32)
        logits[token] = 5.0
        chosen = Sampler(0.0, seed).choose(logits, written)
        if chosen != token:
            return
        written.append(chosen)
    raise AssertionError("still in the loop")
