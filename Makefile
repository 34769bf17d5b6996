# Two commands: `make run` starts Moodtide, `make test` checks everything. Both first set up what is missing.
.DEFAULT_GOAL := help
.PHONY: help setup run test bench clean python

# The first Python that is 3.11; failing that, any Python 3, which then says what is wrong.
ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$python" && exit; \
	done; echo python3)
endif
SET_UP = @"$(PYTHON)" -m journal.launch.bootstrap
IN_VENV = .venv/bin/python -m

help: ## Show this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+): .*## /  make \1\t/' | expand -t 16

run: python ## Set up what is missing, start Moodtide, print its address
	$(SET_UP) run
	@exec $(IN_VENV) journal.launch

test: python ## Set up what is missing, then lint, check types and layers, and run every test
	$(SET_UP) test
	$(IN_VENV) ruff check .
	$(IN_VENV) ruff format --check .
	$(IN_VENV) mypy
	.venv/bin/lint-imports
	$(SET_UP) check
	$(IN_VENV) pytest
	$(IN_VENV) tests.postgres --quiet

bench: python ## Measure how fast pictures are read, pages answer and days are watched
	$(SET_UP) test
	$(IN_VENV) tests.bench
	$(IN_VENV) tests.bench_queue
	$(IN_VENV) tests.bench_history
	$(IN_VENV) tests.bench_downswings

setup: python ## Set up what is missing and stop there
	$(SET_UP) run

clean: python ## Remove what set-up made; the data in var/ stays
	$(SET_UP) clean

python:
	@command -v "$(PYTHON)" >/dev/null || { echo "Moodtide needs Python 3.11, and there is no Python here." >&2; exit 2; }
