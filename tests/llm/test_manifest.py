from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.errors import ModelError, NotFound
from nbalign.llm.manifest import find_card, load_manifest

GOOD = """
[[model]]
name = "m"
file = "m.gguf"
bytes = 25
sha256 = "{sha}"
licence = "MIT"
description = "one"
[model.parts]
package = "m-part{{n}}"
version = "1.0"
member = "m{{n}}/part{{n:02d}}.bin"
count = 3
part_bytes = 10
""".format(sha="a" * 64)


def manifest(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "manifest.toml"
    path.write_text(text)
    return path


def test_the_manifest_that_travels_with_nbalign_lists_the_best_judge_first() -> None:
    cards = load_manifest()
    assert [card.name for card in cards] == ["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "smollm2-135m"]
    for card in cards:
        assert card.parts is not None
        assert sum(card.part_size(n) for n in range(1, card.parts.count + 1)) == card.bytes
        assert card.url is not None and card.url.endswith(f"/{card.file}")


def test_sizes_of_parts_follow_from_the_whole(tmp_path: Path) -> None:
    (card,) = load_manifest(manifest(tmp_path, GOOD))
    assert [card.part_size(n) for n in (1, 2, 3)] == [10, 10, 5]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match="smollm2-135m"):
        find_card("gpt", load_manifest())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "m"', 'name = "../m"', "name"),
        ('file = "m.gguf"', 'file = "../m.gguf"', "file"),
        ('file = "m.gguf"', "", "file"),
        ("bytes = 25", "bytes = 0", "bytes"),
        ("bytes = 25", "bytes = true", "bytes"),
        ("bytes = 25", "bytes = 31", "do not make 31"),
        ("bytes = 25", "bytes = 20", "do not make 20"),
        ("aaaa", "AAAA", "sha256"),
        ('licence = "MIT"', 'licence = " "', "licence"),
        ('licence = "MIT"', 'licence = "MIT"\nlicense = "MIT"', "license"),
        ('licence = "MIT"', 'licence = "MIT"\nurl = "http://x/m.gguf"', "https"),
        ('"m-part{n}"', '"--m{n}"', "package"),
        ('"m-part{n}"', '"m-part"', "{n}"),
        ('"m-part{n}"', '"m-{n.__class__}"', "package"),
        ('version = "1.0"', 'version = "1.0 --pre"', "version"),
        ("count = 3", 'count = "3"', "count"),
        ("[[model]]", "[[modle]]", "lists no"),
        ("[[model]]", "[[model", "cannot be read"),
    ],
)
def test_a_wrong_manifest_is_refused_with_the_field_and_a_hint(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ModelError) as caught:
        load_manifest(manifest(tmp_path, GOOD.replace(old, new, 1)))
    assert says in caught.value.message
    assert caught.value.hint


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="same name"):
        load_manifest(manifest(tmp_path, GOOD + GOOD))


def test_a_model_needs_a_source(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no source"):
        load_manifest(manifest(tmp_path, GOOD.partition("[model.parts]")[0]))


def test_a_missing_manifest_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_manifest(tmp_path / "none.toml")
