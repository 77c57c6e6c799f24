"""What judging computes with: the Python, the build of llama.cpp, a GPU.

llama.cpp is asked in a child process, with a bound on time: a build for another processor dies at the first unknown
instruction, a broken one may hang, and neither may take the doctor along.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.doctor.check import Check

_SECONDS = 60.0  # importing a CUDA build from a slow disk takes many seconds
_QUESTION = """
import json, llama_cpp
print(json.dumps({
    "version": llama_cpp.__version__,
    "features": llama_cpp.llama_print_system_info().decode("utf-8", "replace"),
    "gpu": bool(llama_cpp.llama_supports_gpu_offload()),
    "mmap": bool(llama_cpp.llama_supports_mmap()),
    "mlock": bool(llama_cpp.llama_supports_mlock()),
}))
"""


@dataclass(frozen=True, slots=True)
class Build:
    """The installed build of llama.cpp.

    Attributes:
        version: Of llama-cpp-python; empty when it could not be asked.
        features: What llama.cpp says it was compiled for, such as `AVX2, OPENMP`.
        gpu: Whether it can use a GPU.
        mmap: Whether model files can be mapped into memory instead of read.
        mlock: Whether they can be kept in memory.
        problem: Why it could not be asked; empty when it could.
    """

    version: str = ""
    features: str = ""
    gpu: bool = False
    mmap: bool = False
    mlock: bool = False
    problem: str = ""


def ask_build(command: Sequence[str] | None = None, seconds: float = _SECONDS) -> Build:
    """Asks llama.cpp what it is, in a child process.

    Args:
        command: What to run; None imports `llama_cpp` with this Python. Tests pass other programs.
        seconds: How long to wait.
    """
    # -P: a file called llama_cpp.py in the current folder must not be taken for the library.
    command = [sys.executable, "-P", "-c", _QUESTION] if command is None else command
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return Build(problem=f"importing it did not end within {seconds:.0f} s")
    except OSError as error:
        return Build(problem=f"it cannot be asked: {error}")
    if done.returncode < 0:
        return Build(problem=f"importing it ends the process ({_signal_name(-done.returncode)})")
    lines = done.stdout.strip().splitlines()
    try:
        said = json.loads(lines[-1]) if done.returncode == 0 and lines else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        words = (done.stderr.strip() or done.stdout.strip() or "no word why").splitlines()[-1]
        return Build(problem=f"it cannot be imported: {words}")
    return Build(
        version=str(said.get("version", "")),
        features=_features(str(said.get("features", ""))),
        gpu=said.get("gpu") is True,
        mmap=said.get("mmap") is True,
        mlock=said.get("mlock") is True,
    )


def python() -> Check:
    """The Python that runs this."""
    words = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < (3, 11):  # noqa: UP036  (pip refuses older ones, but a checkout on PYTHONPATH runs anywhere)
        return Check("Python", "missing", words, "nbalign needs Python 3.11 or newer.")
    return Check("Python", "ok", words)


def llama_cpp(build: Build) -> Check:
    """Whether the engine can be used, and for which processor it was compiled."""
    if build.problem:
        return Check(
            "llama.cpp",
            "missing",
            f"llama-cpp-python does not work: {build.problem}",
            f"Compile it again on this machine (takes minutes): {rebuild_command()}",
        )
    maps = "maps model files" if build.mmap else "reads model files whole"
    words = f"llama-cpp-python {build.version}, {maps}; compiled for {build.features or 'no special instructions'}"
    wanted = _wanted_version()
    if wanted and build.version != wanted:
        return Check(
            "llama.cpp", "warn", f"{words}; this nbalign was made for {wanted}", f"Install it: {rebuild_command()}"
        )
    return Check("llama.cpp", "ok", words)


def gpu(build: Build, found: str | None) -> Check:
    """Whether there is a GPU and a build that can use it.

    Args:
        build: What `ask_build` found.
        found: What `ask_nvidia` found.
    """
    if found and not build.gpu and not build.problem:
        return Check(
            "GPU",
            "warn",
            f"{found}, but this build of llama.cpp cannot use it",
            f"With the CUDA toolkit installed: {rebuild_command(cuda=True)}",
        )
    if found:
        return Check("GPU", "ok", found)
    if build.gpu:
        return Check("GPU", "ok", "this build of llama.cpp can use a GPU; no NVIDIA GPU was seen")
    return Check("GPU", "ok", "none seen; the CPU judges")


def ask_nvidia(program: str | None = None, seconds: float = 10.0) -> str | None:
    """Name and memory of the NVIDIA GPUs, or None where there are none.

    Args:
        program: The `nvidia-smi` to run; None looks for it on PATH.
        seconds: How long to wait.
    """
    program = program or shutil.which("nvidia-smi")
    if program is None:
        return None
    command = [program, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # a driver without a working card behaves like no card
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return "; ".join(lines) if done.returncode == 0 and lines else None


def rebuild_command(*, cuda: bool = False) -> str:
    """The shell command that compiles llama.cpp again; without `--no-cache-dir` pip would take its old wheel."""
    options = "-DGGML_CUDA=on -DLLAVA_BUILD=OFF" if cuda else "-DLLAVA_BUILD=OFF"
    version = _wanted_version()
    package = f"llama-cpp-python=={version}" if version else "llama-cpp-python"
    pip = f"{shlex.quote(sys.executable)} -m pip install --force-reinstall --no-deps --no-cache-dir {package}"
    return f'CMAKE_ARGS="{options}" {pip}'


def _wanted_version() -> str:
    """The version that nbalign names in its own requirements; empty when it is not installed as a package."""
    try:
        requirements = importlib.metadata.requires("nbalign") or []
    except importlib.metadata.PackageNotFoundError:
        return ""
    head = "llama-cpp-python=="
    return next((r.removeprefix(head).split(";")[0].strip() for r in requirements if r.startswith(head)), "")


def _features(text: str) -> str:
    """`CPU : AVX = 1 | AVX2 = 1 | FMA = 0 |` as `AVX, AVX2`."""
    names = []
    for part in text.split("|"):
        name, _, value = part.rpartition("=")
        if value.strip() not in ("", "0"):
            names.append(name.split(":")[-1].strip())
    return ", ".join(name for name in names if name)


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    return f"{name}: it was compiled for another processor" if name == "SIGILL" else name
