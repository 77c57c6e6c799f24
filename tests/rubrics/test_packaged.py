from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.packaged import packaged, read_rubric
from nbalign.rubrics.parse import MAX_BYTES
from nbalign.rubrics.problems import BadRubric


def test_the_nine_dimensions_come_with_the_package() -> None:
    rubric = {rubric.id: rubric for rubric in packaged()}["ml-notebook"]
    assert rubric.version == 1
    assert len(rubric.dimensions) == 9
    assert rubric.scale.levels == (1, 2, 3)
    assert rubric.scale.not_applicable == 0
    assert [rubric.scale.name(value) for value in rubric.scale.values] == ["N/A", "bad", "average", "good"]


def test_a_file_is_read_like_the_packaged_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + packaged()[0].text.replace("\n", "\r\n").encode())
    assert read_rubric(path) == packaged()[0]


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_rubric(tmp_path / "none.yaml")


def test_a_folder_is_no_rubric(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a file"):
        read_rubric(tmp_path)


def test_a_path_that_cannot_be_is_bad_input() -> None:
    with pytest.raises((BadInput, NotFound)):
        read_rubric(Path("a\0b.yaml"))
    with pytest.raises(BadInput, match="cannot be read"):
        read_rubric(Path("x" * 5000))


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("id: x\ntitle: Möbel\n".encode("latin-1"))
    with pytest.raises(BadRubric) as caught:
        read_rubric(path)
    assert [problem.line for problem in caught.value.problems] == [2]


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)  # sparse
    with pytest.raises(BadRubric, match=f"longer than {MAX_BYTES // 1024} KB"):
        read_rubric(path)
