# `make help` prints what can be made.

PYTHON ?= python3

COMPOSE ?= docker compose --env-file $(or $(wildcard .env),deploy/containers/dev.env)

BIN := .venv/bin
RUNTIME := .venv/.installed
DEVELOPMENT := .venv/.installed-dev
PIP_COMPILE := $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: .venv bench clean compose down format help lint lock migrate migration packages run soak test unit up up-local

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Run everything in one process with demo data; needs only Python
	@./kabinet run

up-local: $(RUNTIME) packages ## Run every service as a process on a private RabbitMQ and PostgreSQL
	@./kabinet up-local

up: compose ## Run everything in containers, with Docker Compose; settings from .env, else those for development
	@$(COMPOSE) up --build --detach --wait
	@$(COMPOSE) run --rm --no-deps migrate sh -c '[ "$$KABINET_ENV" != dev ] || kabinet demo'

down: compose ## Stop and remove the containers; their data stays
	@$(COMPOSE) down

test: $(DEVELOPMENT) packages ## Run the tests; starts and stops its own RabbitMQ and PostgreSQL
	@$(BIN)/python -m pytest -m "not soak" -n 2 --dist loadgroup --no-loadscope-reorder

soak: $(DEVELOPMENT) packages ## Run the long forms of the tests
	@$(BIN)/python -m pytest -m soak --timeout 7200

bench: $(DEVELOPMENT) packages ## Measure the budgets on RabbitMQ and PostgreSQL
	@$(BIN)/python -m tests.bench

unit: $(DEVELOPMENT) ## Run the tests that need no server
	@$(BIN)/python -m pytest -q -m "not soak" tests/unit

lint: $(DEVELOPMENT) ## Check format, style, types, imports and spelling
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

format: $(DEVELOPMENT) ## Put the code into its format
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

migrate: $(RUNTIME) ## Bring the databases of the environment to the newest form
	@./kabinet migrate

migration: $(RUNTIME) ## Write a migration: make migration service=booking message="add comment"
	@./kabinet migration "$(service)" "$(message)"

lock: $(DEVELOPMENT) ## Pin what requirements*.in ask for, with hashes
	$(PIP_COMPILE) --output-file requirements.txt requirements.in
	$(PIP_COMPILE) --output-file requirements-dev.txt requirements-dev.in

clean: ## Remove caches; the data in var and the packages in .venv stay
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find services gateway deploy tests -name __pycache__ -prune -exec rm -rf {} +

compose:
ifeq ($(origin COMPOSE),file)
	@docker compose version >/dev/null 2>&1 || { \
		echo 'This needs Docker with its Compose plugin; without them: make up-local' >&2; exit 1; }
endif

packages: $(RUNTIME)
	@$(BIN)/python -m deploy.local.packages

.venv: $(RUNTIME)

$(RUNTIME): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Kabinet needs Python 3.11 or newer; name another with: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment; install: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo 'Installing packages into .venv (only when they have changed) …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo 'Installing development packages into .venv (only when they have changed) …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
