# make run        set up and start the kiosk with the QA trust store and sample documents
# make test       set up and run every test that fits ten minutes
# make test-full  the long runs too
# make check      ruff, format, mypy
# make bench      ratios against the limits

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
PORT ?= 8080
WORKERS ?= 2

.PHONY: run test test-full check format bench set-up clean

$(STAMP): pyproject.toml requirements.txt tools/set-up
	PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/set-up
	@touch $(STAMP)

set-up: $(STAMP)

run: $(STAMP)
	$(BIN)/cleargate kiosk --qa --port $(PORT)

test: $(STAMP)
	$(BIN)/pytest -q -n $(WORKERS) -m "not full"

test-full: $(STAMP)
	$(BIN)/pytest -q -n $(WORKERS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
