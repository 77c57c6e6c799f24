#!/bin/sh
# The tour behind `make demo`: six graded sample notebooks, judged by a real local model, beside their labels.
# About 10 minutes on two cores after installation, the model's download included; stop it with ctrl-c and `make demo` goes on from there.
set -eu
BIN=${BIN:-.venv/bin}
DEMO=${DEMO:-demo}
MODEL=${MODEL:-qwen2.5-coder-1.5b}
# One of each kind of task and of quality, so that the table has something to disagree about.
NOTEBOOKS="wine-027 churn2-055 co2-035 house1-001 cars-mpg-018 penguins-052"

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }

say "1/4  The judge: $MODEL, a local model. Fetched once, checked, shared by all workspaces."
"$BIN/nbalign" models pull "$MODEL"

say "2/4  The workspace: 52 machine-learning notebooks with the scores and words of their raters, in $DEMO/"
if [ ! -f "$DEMO/nbalign.db" ]; then
    "$BIN/nbalign" init "$DEMO" --sample
fi

say "3/4  Judging six of them on nine dimensions, on this machine, without network."
echo "Each notebook is read once (about 2,000 tokens) and then asked nine short questions: first by the model alone ..."
# shellcheck disable=SC2086 - the list is meant to be split
"$BIN/nbalign" -w "$DEMO" judge --no-evidence --model "$MODEL" $NOTEBOOKS
echo
echo "... then with facts that a program read off the notebook's code. What the model read of it is kept and used again."
# shellcheck disable=SC2086
"$BIN/nbalign" -w "$DEMO" judge --model "$MODEL" $NOTEBOOKS

say "4/4  Before and after, beside the raters: the model alone, the model with facts, the facts alone."
"$BIN/nbalign" -w "$DEMO" agreement --judge "$MODEL@" --judge "$MODEL+evidence" --judge evidence

cat <<END

What you see is an unaligned judge: a small model and a rubric, without and with facts that a program read off the code.
'constant' is the error of always giving the median score; a judge is worth something where it is below that. Six
notebooks are too few to tell, and the rules behind the facts were settled on these samples; all 52, and some that they had
not seen, are in docs/results/evidence.md.

Open the labelling terminal on this workspace:   $BIN/nbalign -w $DEMO tui
Judge all 52 notebooks (an hour on two cores):    $BIN/nbalign -w $DEMO judge --model $MODEL
See the facts of a notebook:                     $BIN/nbalign -w $DEMO evidence wine-027
See what the model reads of a notebook:          $BIN/nbalign -w $DEMO digest wine-027
END
