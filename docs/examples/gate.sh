#!/bin/sh
# A gate for an assistant that writes notebooks: are those that it writes now judged worse than those of the baseline?
# docs/how-to-gate.md explains every step. Stopped or killed, the same call goes on where it was.
#
# Settings, all of them variables:
#   SUITE              a suite.yaml, a folder that holds one, or the name of a packaged suite
#   BASELINE           a folder of notebooks that the assistant must not fall behind
#   GENERATOR          a generator file: how the assistant is started
#   RUN                the name of the new run: another one for each state of the assistant, at most 50 characters
#   JUDGE              the model that judges
#   MAX_DROP           the drop of a mean that is not allowed any more, in levels
#   REPORTS            the folder for reports
#   NBALIGN_WORKSPACE  the workspace; keep it, and nothing is judged twice
#
# Exit codes: 0 pass; 1 a regression, or the assistant left a notebook out; 2 wrong use; 3 something could not be made
# or judged; 4 a model, 5 the workspace, 6 the sandbox.
set -eu

SUITE=${SUITE:-suite}
BASELINE=${BASELINE:-baseline}
GENERATOR=${GENERATOR:-generator.yaml}
RUN=${RUN:-gate-$(date -u +%Y%m%d-%H%M%S)}
JUDGE=${JUDGE:-qwen2.5-coder-1.5b}
MAX_DROP=${MAX_DROP:-0.5}
REPORTS=${REPORTS:-reports}
NBALIGN_WORKSPACE=${NBALIGN_WORKSPACE:-workspace}
export NBALIGN_WORKSPACE

[ -e "$NBALIGN_WORKSPACE/nbalign.db" ] || nbalign init "$NBALIGN_WORKSPACE"
nbalign suite check "$SUITE"

# The baseline anew each time: what this judge has scored before costs nothing, and after an alignment both runs have
# the same judge again. It must be complete.
nbalign run "$SUITE" --name "$RUN-baseline" --generator "folder:$BASELINE" --judge-model "$JUDGE"

# Exit code 3: a notebook could not be made. The gate counts those.
nbalign run "$SUITE" --name "$RUN" --generator-file "$GENERATOR" --judge-model "$JUDGE" || {
    code=$?
    [ "$code" -eq 3 ] || exit "$code"
}

nbalign compare "$RUN-baseline" "$RUN" --html "$REPORTS/compare.html"
nbalign gate "$RUN" --baseline "$RUN-baseline" --max-drop "$MAX_DROP" --max-missing 0 \
    --junit "$REPORTS/gate.xml" --markdown "$REPORTS/gate.md"
