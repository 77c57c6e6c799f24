# Everything a checkout needs. Plain `make` prints the list.
#
#   PYTHON         the Python that makes the virtual environment (3.11 or newer)
#   VENV           where that environment lies
#   CMAKE_ARGS     how llama.cpp is compiled, for example -DGGML_CUDA=on
#   PROCESSES      how many run the tests that need no model; those with one have all cores for llama.cpp
#   NBALIGN_MODELS where models lie (else the user's cache folder)

VENV ?= .venv
PROCESSES ?= 3
BIN := $(VENV)/bin
# Newer than pyproject.toml when everything in it is installed.
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint format bench docs clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

venv: $(STAMP)  ## make .venv and install everything into it (the first time 7 to 10 minutes)

$(STAMP): pyproject.toml
	@sh scripts/venv.sh "$(VENV)"
	@touch $@

demo: venv  ## a first tour: samples in, judged by a real local model, aligned, before and after
	@sh scripts/demo.sh

test: venv  ## run all tests (fetches the small test model first)
	@$(BIN)/nbalign models pull smollm2-135m
	$(BIN)/pytest -m "not model" -n $(PROCESSES) --dist worksteal
	$(BIN)/pytest -m model

lint: venv  ## ruff, mypy and the contracts between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: venv  ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: venv  ## measure speed on this machine
	$(BIN)/python -m benchmarks

docs: venv  ## write docs/cli.md and the tables in docs/evidence.md and docs/tui.md again from the code
	$(BIN)/python scripts/cli_reference.py
	$(BIN)/python scripts/evidence_kinds.py
	$(BIN)/python scripts/tui_keys.py

clean:  ## delete everything that make made here (models and workspaces stay)
	rm -rf "$(VENV)" build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
