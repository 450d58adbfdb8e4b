# Every target sets up what it needs by itself: Python 3.11+, make and git are enough.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
DATA ?= ../shared/data
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)
INSTALL = VIRTUAL_ENV=.venv $(UV) pip install --require-hashes --compile-bytecode

.PHONY: help setup setup-dev play test check format lock train bench clean

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: .venv/.runtime ## make .venv from the lock; costs nothing when it is up to date
setup-dev: .venv/.dev ## the same, with everything the tests need

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Parley needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv
	@command -v uv >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.runtime: requirements.lock pyproject.toml hatch_build.py | .venv/bin/python
	@echo "Setting up: about 270 MB are downloaded the first time, the language models' weights among them."
	@$(INSTALL) -r requirements.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --no-deps --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Setting up what the tests need: about 120 MB more the first time."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

play: setup ## try Parley in your browser: no account, no key, no server
	@$(BIN)/parley play

test: setup-dev ## run every test, in as many processes as there are processors, four at most
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: setup-dev ## format, lint, types, architecture, dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: setup-dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup-dev ## renew both lock files
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

train: setup-dev ## learn what ships anew: words and kinds from our examples, links from the labelled chat in DATA
	$(BIN)/python -m training.words
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training.kinds
	$(BIN)/python -m training.reply_links $(DATA)/threads/train $(DATA)/feature_requests/dialogs.jsonl

bench: setup-dev ## measure speed and memory (docs/benchmarks.md says what the figures mean)
	$(BIN)/python -m benchmarks

clean: ## remove what was set up
	rm -rf .venv
