"""Pages, JUnit XML and Markdown about runs: what they say, and that nothing hostile gets through."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.errors import UsageError
from nbalign.suite.compare.comparing import compare
from nbalign.suite.compare.gate_model import Verdict
from nbalign.suite.compare.gating import gate
from nbalign.suite.report import charts
from nbalign.suite.report.compare_page import compare_page
from nbalign.suite.report.junit import junit
from nbalign.suite.report.markdown import escaped, markdown
from nbalign.suite.report.run_page import run_page
from nbalign.suite.report.saving import save, save_run_page
from nbalign.suite.runs.model import ScoredRun
from tests.suite.scored_made import NA, judge_error, made_hostile, scored

CASES = [f"c{n:02}" for n in range(16)]
EVIL = "</title><script src=http://x>alert(1)</script><img onerror=x>\x1b[31m\u202e\ud800'\"&{{ 7*7 }}"
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "footer", "article", "p", "h1",
    "h2", "h3", "div", "span", "a", "b", "bdi", "small", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "details", "summary", "svg", "desc", "g", "path", "circle", "text", "blockquote",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of it: elements, attributes, visible text, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def run(name: str, eda: int = 2, **over: object) -> ScoredRun:
    return scored(
        name,
        {
            "eda": {case: [eda if n < 12 else 2] for n, case in enumerate(CASES)},
            "metrics": {case: [NA if n == 3 else 3] for n, case in enumerate(CASES)},
        },
        **over,
    )


def sound(document: str) -> Page:
    page = Page(document)
    assert page.tags <= ALLOWED, page.tags - ALLOWED
    for name, value in page.attributes:
        assert not name.startswith("on") and name not in ("src", "srcset", "action", "style"), (name, value)
        assert name != "href" or value.startswith("#"), value
    assert "default-src 'none'" in document
    assert not re.search(r"url\(|@import", document)
    document.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", document)
    return page


ERROR = judge_error({d: [(1, 1), (2, 2), (3, 3), (3, 2), (NA, NA)] * 10 for d in ("eda", "metrics")})


def test_a_comparison_page_says_what_was_found() -> None:
    found = compare(run("before", 1), run("after", 3), ERROR, resamples=200)
    page = sound(compare_page(found, {"c00": "Predict churn."}))
    assert "after is judged higher than before" in page.text
    assert "+1.50" in page.text and "Exploratory Data Analysis" in page.text
    assert "why 1 (before)" in page.text and "why 3 (after)" in page.text
    assert "Predict churn." in page.text
    assert "Dashed: what raters would have settled on" in page.text


def test_without_measured_error_the_page_says_so() -> None:
    found = compare(run("before", 1), run("after", 3), None, resamples=50)
    text = sound(compare_page(found)).text
    assert "The judge's error is not known and in no interval." in text
    assert "Dashed" not in text


def test_a_run_page_shows_scores_failures_and_cost() -> None:
    made = run("first", failed={("c05", 1)})
    page = sound(run_page(made, ERROR, {made.productions[0].notebook: "churn-one.ipynb"}, resamples=100))
    assert "it never stopped" in page.text and "1 missing" in page.text
    assert "6,400 tokens written" in page.text
    assert "churn-one.ipynb" in page.text
    assert page.tags >= {"svg", "table"}


def test_a_run_without_anything_is_a_page_too() -> None:
    made = run("first")
    empty = replace(made, productions=(), scores=())
    assert "No notebook was made yet." in sound(run_page(empty, None, resamples=50)).text


@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.one_of(st.just(EVIL), st.text(st.characters(), max_size=60)))
def test_nothing_hostile_gets_through(text: str) -> None:
    a, b = made_hostile(run("a", 1), text), made_hostile(run("b", 3), text)
    pages = [compare_page(compare(a, b, None, resamples=20), dict.fromkeys(CASES, text))]
    pages.append(run_page(b, None, dict.fromkeys([p.notebook for p in b.productions], text), resamples=20))
    for document in pages:
        sound(document)
        assert "<script" not in document and "<img" not in document


def verdict(strict: bool = False) -> Verdict:
    return gate(run("after", 1), run("before", 2), ERROR, 0.2, max_missing=0, strict=strict, resamples=300)


def test_junit_has_a_case_a_dimension_and_counts_that_are_right() -> None:
    found = verdict()
    root = ElementTree.fromstring(junit(found, "2026-11-22T09:00:00+00:00").encode())
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.tag == "testsuite" and suite.get("timestamp") == "2026-11-22T09:00:00"
    # The order of the schema: properties, then cases, then output.
    assert [child.tag for child in suite] == ["properties", *["testcase"] * 4, "system-out"]
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert list(cases) == ["Exploratory Data Analysis", "Metrics", "All dimensions", "missing notebooks"]
    failure = cases["Exploratory Data Analysis"].find("failure")
    assert failure is not None and failure.get("type") == "regression"
    assert "Drops by 0.75" in (failure.get("message") or "")
    for element in (root, suite):
        assert element.get("tests") == str(len(cases))
        assert element.get("failures") == str(len(list(suite.iter("failure"))))
        assert element.get("errors") == str(len(list(suite.iter("error"))))
    assert all(case.get("classname") and case.get("time") for case in cases.values())


def test_a_strict_gate_makes_errors_of_what_it_cannot_tell() -> None:
    a = scored("a", {"eda": {f"c{n}": [1 + n % 3] for n in range(8)}})
    b = scored("b", {"eda": {f"c{n}": [1 + (n * 2) % 3] for n in range(8)}})
    for strict, errors in ((False, "0"), (True, "1")):
        found = gate(b, a, None, 0.2, strict=strict, resamples=200)
        assert found.checks[0].state in ("noise", "blind")
        assert ElementTree.fromstring(junit(found).encode()).get("errors") == errors


@settings(max_examples=25, phases=[Phase.generate])
@given(st.text(st.characters(), max_size=80))
def test_whatever_names_hold_the_xml_is_sound(text: str) -> None:
    found = verdict()
    evil = replace(found, run=text, against=text, headline=text, notes=(text,),
                   checks=tuple(replace(check, title=text, sentence=text) for check in found.checks))  # fmt: skip
    root = ElementTree.fromstring(junit(evil).encode("utf-8"))
    assert len(list(root.iter("testcase"))) == 4


def test_markdown_has_the_outcome_a_table_and_the_reasons() -> None:
    text = markdown(verdict())
    assert text.startswith("### nbalign gate: after against before\n")
    assert "**Fail: regression in Exploratory Data Analysis and All dimensions.**" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 3
    assert len({line.count("|") for line in table}) == 1
    assert "**Exploratory Data Analysis**, regression: Drops by 0.75 levels" in text


@pytest.mark.parametrize(
    "text", ["a | b", "`x`", "[l](http://x.org)", "<img src=x>", "@team", "# h", "**b**", "www.x.org"]
)
def test_names_mean_nothing_to_markdown(text: str) -> None:
    shown = escaped(text)
    assert not re.search(r"(?<!\\)[|`\[\]*#]|[<>@]|://|www\.", re.sub(r"&#?\w+;", "", shown))
    assert "|" not in re.sub(r"\\\|", "", shown)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 500), min_size=4, max_size=4))
def test_bars_hold_all_notebooks_side_by_side(counts: list[int]) -> None:
    found = charts.bar(dict(zip((1, 2, 3, NA), counts, strict=True)), NA)
    assert sum(part.count for part in found.segments) == sum(counts)
    at = 0.0
    for part in found.segments:
        assert part.x == pytest.approx(at, abs=0.11)
        at += part.width
    if any(counts):
        assert at == pytest.approx(charts.BAR_WIDTH, abs=0.5)


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="cannot write the summary"):
        save("x", tmp_path / "file" / "below.md", "summary")
    save_run_page(run("first"), None, tmp_path / "new" / "page.html")
    assert (tmp_path / "new" / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
