"""How much of the graded samples a digest keeps, and what of it raters cite.

Run it from the root of the repository: `python -m benchmarks.digest --model MODEL.gguf [--budget N ...]`.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nbalign.judge.digest import Digest, digest
from nbalign.notebooks import read_file
from nbalign.notebooks.model import Notebook

SAMPLES = Path(__file__).parent.parent / "sample_notebooks"
Count = Callable[[Sequence[str]], Sequence[int]]


def tokenizer(path: Path) -> Count:
    """Token counts with the tokenizer of a GGUF model, its weights left on disk."""
    import llama_cpp

    model = llama_cpp.Llama(model_path=str(path), vocab_only=True, verbose=False)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(model.tokenize(text.encode(), add_bos=False, special=False)) for text in texts]

    return count


def shown(notebook: Notebook, made: Digest) -> dict[int, float]:
    """Share of the different words of each cell's source that the digest shows under that cell's head."""
    blocks: dict[int, set[str]] = {}
    number = 0
    for line in made.text.splitlines():
        head = re.match(r"\[(\d+)\] (?:code|markdown|raw)", line)
        number = int(head.group(1)) if head else number
        blocks.setdefault(number, set()).update(re.findall(r"\w+", line))
    shares = {}
    for cell in notebook.cells:
        words = set(re.findall(r"\w+", cell.source))
        if cell.number not in made.cells:
            shares[cell.number] = 0.0
        elif not words or (cell.number == 1 and notebook.prompt_source == "first cell"):
            shares[cell.number] = 1.0
        else:
            shares[cell.number] = len(words & blocks[cell.number]) / len(words)
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, required=True, help="a GGUF model whose tokenizer counts")
    parser.add_argument("--budget", type=int, nargs="+", default=[2000, 1400, 700])
    given = parser.parse_args()
    count = tokenizer(given.model)
    labels = [json.loads(line) for line in (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    notebooks = {path.name: read_file(path)[1] for path in sorted((SAMPLES / "notebooks").glob("*.ipynb"))}
    for budget in given.budget:
        began = time.perf_counter()
        made = {name: digest(notebook, count, budget) for name, notebook in notebooks.items()}
        seconds = (time.perf_counter() - began) / len(made)
        shares = {name: shown(notebooks[name], made[name]) for name in made}
        cited = [shares[label["notebook"]].get(cell, 0.0) for label in labels for cell in label["cells"]]
        whole = [result.whole_tokens for result in made.values()]
        kept = [result.tokens for result in made.values()]
        print(f"budget {budget}: {len(made)} notebooks, {1000 * seconds:.0f} ms each")
        print(f"  whole   median {statistics.median(whole):.0f}, most {max(whole)} tokens")
        print(f"  digest  median {statistics.median(kept):.0f}, most {max(kept)} tokens")
        part = sum(share > 0 for share in cited) / len(cited)
        full = sum(share >= 0.9 for share in cited) / len(cited)
        print(f"  {len(cited)} citations of cells: {part:.1%} there at least in part, {full:.1%} (nearly) in full,")
        print(f"    {statistics.mean(cited):.1%} of the words of their sources")
        by_dimension: dict[str, list[float]] = {}
        for label in labels:
            by_dimension.setdefault(label["dimension"], []).extend(
                shares[label["notebook"]].get(cell, 0.0) for cell in label["cells"]
            )
        for name, values in by_dimension.items():
            there = sum(value > 0 for value in values) / len(values)
            print(f"    {name:22} {there:6.1%} in part, {statistics.mean(values):6.1%} of words")


if __name__ == "__main__":
    main()
