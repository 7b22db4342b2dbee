# Every act has one door; `make help` lists them. CI calls the same targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
# For test-unit-3.10: pyenv's where there is one, else uv finds or fetches it.
PYTHON310 ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/3.10.*/bin/python) 3.10)
VENV := .venv
BIN := $(VENV)/bin
BOOT := .bootstrap
UV := $(BOOT)/bin/uv
SHARED := ../shared
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL ?= 3
export UV_COMPILE_BYTECODE := 1

$(UV):
	@echo "[1/3] uv, the installer (about 10 s) …"
	@$(PYTHON) -m venv $(BOOT)
	@$(BOOT)/bin/pip install --quiet --disable-pip-version-check "uv>=0.8"

$(VENV)/.installed: pyproject.toml uv.lock | $(UV)
	@echo "[2/3] packages of uv.lock, byte-compiled (about 1 to 3 minutes) …"
	@$(UV) sync --locked
	@echo "[3/3] Rasa's telemetry off …"
	@$(BIN)/rasa telemetry disable >/dev/null 2>&1
	@touch $@

setup: $(VENV)/.installed  ## install everything into .venv

TRAINED_FROM := config.yml domain.yml $(shell find data languages -name '*.yml' 2>/dev/null) skycap/data.py $(wildcard skycap/nlu/*.py)

models/skycap.tar.gz: $(TRAINED_FROM) | setup
	@echo "Training the model (about 10 minutes the first time; later only what changed) …"
	@PYTHONWARNINGS=ignore $(BIN)/python -m benchmarks.retraining --fixed-model-name skycap
	@touch -c $@

train: models/skycap.tar.gz  ## train the model, if anything it depends on changed

run: setup train  ## set up, train if needed, serve, and print the address of the chat page
	@$(BIN)/skycap serve

lint: setup  ## check style, layers, YAML; never edits
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/yamllint --strict .

fix: setup  ## let the tools correct style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

validate: setup  ## check the YAML in seconds, without training
	@$(BIN)/skycap validate

test: setup train browser  ## everything: unit, wiring, conversations, e2e
	@$(BIN)/pytest

test-unit: setup  ## the unit ring alone, in seconds
	@$(BIN)/pytest tests/unit

test-unit-3.10: $(UV)  ## the unit ring on Python 3.10
	@$(UV) sync --locked --python $(PYTHON310) --quiet --no-default-groups --group test
	@.venv-3.10/bin/pytest tests/unit
test-unit-3.10: export UV_PROJECT_ENVIRONMENT := .venv-3.10

converse: setup train  ## the conversation tests alone
	@$(BIN)/pytest tests/conversations

browser:  ## Chromium for the tests of the page, where apt can install it
	@scripts/chromium

eval: setup train  ## confidence against accuracy; people's own sentences, where ../shared/eval is present
	@$(BIN)/python -m benchmarks.evaluate $(SHARED)/eval

eval-pipelines: setup  ## compare NLU pipelines: trains each of benchmarks/pipelines (about half an hour)
	@$(BIN)/python -m benchmarks.pipelines $(SHARED)/eval

eval-seeds: setup  ## train five models from different seeds and evaluate each (about an hour; goes on where it was)
	@$(BIN)/python -m benchmarks.seeds $(SHARED)/eval

fuzz: setup train  ## random conversations: nothing fails, circles, or disagrees (about an hour)
	@$(BIN)/python -m benchmarks.fuzz

mutations: setup train  ## break behaviours on purpose, see whether the conversation tests notice (about half an hour)
	@$(BIN)/python -m benchmarks.mutations

bench: setup train  ## speeds against stock Rasa in one run, SQLite and Redis (about 14 minutes); see benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks.bench

soak: setup train  ## memory of one process over 100,000 turns (15 to 60 minutes)
	@$(BIN)/python -m benchmarks.soak

same-answers: setup train  ## the engine against Rasa's own parts, 2,000 conversations (about 15 minutes; goes on where it was)
	@$(BIN)/python -m benchmarks.same_answers $(SHARED)/eval --processes 2

bench-state: setup train  ## what conversations cost: growth against stock Rasa, bytes, loading (about 10 minutes)
	@$(BIN)/python -W ignore -m benchmarks.state

faults: setup train  ## break databases and kill servers during 300 turns each: nothing is lost (about half an hour)
	@$(BIN)/python -W ignore -m benchmarks.faults

help:  ## list the doors
	@grep -hE '^[a-z0-9.-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: setup train run lint fix validate test test-unit test-unit-3.10 converse browser eval eval-pipelines eval-seeds fuzz mutations bench soak same-answers bench-state faults help
