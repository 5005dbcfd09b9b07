# Every target sets up what it needs in .venv and is quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX ?= .herald
MODEL_PYTHON ?= .model/bin/python
SOURCE ?= indexer/samples
HOST ?= 127.0.0.1
PORT ?= 8000
export HF_HUB_OFFLINE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# What a release must meet. Quotes that are not exact, and sentences that nothing proves, are never all right;
# the other limits lie a little under what was measured, so that what loses ground is noticed.
GATES = --fail-under citation_exactness=1 --fail-under faithfulness=1 --fail-over errors=0 \
	--fail-under answer_accuracy=0.76 --fail-under refusal_precision=0.91 --fail-under refusal_recall=0.69 \
	--fail-under conditioned_score=0.72 --fail-under R@5=0.96
PIP = $(BIN)/python -m pip install --quiet --constraint constraints.txt
# What pip does for packages that it copies, and not for this one, which stays where it is.
COMPILE = $(BIN)/python -m compileall -q indexer prompts service

.DEFAULT_GOAL := help
.PHONY: help install serve test lint types bench bench-quality bench-claims bench-verify bench-speed bench-slack pictures bench-eval bench-promptfoo eval clean

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

eval: $(VENV)/.installed-eval  ## Ask the shipped cases, each of its announcement alone, and gate on the answers
	$(BIN)/herald eval eval/cases/work-plan-2026.jsonl eval/cases/test \
		--sources indexer/samples eval/cases/test/*.md --alone --name shipped \
		--out .eval/$$(date +%Y%m%d-%H%M%S) --junit .eval/junit.xml $(GATES)

bench: bench-quality bench-claims bench-speed  ## Measure everything that the documents state

bench-quality: $(VENV)/.installed-bench  ## Measure retrieval, sentence choice and refusal; write docs/quality.md
	$(BIN)/python -m eval.benchmarks.quality

bench-claims: $(VENV)/.installed-test  ## Measure which false sentences the verifier withdraws; write docs/verification.md
	$(BIN)/python -m eval.benchmarks.verification

bench-verify: $(VENV)/.installed-test  ## Have a small real model write, and inspect what is delivered; write docs/generated.md
	$(BIN)/python -m eval.benchmarks.generated --python $(MODEL_PYTHON) --docs docs

bench-speed: $(VENV)/.installed-bench  ## Measure start, memory, requests and indexing beside the quickstart; write docs/speed.md
	$(BIN)/python -m eval.benchmarks.speed --million 1000000 --docs docs

bench-slack: $(VENV)/.installed-test  ## Measure how fast Slack is acknowledged while answers take ten seconds
	$(BIN)/python -m tests.bench_slack

pictures: $(VENV)/.installed-test  ## Draw the pictures in docs/images
	PYTHONPATH=. $(BIN)/python tests/pictures.py

bench-eval: $(VENV)/.installed-test  ## Measure how long 1,000 cases and a report of 500 take
	$(BIN)/python -m eval.benchmarks.evaluation

bench-promptfoo: $(VENV)/.installed-test  ## Hold promptfoo's verdicts (npm, into .eval) against Herald's own
	npm install --prefix .eval/promptfoo --no-audit --no-fund promptfoo@0.120.20
	$(BIN)/python -m eval.benchmarks.promptfoo .eval/promptfoo/node_modules/.bin/promptfoo

clean:  ## Remove .venv and the index
	rm -rf $(VENV) $(INDEX)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[index]'
	$(COMPILE)
	@touch $@

$(VENV)/.installed-eval: $(VENV)/.installed
	$(PIP) --editable '.[index,eval]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[index,eval,slack,test]'
	$(COMPILE)
	@touch $(VENV)/.installed $(VENV)/.installed-eval $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	$(PIP) --editable '.[index,eval,slack,test,bench]'
	@touch $@
