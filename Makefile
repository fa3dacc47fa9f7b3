# `make help` is the whole interface.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo run test faults check audit format bench lock schemas clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime ## the three journeys of the published standards, in one process
	@$(BIN)/sigap demo

run: $(VENV)/.runtime ## the whole system in one process, on http://127.0.0.1:8000
	@$(BIN)/sigap run

test: $(VENV)/.dev ## every test, with a real RabbitMQ and PostgreSQL
	@$(BIN)/python -m tests.setup
	@$(BIN)/python -m tests.run

faults: $(VENV)/.dev ## break the real system on purpose, about five minutes, and count what is lost
	@$(BIN)/python -m tests.setup
	@$(BIN)/python -m tests.faults $(FAULTS)

check: $(VENV)/.dev ## format, lint, types, import rules, stale schemas, known vulnerabilities
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m contracts.generate --check
	@$(BIN)/python -W ignore -m gateway.rights_page --check
	@$(BIN)/python deploy/audit_dependencies.py --unless-out-of-reach

audit: $(VENV)/.dev ## known vulnerabilities of what is locked; fails when nobody can be asked
	@$(BIN)/python deploy/audit_dependencies.py $(AUDIT)

format: $(VENV)/.dev ## rewrite the files as `make check` wants them
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schemas: $(VENV)/.dev ## write contracts/schemas and docs/who-may-do-what.md anew
	@$(BIN)/python -m contracts.generate
	@$(BIN)/python -W ignore -m gateway.rights_page

bench: $(VENV)/.dev ## measure against bare nameko, on a real RabbitMQ and PostgreSQL
	@$(BIN)/python -m tests.setup
	@$(BIN)/python -m benchmarks

lock: ## resolve the dependencies anew into the two lock files (needs uv)
	@uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--all-extras --group dev pyproject.toml -o requirements-dev.lock
	@uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--extra all --group build -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## remove what the other commands made
	@rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache

# One virtual environment serves both; the development one holds the runtime's packages too.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -f $(VENV)/.dev || ./deploy/setup-venv $(PYTHON) $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@./deploy/setup-venv $(PYTHON) $(VENV) requirements-dev.lock
	@touch $@
