"""The report as a document: what it says, in which order, and that nothing hostile gets through."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.align.model import Remark
from nbalign.evaluate.experiment.model import MACRO, ExperimentResult, Interval
from nbalign.evaluate.report.cells import safe
from nbalign.evaluate.report.page import command, html
from nbalign.evaluate.report.words import number, span
from tests.evaluate.results_made import hostile, made

RESULT = made()
VOID = {"wbr", "meta", "br", "hr", "img", "link", "input", "base"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "footer", "article", "p", "h1",
    "h2", "h3", "div", "span", "a", "b", "i", "bdi", "small", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "svg", "desc", "g", "path", "circle", "text",
    "blockquote", "pre", "code", "wbr",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of it: elements, attributes, visible text, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())

    def values(self, name: str) -> list[str]:
        return [value for _, one, value in self.attributes if one == name]


def page(result: ExperimentResult = RESULT) -> Page:
    return Page(html(result))


def test_the_page_is_whole_and_in_order() -> None:
    text = html(RESULT)
    seen = Page(text)
    assert seen.open == []
    assert seen.tags <= ALLOWED
    heads = re.findall(r"<h2>(.*?)</h2>", text)
    assert heads == [
        "Errors by dimension", "All measures", "Paired gains", "Confusion", "Not applicable", "Guidelines learned",
        "Worst remaining disagreements", "Noise between raters", "Cost", "Notes", "Repeat it",
    ]  # fmt: skip
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    assert text == html(RESULT)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    text = html(RESULT)
    policy = next(value for value in Page(text).values("content") if "default-src" in value)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"https?:|url\(|@import|<script|<link|src=|srcset|\son\w+=", text)


def test_every_number_of_the_chart_is_in_its_table_and_its_description() -> None:
    seen = page()
    described = " ".join(seen.said)
    for row in RESULT.rows:
        assert row.mae is not None
        assert number(row.mae.value) in seen.text
        assert f"{number(row.mae.low)}–{number(row.mae.high)}" in seen.text
        if row.arm != "constant":
            assert f"{row.arm}: {number(row.mae.value)} ({span(row.mae)}), {row.ordinal} pairs" in described


def test_the_verdict_names_the_best_arm_its_rivals_and_what_is_not_corrected() -> None:
    text = page().text
    best, base, constant = (next(r for r in RESULT.rows if (r.arm, r.dimension) == (arm, MACRO)) for arm in ("full", "base", "constant"))  # fmt: skip
    assert best.mae and base.mae and constant.mae
    assert "The arm full is nearest to the raters, significantly nearer than base." in text
    assert f"full is {number(best.mae.value)} off on average" in text
    assert f"{number(base.mae.value)} ({span(base.mae)}) for base" in text
    assert f"{number(constant.mae.value)} ({span(constant.mae)}) for always giving the median" in text
    better = [d for d in RESULT.differences if (d.arm, d.against) == ("full", "base") and d.dimension and d.significant]
    assert f"Of 9 dimensions, full is significantly better than base in {len(better)} (" in text
    assert "Holm's correction" in text
    assert "no correction is made over those" in text
    assert "picked as the best of 6 arms" in text
    assert "24 notebooks in 9 dimensions of the rubric ml-notebook, version 2, judged by qwen2.5-coder-1.5b" in text
    assert "seed 7" in text and "22 November 2025, 05:02 UTC" in text
    assert "3 scores on which raters disagree, and nobody has decided, are left out" in text
    assert "Labels: two raters" in text.split("Errors by dimension")[0]


def only(result: ExperimentResult, *arms: str) -> ExperimentResult:
    return replace(
        result,
        arms=arms,
        rows=tuple(row for row in result.rows if row.arm in arms),
        differences=tuple(d for d in result.differences if d.arm in arms and d.against in arms),
    )


def shifted(result: ExperimentResult, arm: str, error: float) -> ExperimentResult:
    """The arm's macro error set to something else."""
    rows = [
        replace(row, mae=Interval(error, error, error)) if (row.arm, row.dimension) == (arm, MACRO) else row
        for row in result.rows
    ]
    return replace(result, rows=tuple(rows))


@pytest.mark.parametrize(
    ("result", "headline"),
    [
        (only(RESULT, "base", "constant"), "No arm is nearer to the raters than base."),
        (shifted(RESULT, "base", 0.01), "No arm is nearer to the raters than base."),
        (shifted(RESULT, "constant", 0.01), "No arm is nearer to the raters than always giving the median score."),
        (replace(RESULT, differences=()), "it was not compared with base pair by pair."),
        (replace(only(RESULT, "full"), differences=()), "The arm full is nearest to the raters."),
        (replace(RESULT, rows=()), "Nothing can be compared"),
        (
            replace(RESULT, differences=tuple(replace(d, significant=False) for d in RESULT.differences)),
            "The arm full is nearest to the raters, but not significantly nearer than base.",
        ),
    ],
)
def test_the_headline_claims_no_more_than_the_figures(result: ExperimentResult, headline: str) -> None:
    assert headline in page(result).text


def test_confusion_has_every_count_with_raters_in_rows() -> None:
    text = html(RESULT)
    row = next(r for r in RESULT.rows if (r.arm, r.dimension) == ("full", "model_training"))
    assert row.confusion is not None
    table = text.split("Model training: rows are the raters&#39; scores, columns those of full")[1].split("</table>")[0]
    counts = [int(count) for count in re.findall(r"<td class=\"h\d(?: agree)?\">(\d+)</td>", table)]
    assert counts == [count for cells in row.confusion for count in cells]
    assert re.findall(r'<th scope="row">(.*?)</th>', table) == ["N/A", "1", "2", "3"]


def test_what_people_said_stands_beside_what_was_learned_and_what_is_wrong() -> None:
    text = page().text
    learned = RESULT.guidelines[0]
    assert learned.guideline.text in text
    assert "learned whichever of the 4 folds was held out" in text
    assert "learned while folds 2 and 4 were held out" in text
    name, rater, score, words = learned.cited[0]
    assert f"{rater}, {name}" in text and words in text and score == 1
    case = RESULT.disagreements[0]
    assert "3 good (expected 2.71) against raters 1 bad" in text
    assert case.remarks[0].text in text and case.facts[0] in text
    assert "Plots are fine, the reading is thin." in text


def test_costs_notes_fallbacks_and_the_command() -> None:
    text = page().text
    assert "This run evaluated 316,334 tokens in 51 min 12 s" in text
    assert "all together 2,628 36 316,334 6,224,220 5,120" in text
    assert RESULT.notes[1] in text
    assert "no checks: answered by the judge alone" in text
    assert "nbalign evaluate --rubric ml-notebook --model qwen2.5-coder-1.5b --arms base,evidence" in text


def test_the_command_is_quoted_for_a_shell_or_taken_as_given() -> None:
    asked = {"arms": "base full", "dimensions": "a b;rm", "ablation": "", "seed": "7", "neighbours": "3"}
    odd = replace(RESULT, options=asked, model="")
    assert command(odd) == (
        "nbalign evaluate --rubric ml-notebook --arms base,full --seed 7 --dimension a --dimension 'b;rm'"
    )
    assert command(replace(RESULT, options={"command": "nbalign evaluate -k 4"})) == "nbalign evaluate -k 4"


def test_the_command_has_no_option_that_the_program_lacks() -> None:
    from nbalign.cli.evaluate import evaluate

    everything = dict.fromkeys(("arms", "ablation", "dimensions", "folds", "bootstrap", "seed", "group", "rubric_checks", "guideline_checks", "evidence_tokens", "guideline_tokens", "budget"), "1")  # fmt: skip
    known = {option for parameter in evaluate.params for option in parameter.opts}
    used = {word for word in command(replace(RESULT, options=everything)).split() if word.startswith("--")}
    assert len(used) == 12
    assert used <= known


def test_an_arm_that_was_not_evaluated_everywhere_competes_with_none() -> None:
    """Its mean is over other dimensions, so a low one says nothing."""
    rows = [
        row if row.arm != "semantic" or row.dimension in (MACRO, "model_training") else replace(row, mae=None)
        for row in shifted(RESULT, "semantic", 0.01).rows
    ]
    seen = page(replace(RESULT, rows=tuple(rows)))
    assert "The arm full is nearest to the raters" in seen.text
    assert "picked as the best of 5 arms" in seen.text
    assert "0.01–0.01, over 1 of 9" in seen.text
    assert "over 1 of 9 dimensions alone" in seen.text


def test_cited_cells_lead_to_excerpts_with_ways_back() -> None:
    case, other = RESULT.disagreements[0], RESULT.disagreements[1]
    sha = case.notebook
    # The same cells of one notebook are cited by two raters here, and cell 99 by nobody.
    text = html(RESULT, excerpts={(sha, 4): "x = 1\n<b>bold</b>", (sha, 7): "y = 2", (sha, 99): "never cited"})
    seen = Page(text)
    assert [value for value in seen.values("href") if value.startswith("#cell-")] == ["#cell-1", "#cell-2", "#cell-2"]
    assert "never cited" not in text
    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    excerpt = text.split('id="cell-2"')[1]
    assert "churn-031.ipynb, cell 7" in excerpt
    assert '<a href="#disagreement-1">disagreement 1</a>' in excerpt
    assert other.notebook != sha
    # No link leads nowhere.
    targets = {value[1:] for value in seen.values("href") if value.startswith("#")}
    assert targets <= set(seen.values("id"))


def test_without_excerpts_and_links_cells_are_plain_numbers() -> None:
    text = html(RESULT)
    assert "cells 4, 7, 9" in Page(text).text.replace(" ,", ",")
    assert not any(value.startswith("#cell") for value in Page(text).values("href"))


def test_links_are_made_by_the_caller_and_dangerous_ones_are_not_taken() -> None:
    sha = RESULT.disagreements[0].notebook
    seen = Page(html(RESULT, link=lambda notebook, cell: f"notebooks/{notebook[:8]}.html?a=1&b=2#c{cell}"))
    assert f"notebooks/{sha[:8]}.html?a=1&b=2#c7" in seen.values("href")
    bad = Page(html(RESULT, link=lambda notebook, cell: "javascript:alert(1)", excerpts={(sha, 4): "x"}))
    assert [value for value in bad.values("href") if value.startswith("#cell")] == ["#cell-1"]
    assert not any("javascript" in value for value in bad.values("href"))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:x",
        "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", "://[", "http://[", "ftp://x", "a b", "",
        "1:x", "\u202ehttp://x", "\ud800",
    ],
)  # fmt: skip
def test_a_dangerous_target_is_no_target(target: str) -> None:
    assert safe(target) == ""


@pytest.mark.parametrize(
    "target", ["#cell-1", "a/b.html#c7", "../x.html?y=1:2", "https://example.org/x", "file:///a/b", "./1:2"]
)
def test_a_plain_target_stays(target: str) -> None:
    assert safe(target) == target


ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=http://probe.invalid/x onerror=alert(1)>'",
    "</title></style></svg></desc></pre><iframe src=javascript:alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}{# #}",
    "\u202eevil\u2066\u200b\x00\x1b[31mred\x1b]0;title\x07\r\ud800",
    "&lt;b&gt; &amp; &#x3c;script&#x3e; ]]> <!-- -->",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_stays_text(attack: str) -> None:
    result = hostile(attack)
    cells = {(result.disagreements[0].notebook, cell): attack for cell in (2, 3)}
    text = html(result, excerpts=cells)
    seen = Page(text)
    assert seen.open == []
    assert seen.tags <= ALLOWED
    assert not any(name.startswith("on") or name in ("src", "style", "srcset") for _, name, _ in seen.attributes)
    assert all(value.startswith("#") for value in seen.values("href"))
    assert not set(text) & set("\x00\x07\x1b\r\u202e\u2066\u200b\ud800")
    text.encode()
    assert "49" not in re.findall(r"<bdi>(.*?)</bdi>", text)


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
@given(st.text(st.sampled_from("<>&\"'={}%#/ \n\x00\x1b\u202e\ud800abc"), max_size=60))
def test_any_text_leaves_the_page_whole(text: str) -> None:
    seen = Page(html(hostile(text)))
    assert seen.open == []
    assert seen.tags <= ALLOWED


def test_huge_texts_and_lists_are_bounded_and_say_so() -> None:
    huge = "word " * 400_000
    remark = Remark(1, "ann", "rater", 1, huge, tuple(range(1, 5000)))
    case = replace(RESULT.disagreements[0], remarks=(remark,) * 50, facts=(huge,) * 300, name=huge)
    result = replace(
        RESULT,
        disagreements=(case,) * 120,
        noise=(replace(RESULT.noise[0], remarks=(remark,)),) * 120,
        guidelines=RESULT.guidelines * 100,
        notes=(huge,) * 200,
    )
    text = html(result)
    assert len(text) < 12_000_000
    for left_out in (
        "more characters)", "20 more disagreements not shown", "20 more cases not shown", "200 more guidelines not shown",
        "100 more notes not shown", "280 more facts not shown", "30 more remarks", "more cited cells",
    ):  # fmt: skip
        assert left_out in text


def test_an_empty_experiment_says_so_everywhere() -> None:
    nothing = replace(
        RESULT, rows=(), differences=(), floors=(), noise=(), guidelines=(), disagreements=(), costs=(), notes=(),
        predictions=(), arms=(), dimensions=(), folds={}, options={}, model="", judge="", fold_count=0, levels=(),
        values=(), value_names=(),
    )  # fmt: skip
    text = page(nothing).text
    for said in (
        "No arm was compared", "Nothing can be compared", "There is no arm to draw", "No two arms were compared",
        "There is nothing to count", "No arm of this experiment learned guidelines", "No disagreement is left",
        "None: no two raters", "Nothing was computed", 'The scale of this rubric has no "not applicable"',
    ):  # fmt: skip
        assert said in text, said


def test_arms_and_dimensions_without_figures_show_dashes() -> None:
    bare = replace(
        RESULT,
        rows=tuple(replace(row, mae=None, bias=None, exact=None, kappa=None) if row.arm == "semantic" else row for row in RESULT.rows),
        floors=(),
    )  # fmt: skip
    text = page(bare).text
    assert "semantic: –" in text
    assert "how far raters are from each other is unknown" in text


def test_one_dimension_has_no_mean_over_dimensions() -> None:
    dimension = RESULT.dimensions[0]
    one = replace(
        RESULT,
        dimensions=(dimension,),
        rows=tuple(row for row in RESULT.rows if row.dimension in (MACRO, dimension[0])),
        differences=tuple(d for d in RESULT.differences if d.dimension in (MACRO, dimension[0])),
    )
    seen = page(one)
    assert seen.text.count("error by arm") == 1
    assert "Of the one dimension compared" in seen.text


def test_a_long_scale_and_twenty_dimensions_fit() -> None:
    values = tuple(range(1, 10))
    square = tuple(tuple(range(9)) for _ in values)
    names = tuple((f"d{n}", f"Dimension {n}") for n in range(20))
    rows = [
        replace(row, dimension=dim, confusion=square if dim else None)
        for row in RESULT.rows if row.dimension == MACRO for dim in (MACRO, *(d for d, _ in names))
    ]  # fmt: skip
    text = html(
        replace(RESULT, rows=tuple(rows), dimensions=names, levels=values, values=values, value_names=("",) * 9)
    )
    assert text.count('role="img" aria-labelledby') == 21
    assert Page(text).open == []
