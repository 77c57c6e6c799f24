"""Retrieval: which precedents are near, which must never be seen, and what a judge is shown of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.align.model import Precedent
from nbalign.align.retrieve import Meaning, Neighbour, Query, Retriever, make_query, shown, vector
from nbalign.align.retrieve.reading import read
from nbalign.align.retrieve.words import stem, words
from nbalign.evidence.model import Evidence, Kind
from nbalign.notebooks.model import Cell, Notebook, Output
from nbalign.rubrics.model import Dimension, Scale

DIMENSION = Dimension(
    "data_imputation",
    "Data imputation",
    "Are missing values filled with care?",
    {3: "Missing values are counted and imputed on training rows.", 1: "Gaps are filled before the split."},
)
LEAK = Kind("filled_before_split", "data_imputation", "fault", -1, "Values are filled before the split.")
COUNTED = Kind("counted", "data_imputation", "good", 1, "Missing values are counted.")
TOPICS = {
    "fill": "df = df.fillna(df.median())\nimputer = SimpleImputer(strategy='median')\nmissing values",
    "plot": "plt.hist(df.age)\nplt.xlabel('age')\nsns.scatterplot(data=df)",
    "log": "mlflow.log_metric('auc', auc)\nmlflow.set_experiment('loan')",
}


def sha(n: int) -> str:
    return f"{n:064x}"


def notebook(n: int, *sources: str) -> Notebook:
    cells = tuple(Cell(at, "code", source) for at, source in enumerate(sources, start=1))
    return Notebook(sha(n), f"n{n}.ipynb", cells, "", "none", "ipynb 4.5")


def precedent(n: int, score: int, text: str = "", cells: tuple[int, ...] = ()) -> Precedent:
    return Precedent(sha(n), f"n{n}.ipynb", DIMENSION.id, score, text, cells, "", (n,))


def by_letters(some: Sequence[str]) -> npt.NDArray[np.float32]:
    """Word vectors without a model: how often each letter stands in a word."""
    return np.array([[word.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for word in some], np.float32)


def retriever(
    notebooks: Sequence[Notebook], made: Sequence[Precedent], evidence: dict[str, Evidence] | None = None
) -> tuple[Retriever, dict[str, Query]]:
    meaning = Meaning(notebooks)
    queries = {
        book.sha256: make_query(book, DIMENSION, (evidence or {}).get(book.sha256), meaning) for book in notebooks
    }
    keyed = {(name, DIMENSION.id): query for name, query in queries.items()}
    return Retriever(made, keyed, meaning, 0), queries


def library(count: int = 12) -> list[Notebook]:
    """Notebooks of three topics in turn, no two with the same source."""
    return [notebook(n, f"import pandas\nrun_{chr(97 + n)} = {n}", list(TOPICS.values())[n % 3]) for n in range(count)]


def facts(*kinds: tuple[Kind, tuple[int, ...]], name: str = "") -> Evidence:
    return Evidence(name, tuple(kind.fact("so it is", cells) for kind, cells in kinds))


def test_words_of_identifiers_come_apart_and_digits_are_none() -> None:
    assert words("SimpleImputer(x1, HTTPServer) fill_na 42 Größe") == [
        *("simple", "imputer", "http", "server", "fill", "na", "größe")
    ]


@pytest.mark.parametrize(
    "family",
    [
        "impute imputed imputes imputer imputing imputation imputations",
        "split splits splitting splitter",
        "scale scaled scaler scaling",
        "normalise normalize normalised normalization",
        "fit fits fitted fitting",
    ],
)
def test_words_of_one_family_have_one_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@given(st.text())
def test_any_text_comes_apart_into_bounded_words(text: str) -> None:
    for word in words(text):
        assert len(word) >= 2
        assert len(stem(word)) >= min(2, len(word))


@pytest.mark.parametrize("lookup", [None, by_letters])
def test_what_speaks_of_the_same_is_near_and_vectors_have_unit_length(lookup: object) -> None:
    books = library()
    meaning = Meaning(books, by_letters if lookup else None)
    vectors = [vector(book, (2,), meaning) for book in books]
    assert np.linalg.norm(vectors[0]) == pytest.approx(1)
    assert vectors[0] @ vectors[3] == pytest.approx(1)
    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[1] + 0.1
    assert not vector(books[0], (99,), meaning).any()
    assert not vector(notebook(99), (1,), meaning).any()


def test_the_common_component_is_taken_away() -> None:
    """Every word points mostly the same way; what is left tells the topics apart."""

    def shifted(some: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.asarray(by_letters(some) + 50, dtype=np.float32)

    books = library()
    meaning = Meaning(books, shifted)
    raw = shifted(["fill", "plot"]).astype(np.float64)
    raw /= np.linalg.norm(raw, axis=1, keepdims=True)
    assert raw[0] @ raw[1] > 0.99
    assert vector(books[0], (2,), meaning) @ vector(books[1], (2,), meaning) < 0.5


def test_meaning_does_not_depend_on_the_order_of_notebooks_or_on_what_was_asked_before() -> None:
    books = library()
    one, other = Meaning(books, by_letters), Meaning(books[::-1], by_letters)
    one.vector({"zebra": 3, "quux": 1})
    assert np.array_equal(vector(books[4], (1, 2), one), vector(books[4], (1, 2), other))
    assert one.terms({"imputed": 2, "plots": 1}) == other.terms({"imputed": 2, "plots": 1})


@pytest.mark.parametrize("lookup", [None, by_letters])
def test_meaning_without_any_notebook_works(lookup: object) -> None:
    meaning = Meaning([], by_letters if lookup else None)
    book = notebook(1, TOPICS["fill"])
    query = make_query(book, DIMENSION, None, meaning)
    assert query.vector.shape == meaning.vector({}).shape
    assert Retriever([], {}, meaning, 0).neighbours(query) == []
    assert Retriever([], {}, meaning, 0).score(query) is None


def test_relevant_cells_are_those_that_facts_of_the_dimension_point_at() -> None:
    book = notebook(1, "import pandas", TOPICS["plot"], TOPICS["fill"], TOPICS["log"], "print(1)")
    other = Kind("plots", "data_exploration", "good", 1, "There are plots.")
    evidence = facts((LEAK, (4,)), (COUNTED, (3, 77)), (other, (2,)), name=book.sha256)
    query = make_query(book, DIMENSION, evidence, Meaning([book]))
    assert query.cells == (3, 4)
    assert query.facts == {"filled_before_split": 1.0, "counted": 1.0}


def test_without_facts_relevant_cells_are_those_nearest_to_the_dimensions_words() -> None:
    book = notebook(1, "import pandas", TOPICS["plot"], *[f"step_{c} = run()" for c in "abcdefgh"], TOPICS["fill"])
    query = make_query(book, DIMENSION, None, Meaning([book, *library()]))
    assert 11 in query.cells
    assert len(query.cells) == 3
    assert query.facts is None


def test_a_query_does_not_depend_on_which_notebook_was_read_before() -> None:
    steps = [f"step_{c} = run()" for c in "abcdefgh"]
    first, second = notebook(1, TOPICS["fill"], *steps), notebook(2, *steps, TOPICS["fill"], TOPICS["plot"])
    meaning = Meaning([first, second])
    cells = [make_query(book, DIMENSION, None, meaning).cells for book in (first, second, first)]
    assert cells[0] == cells[2]
    assert 1 in cells[0]
    assert 9 in cells[1]


def test_where_a_dimensions_words_meet_no_cell_all_cells_are_relevant() -> None:
    book = notebook(1, *[f"alpha_{c} = beta" for c in "abcdef"])
    strange = Dimension("d", "Zzz", "Qqq?", {1: "www"})
    assert make_query(book, strange, None, Meaning([book])).cells == (1, 2, 3, 4, 5, 6)


def test_a_copy_is_known_by_its_cells() -> None:
    book = notebook(1, "import pandas", "", TOPICS["fill"])
    renamed = replace(book, sha256=sha(2), name="copy.ipynb")
    spaced = notebook(3, "import pandas\n", TOPICS["fill"])
    assert read(book).content == read(renamed).content == read(spaced).content
    assert read(book).content != read(notebook(4, "import pandas", TOPICS["log"])).content
    joined = notebook(5, f"import pandas\ncode {len(TOPICS['fill'])}\n{TOPICS['fill']}")
    assert read(book).content != read(joined).content


def test_huge_cells_and_outputs_are_bounded() -> None:
    output = Output("stream", "stdout", "word " * 1_000_000)
    book = replace(notebook(1), cells=(Cell(1, "code", "name " * 1_000_000, None, (output,)),))
    counted = read(book).cells[0]
    assert counted["name"] <= 20_000
    assert counted["word"] <= 2_000


def test_the_nearest_precedents_are_those_on_the_same_topic() -> None:
    books = library()
    made = [precedent(n, 1 + n % 3, "because of this", (2,)) for n in range(1, 12)]
    found, queries = retriever(books, made)
    names = [neighbour.precedent.notebook for neighbour in found.neighbours(queries[sha(0)], k=20)]
    assert set(names[:3]) == {sha(3), sha(6), sha(9)}
    assert found.score(queries[sha(0)]) == pytest.approx(1, abs=0.2)  # of the topic all have a 1
    assert found.score(queries[sha(1)]) == pytest.approx(2, abs=0.2)


def test_the_words_of_a_justification_find_a_notebook_too() -> None:
    books = [notebook(n, f"alpha_{chr(97 + n)} = beta") for n in range(6)] + [notebook(9, "scaler.fit(rows)")]
    made = [precedent(n, 1 + n % 2, "nothing to say") for n in range(5)]
    made.append(precedent(5, 2, "the scaler is fitted on all rows", (1,)))
    found, queries = retriever(books, made)
    assert found.neighbours(queries[sha(9)])[0].precedent.notebook == sha(5)


def test_facts_of_the_dimension_bring_notebooks_together() -> None:
    books = library()
    evidence = {
        book.sha256: facts((LEAK if n < 4 else COUNTED, (2,)), name=book.sha256) for n, book in enumerate(books)
    }
    made = [precedent(n, 1 if n < 4 else 3, cells=(2,)) for n in range(1, 12)]
    found, queries = retriever(books, made, evidence)
    nearest = found.neighbours(queries[sha(0)], k=3)
    assert [neighbour.by_facts for neighbour in nearest][:2] == [1.0, 1.0]
    score = found.score(queries[sha(0)])
    assert score is not None
    assert score < 1.5


def test_neither_the_notebook_itself_nor_a_copy_nor_what_is_excluded_is_ever_a_neighbour() -> None:
    books = library()
    copy = replace(books[0], sha256=sha(50))
    excluded_copy = replace(books[3], sha256=sha(51))
    made = [precedent(n, 2) for n in (*range(12), 50, 51)]
    found, queries = retriever([*books, copy, excluded_copy], made)
    seen = {n.precedent.notebook for n in found.neighbours(queries[sha(0)], k=99, exclude=[sha(3), sha(4)])}
    assert seen == {sha(n) for n in (1, 2, *range(5, 12))}


def test_a_notebook_that_was_never_seen_can_be_a_copy_of_a_precedent() -> None:
    books = library()
    meaning = Meaning(books)
    queries = {(book.sha256, DIMENSION.id): make_query(book, DIMENSION, None, meaning) for book in books}
    made = [precedent(n, 1 if n == 0 else 3) for n in range(12)]
    newcomer = make_query(replace(books[0], sha256=sha(70)), DIMENSION, None, meaning)
    found = Retriever(made, queries, meaning, 0)
    assert sha(0) not in {n.precedent.notebook for n in found.neighbours(newcomer, k=99)}
    assert found.score(newcomer) == pytest.approx(3)


@settings(max_examples=40, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(
    scores=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    texts=st.lists(st.sampled_from(["", "plots", "no gaps filled", "missing values"]), min_size=12, max_size=12),
    held_out=st.sets(st.integers(0, 11)),
    k=st.integers(0, 5),
)
def test_what_is_held_out_changes_nothing(scores: list[int], texts: list[str], held_out: set[int], k: int) -> None:
    """Excluding precedents is the same as never having had them: no score, no word and no rank of theirs is left."""
    books = library()
    everything = [precedent(n, scores[n], texts[n], (2,)) for n in range(12)]
    exclude = [sha(n) for n in held_out]
    found, queries = retriever(books, everything)
    meaning = Meaning(books)
    kept = [p for p in everything if p.notebook not in exclude]
    keyed = {(p.notebook, DIMENSION.id): queries[p.notebook] for p in kept}
    without = Retriever(kept, keyed, meaning, 0)
    for n in (*sorted(held_out)[:2], 0):
        query = queries[sha(n)]
        assert found.neighbours(query, k, exclude) == without.neighbours(query, k)
        assert len(without.neighbours(query, k)) <= k
        one, other = found.score(query, exclude), without.score(query)
        assert one == other if one is None or other is None else one == pytest.approx(other, abs=1e-9)


def test_the_same_input_gives_the_same_neighbours_in_any_order() -> None:
    books = library()
    made = [precedent(n, 1 + n % 3, "words", (2,)) for n in range(12)]
    found, queries = retriever(books, made)
    again, other = retriever(books[::-1], made[::-1])
    for name, query in queries.items():
        assert found.neighbours(query, 5) == again.neighbours(other[name], 5)
        assert found.score(query) == again.score(other[name])


def test_neighbours_are_not_all_of_one_score_where_another_is_close() -> None:
    books = library(30)
    on_topic = [n for n in range(3, 30) if n % 3 == 0]
    made = [precedent(n, 3 if n != on_topic[-1] else 1, cells=(2,)) for n in range(1, 30)]
    found, queries = retriever(books, made)
    nearest = found.neighbours(queries[sha(0)], k=3)
    assert [n.precedent.score for n in nearest] == [3, 3, 1]
    similarities = [n.similarity for n in nearest]
    assert similarities == sorted(similarities, reverse=True)
    # One that is about something else does not make room for itself.
    off_topic = [precedent(n, 1 if n == 1 else 3, cells=(2,)) for n in range(1, 30)]
    found, queries = retriever(books, off_topic)
    assert [n.precedent.score for n in found.neighbours(queries[sha(0)], k=3)] == [3, 3, 3]


def test_copies_among_precedents_take_one_place() -> None:
    books = library()
    copies = [replace(books[3], sha256=sha(60 + n)) for n in range(3)]
    made = [precedent(n, 2) for n in (1, 2, 3, 4, 5, 60, 61, 62)]
    found, queries = retriever([*books, *copies], made)
    names = [n.precedent.notebook for n in found.neighbours(queries[sha(0)], k=3)]
    assert len(names) == 3
    assert names[0] in {sha(n) for n in (3, 60, 61, 62)}
    assert set(names[1:]) < {sha(n) for n in (1, 2, 4, 5)}


def test_scores_leave_not_applicable_out() -> None:
    books = library()
    found, queries = retriever(books, [precedent(n, 0) for n in range(1, 12)])
    assert found.score(queries[sha(0)]) is None
    found, queries = retriever(books, [precedent(n, 0 if n % 2 else 2) for n in range(1, 12)])
    assert found.score(queries[sha(0)]) == pytest.approx(2)


def test_a_single_precedent_is_a_neighbour_and_other_dimensions_have_none() -> None:
    found, queries = retriever(library(2), [precedent(1, 3, "well done")])
    assert [n.similarity for n in found.neighbours(queries[sha(0)])] == [1.0]
    assert found.score(queries[sha(0)]) == pytest.approx(3)
    assert found.neighbours(replace(queries[sha(0)], dimension="model_use")) == []


def test_a_precedent_whose_notebook_was_not_read_is_refused() -> None:
    with pytest.raises(KeyError):
        Retriever([precedent(1, 3)], {}, Meaning([]), 0)


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


GRADES = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "Not applicable."}, 0)
DIGITS = Scale(dict.fromkeys(range(10), ""), None)  # a scale without words for its levels


def neighbour(score: int, text: str, excerpt: str = "") -> Neighbour:
    return Neighbour(replace(precedent(score, score, text), excerpt=excerpt), 0.9, 0.5, 0.5, None)


def test_a_judge_is_shown_one_line_a_neighbour() -> None:
    near = [neighbour(1, "scaler fitted on all rows before the split"), neighbour(3, "", "cv = KFold(5)")]
    assert shown(near, GRADES, count) == "- bad: scaler fitted on all rows before the split\n- good: cv = KFold(5)"
    assert shown(near, DIGITS, count).startswith("- score 1: scaler fitted")


def test_lines_that_do_not_fit_or_say_nothing_are_left_out_whole() -> None:
    near = [
        neighbour(1, "word " * 30),
        neighbour(2, "short and good"),
        neighbour(3, ""),
        neighbour(2, "short and good"),
    ]
    assert shown(near, GRADES, count, budget=10) == "- average: short and good"
    assert shown(near, GRADES, count, budget=0) == ""
    assert shown([], GRADES, count) == ""


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=400)), max_size=4), st.integers(0, 60))
def test_whatever_words_hold_a_line_stays_a_line(said: list[tuple[int, str]], budget: int) -> None:
    text = shown([neighbour(score, words) for score, words in said], DIGITS, count, budget)
    lines = text.splitlines()
    assert all(line.startswith("- score ") and len(line) <= 220 for line in lines)
    assert len(lines) <= len(said)
    assert count([text])[0] <= budget
