#!/bin/sh
# Makes the virtual environment of a checkout: sh scripts/venv.sh FOLDER
#
# PYTHON      the Python to use; otherwise the first 3.11 or newer on PATH
# CMAKE_ARGS  passed on to the compilation of llama.cpp, for example -DGGML_CUDA=on
set -eu

venv=$1
log=$venv/install.log

say() { printf '%s\n' "$*"; }

new_enough() {
    # A name on PATH may be an empty shim of a version manager: only a Python that answers counts.
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" && { say "$PYTHON"; return 0; }
        say "error: PYTHON=$PYTHON is not Python 3.11 or newer, or does not run." >&2
        return 1
    fi
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if new_enough "$name"; then say "$name"; return 0; fi
    done
    say "error: no Python 3.11 or newer on PATH." >&2
    say "  Install one, or name it: make venv PYTHON=/path/to/python3.11" >&2
    return 1
}

has_one_of() {
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

python=$(find_python)
if ! new_enough "$venv/bin/python"; then
    say "making $venv with $("$python" --version 2>&1)"
    if ! "$python" -m venv "$venv"; then
        say "error: $python cannot make virtual environments; on Debian and Ubuntu install python3-venv." >&2
        exit 1
    fi
fi

if ! "$venv/bin/python" -c 'import llama_cpp' >/dev/null 2>&1; then
    say "installing; llama.cpp is compiled from source, which takes about 7 to 10 minutes on 2 cores the first time"
    say "(pip keeps the result for the next time; the whole output goes to $log)"
    # Only warnings: pip may have a compiled wheel already.
    has_one_of c++ g++ clang++ "${CXX:-c++}" || say "warning: no C++ compiler found; on Debian and Ubuntu: apt install g++" >&2
    has_one_of cmake || say "warning: no cmake found; pip will try to fetch one" >&2
fi

# LLAVA is the library for pictures: a judge reads text, and without it compiling takes two thirds of the time.
CMAKE_ARGS="-DLLAVA_BUILD=OFF ${CMAKE_ARGS:-}"
export CMAKE_ARGS

started=$(date +%s)
elapsed() {
    seconds=$(($(date +%s) - started))
    printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

# What pip does now: the compiler's step, such as [57/140], or the last "Collecting ..." and the like.
doing() {
    tail -n 200 "$log" 2>/dev/null | tr '\r' '\n' | awk '
        match($0, /\[ *[0-9]+(\/[0-9]+|%)\]/) { step = "compiling " substr($0, RSTART, RLENGTH) }
        /^ *(Collecting|Downloading|Building wheel|Installing collected)/ {
            sub(/^ */, ""); step = $1 " " $2 " " $3
        }
        END { print substr(step, 1, 60) }'
}

# -v makes pip pass the compiler's steps on; they go to the log, and the loop below shows where it is.
# setsid puts pip and the compilers it starts into a process group of their own, so that ctrl+c can end all of them.
"$venv/bin/python" -c '
import os, sys
os.setsid()
os.execv(sys.executable, [sys.executable, "-m", "pip", *sys.argv[1:]])
' install -v -e '.[dev]' >"$log" 2>&1 </dev/null &
pip=$!
trap 'kill -s TERM -- "-$pip" 2>/dev/null || :; say; say "stopped after $(elapsed)"; exit 130' INT TERM HUP

ticks=0
while kill -0 "$pip" 2>/dev/null; do
    sleep 1
    ticks=$((ticks + 1))
    if [ -t 1 ]; then
        # Blanks at the end wipe what a longer line left.
        printf '\r  %s  %-64s' "$(elapsed)" "$(doing)"
    elif [ $((ticks % 20)) -eq 0 ]; then
        say "  $(elapsed)  $(doing)"
    fi
done
if [ -t 1 ]; then printf '\r%72s\r' ''; fi

status=0
wait "$pip" || status=$?
trap - INT TERM HUP
if [ "$status" -ne 0 ]; then
    tail -n 40 "$log" >&2
    say "error: pip failed with exit code $status after $(elapsed); the whole output is in $log" >&2
    exit "$status"
fi
say "installed in $(elapsed)"
