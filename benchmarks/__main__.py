"""`make bench`: runs every measurement, or those named, and prints what was measured and how."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable

from benchmarks import evidence, judging, startup, storing, tui, waiting
from nbalign.llm import machine


def main() -> None:
    """Runs the measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="measurements to run; default: all")
    parser.add_argument("--model", help="model to judge with; default: the best this machine holds")
    parser.add_argument("--notebook", default="wine-027", help="sample notebook to judge (default: wine-027)")
    parser.add_argument("--part", choices=tui.PARTS, help="one part of tui alone")
    arguments = parser.parse_args()
    known: dict[str, Callable[[], None]] = {
        "startup": startup.run,
        "storing": storing.run,
        "evidence": evidence.run,
        "tui": lambda: tui.run(arguments.model, arguments.part),
        "waiting": lambda: waiting.run(arguments.model),
        "judging": lambda: judging.run(arguments.model, arguments.notebook),
    }
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"no measurement called {', '.join(unknown)}; there are {', '.join(known)}")
    print(f"Python {platform.python_version()}, {machine.threads()} threads, {machine.processors()}\n", flush=True)
    for name in arguments.names or known:
        print(f"== {name}", flush=True)
        known[name]()
        print(flush=True)


if __name__ == "__main__":
    main()
