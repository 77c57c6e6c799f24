"""`nbalign memory versions|diff|neighbours|checks`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.align.conftest import Machine, Study
from tests.cli.conftest import Nbalign

SHORT = ("--rubric", "short")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "made", machine)
    with made.ws:
        yield made


@pytest.fixture
def nb(study: Study, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    return Nbalign(study.ws.path, capsys)


def test_nothing_aligned_yet_is_told(nb: Nbalign) -> None:
    assert "nothing has been aligned yet" in nb("memory", "versions", *SHORT).err
    assert nb("memory", "versions", *SHORT, "--json").json == []
    for command in (("diff",), ("neighbours", "book-0"), ("checks",)):
        assert "nbalign align" in nb("memory", *command, *SHORT, code=2).err


def test_versions_follow_each_other_and_differ(nb: Nbalign, study: Study) -> None:
    first = study.align().memory
    assert first is not None
    assert "is the first" in nb("memory", "diff", *SHORT).err
    assert nb("memory", "diff", *SHORT, "--json").json is None
    study.label(1, "loading", 3, "violet paths are built with care")
    copper = next(g for g in first.guidelines if "copper" in g.text)
    study.ws.decide_guidelines("reject", [copper.id])
    second = study.align().memory
    assert second is not None
    found = nb("memory", "versions", *SHORT, "--json").json
    assert [(v["version"], v["parent"]) for v in found] == [(second.version, first.version), (first.version, "")]
    out = nb("memory", "diff", *SHORT).out
    assert f"{first.version} -> {second.version}" in out
    assert "+ [loading] Score 3 when violet paths are built with care." in out
    assert "proposed -> rejected" in out
    assert "precedents: 1 new or changed" in out
    assert "nothing changed" in nb("memory", "diff", second.version, second.version[:6], *SHORT).out
    assert nb("memory", "diff", first.version, *SHORT, "--json").json["older"] == first.version
    assert "no memory" in nb("memory", "diff", "ffff", *SHORT, code=2).err


def test_neighbours_and_checks_are_shown(nb: Nbalign, study: Study) -> None:
    study.align()
    out = nb("memory", "neighbours", "book-0", *SHORT, "-k", "2").out
    assert "Loading" in out
    assert "book-0.ipynb" not in out
    found = nb("memory", "neighbours", "book-0", *SHORT, "-d", "plotting", "--json").json
    assert {d: len(many) for d, many in found.items()} == {"plotting": 3}
    checks = nb("memory", "checks", *SHORT, "-d", "loading", "--json").json
    assert set(checks) == {"loading"}
    assert any(c["source"] not in ("question", "level 1", "level 3") for c in checks["loading"])
    assert "weight:" in nb("memory", "checks", *SHORT).out
    for args in (("neighbours", "nothing"), ("neighbours", "book-0", "-d", "nothing"), ("checks", "-d", "nothing")):
        assert "nothing" in nb("memory", *args, *SHORT, code=2).err
