"""A gate's verdict as JUnit XML, which CI systems show: one test case a dimension.

The form is the one that `junit-10.xsd` of the xUnit plugin for Jenkins describes and other systems read.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from nbalign.evaluate.report.words import line, passage
from nbalign.suite.compare.gate_model import Check, Verdict
from nbalign.suite.compare.gating import FAILED, UNSURE


def junit(verdict: Verdict, at: str = "") -> str:
    """The verdict as an XML document.

    A regression and a mean that is too low are failures; what was not judged is an error, and so is what cannot be
    told where the gate is strict. Elsewhere that passes, with the sentence as its output.

    Args:
        verdict: What a gate said.
        at: UTC time of the gate, ISO 8601; empty for none.

    Returns:
        A document that can be written as UTF-8; characters that XML cannot hold are left out.
    """
    cases = [_case(check, verdict) for check in verdict.checks]
    if verdict.max_missing is not None:
        cases.append(_missing(verdict))
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": "0",
        "time": "0",
    }
    root = Element("testsuites", {"name": "nbalign gate", **{k: v for k, v in counts.items() if k != "skipped"}})
    suite = SubElement(root, "testsuite", {"name": f"nbalign gate: {_text(verdict.run)}", **counts})
    if at:
        suite.set("timestamp", _text(at).removesuffix("+00:00"))
    properties = SubElement(suite, "properties")
    for name, value in _properties(verdict):
        SubElement(properties, "property", {"name": name, "value": _text(value)})
    suite.extend(cases)
    SubElement(suite, "system-out").text = "\n".join(_text(said, 1000) for said in (verdict.headline, *verdict.notes))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(check: Check, verdict: Verdict) -> Element:
    case = _element(check.title, verdict)
    sentence = _text(check.sentence, 1000)
    unsure = check.state in UNSURE
    if check.state in FAILED:
        _outcome(case, "failure", check.state, sentence)
    elif check.state == "not judged" or (unsure and verdict.strict):
        _outcome(case, "error", check.state, sentence)
    else:
        SubElement(case, "system-out").text = f"{check.state}: {sentence}" if unsure else sentence
    return case


def _missing(verdict: Verdict) -> Element:
    case = _element("missing notebooks", verdict)
    said = f"{verdict.missing} missing, at most {verdict.max_missing} allowed"
    if verdict.too_many_missing:
        _outcome(case, "failure", "missing", said)
    else:
        SubElement(case, "system-out").text = said
    return case


def _element(name: str, verdict: Verdict) -> Element:
    return Element("testcase", {"classname": f"nbalign.{_text(verdict.run)}", "name": _text(name), "time": "0"})


def _outcome(case: Element, kind: str, state: str, sentence: str) -> None:
    SubElement(case, kind, {"message": sentence, "type": state.replace(" ", "-")}).text = sentence


def _properties(verdict: Verdict) -> list[tuple[str, str]]:
    known = [
        ("run", verdict.run),
        ("baseline", verdict.against),
        ("max_drop", verdict.max_drop),
        ("min_score", verdict.min_score),
        ("max_missing", verdict.max_missing),
        ("strict", "yes" if verdict.strict else "no"),
        ("exit_code", verdict.exit_code),
    ]
    return [(name, str(value)) for name, value in known if value not in (None, "")]


def _text(text: str, limit: int = 120) -> str:
    """Clean text without the two characters that are sound in Python and in no XML document."""
    shown = line(text, limit) if limit <= 120 else passage(text, limit)
    return shown.replace("\ufffe", "").replace("\uffff", "")
