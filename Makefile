# Every target sets up what it needs in .venv and is quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX ?= .herald
SOURCE ?= indexer/samples
HOST ?= 127.0.0.1
PORT ?= 8000
export HF_HUB_OFFLINE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
PIP = $(BIN)/python -m pip install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help install serve test lint types bench bench-quality bench-speed bench-slack clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 24

install: $(VENV)/.installed  ## Install Herald into .venv

serve: install  ## Index SOURCE (the shipped announcement) and serve page and API on PORT
	$(BIN)/herald index $(SOURCE) --index $(INDEX)
	$(BIN)/herald serve --index $(INDEX) --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test lint types  ## Install, check style and types, run every test
	@sh tests/system.sh
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-test  ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test  ## Check types
	$(BIN)/mypy

bench: bench-quality  ## Measure everything that the documents state

bench-quality: $(VENV)/.installed-bench  ## Measure retrieval, sentence choice and refusal; write docs/quality.md
	$(BIN)/python -m eval.benchmarks.quality

bench-slack: $(VENV)/.installed-test  ## Measure how fast Slack is acknowledged while answers take ten seconds
	$(BIN)/python -m tests.bench_slack

clean:  ## Remove .venv and the index
	rm -rf $(VENV) $(INDEX)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[index]'
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) --editable '.[index,eval,slack,test]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	$(PIP) --editable '.[index,eval,slack,test,bench]'
	@touch $@
