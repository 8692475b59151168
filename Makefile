# The commands everybody relies on. Each sets up what it needs; python3 (3.11+), pip and make do.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test test-fast check bench lock format clean
.DEFAULT_GOAL := help

help: ## Show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# A stamp for each set of packages; a changed lock file installs again.
$(VENV)/.base: requirements/base.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements/base.txt ..."
	@$(PY) -m pip install --quiet --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing the packages of requirements/dev.txt ..."
	@$(PY) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.base ## Set everything up, load the demo, serve at http://127.0.0.1:8000 (PORT= works)
	@.ci/serve $(PORT) $(WORKERS)

test: $(VENV)/.dev ## All tests on SQLite, in the browser, and all again on PostgreSQL
	@.ci/test

test-fast: $(VENV)/.dev ## The tests that need neither browser nor PostgreSQL nor patience: under three minutes on two cores
	@$(PY) -m pytest -q -n auto --dist loadgroup -m "not browser and not postgres and not slow"

check: $(VENV)/.dev ## Lint, format, types, imports, deploy check, migrations, floors, hashes
	@.ci/check

bench: $(VENV)/.dev ## Measure the ratios of docs/speed.md; writes bench/results.json
	@$(PY) -m tests.bench $(ARGS)

lock: $(VENV)/.dev ## Resolve the packages of pyproject.toml anew into requirements/
	@$(PY) -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes -q --no-header -o requirements/base.txt
	@$(BIN)/uv pip compile pyproject.toml --extra postgres --extra redis --universal --python-version 3.11 --generate-hashes -q --no-header -c requirements/base.txt -o requirements/server.txt
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes -q --no-header -c requirements/base.txt -o requirements/dev.txt

format: $(VENV)/.dev ## Format Python and templates
	@$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format -q .
	@git ls-files -co --exclude-standard 'templates/*.html' | xargs $(BIN)/djade --target-version 5.2 || true

clean: ## Remove what can be made again; keeps var/, where the data is
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
