# Everything that one does with this project. `make help` lists it.
# Options of a command go into ARGS: make up ARGS="--port 9000", make test ARGS="tests/unit -x".

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
SETUP := $(PYTHON) scripts/setup.py
# What setup put there (Node where the machine has none) comes first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup up studio screenshots test check bench soak docs sbom components format clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

setup: ## install everything that working on the project takes, into .venv
	@$(SETUP) test check docs node
	@$(BIN)/python -m scripts.studio --if-possible
	@echo "Ready: $(BIN)/counterpoint"

up: ## install what is missing and start Counterpoint
	@$(SETUP) node ocr
	@$(BIN)/python -m scripts.studio --if-possible
	@exec $(BIN)/counterpoint up $(ARGS)

studio: ## build the studio's pages into the package
	@$(SETUP) node
	@$(BIN)/python -m scripts.studio

screenshots: studio ## photograph every page of the studio into docs/images
	@$(SETUP) test node
	@$(BIN)/python -m scripts.components tests
	$(BIN)/python -m tests.browser.screenshots

test: ## install what is missing and run every test
	@$(SETUP) test check docs node
	@$(BIN)/python -m scripts.components tests
	@$(BIN)/python -m scripts.studio --if-possible
	@$(BIN)/counterpoint models pull --data .tools/pulled
	$(BIN)/python -m pytest --verbosity=0 -n logical --maxprocesses=4 --dist=loadscope --durations=15 --durations-min=2 $(ARGS)

check: ## format, lint, types, import contracts, duplicate and dead code, sentences, docs
	@$(SETUP) test check docs node
	@$(BIN)/python -m scripts.check $(ARGS)
	@$(BIN)/python -m scripts.studio check

bench: ## measure the gateway beside its peers; writes docs/benchmarks.md
	@$(SETUP) test
	@$(BIN)/python -m scripts.components benchmarks
	$(BIN)/python -m benchmarks $(ARGS)

soak: ## half an hour of load in which everything around the platform fails
	@$(SETUP) test
	$(BIN)/python -m tests.soak $(ARGS)

docs: ## build the documentation into docs/_build/html
	@$(SETUP) docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

sbom: ## print the locked runtime dependencies with hashes and licences (CycloneDX)
	@$(SETUP)
	@$(BIN)/python -m scripts.sbom

components: ## install the programs that tests and benchmarks use (nginx, npm clients)
	@$(SETUP) test node
	@$(BIN)/python -m scripts.components

format: ## format the code and mend what can be mended without thinking
	@$(SETUP) check
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean: ## remove what was built and installed here; data and models stay
	rm -rf .venv .tools src/counterpoint/studio dist build docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name node_modules -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +
