# The commands of Baton. Each makes .venv by itself from requirements.lock, whose hashes are checked.
# Needs make and a Python from 3.11 on. PYTHON=/path/to/python chooses one; ARGS="…" goes to the command.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# Every process of a stack would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
# The environment is made again when what it is made from changes.
READY := $(VENV)/.ready-$(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)

# A candidate counts only if it runs: version managers leave names on PATH that do not.
FIND_PYTHON = for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Baton needs Python 3.11 or later with its venv module (on Debian: apt-get install python3-venv)." >&2; \
		echo "Name one with: make PYTHON=/path/to/python3 …" >&2; exit 1; \
	fi

.PHONY: help demo test prove check format schema bench chaos kill-matrix lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

demo: $(READY) ## a morning of leads on the embedded stack; Ctrl-C stops it
	@$(BIN)/baton demo $(ARGS)

# Three processes for two cores: two mostly wait for servers and phones, one computes. tests/conftest.py keeps together what
# belongs together.
test: $(READY) ## the whole test suite, as CI runs it
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadscope $(ARGS)

check: $(READY) ## format, lint, import rules, types, dependencies, compose file, budgets
	@echo "== format";        $(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet . | head -n 40; exit 1; }
	@echo "== lint";          $(BIN)/ruff check --quiet .
	@echo "== import rules";  $(BIN)/lint-imports --no-logo
	@echo "== types";         $(BIN)/mypy
	@echo "== dependencies";  $(BIN)/deptry . --no-ansi
	@echo "== compose";       $(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@echo "== budgets";       $(BIN)/python -m pytest tests/architecture

format: $(READY) ## put the code in the house's format
	@$(BIN)/ruff check --quiet --select I --fix . ; $(BIN)/ruff format .

schema: $(READY) ## the JSON Schema of policies, made anew from the models
	@$(BIN)/python -m runtime.cli.main policy schema --write policies/schema

prove: $(READY) ## the long proofs, which have a short form in the suite
	@$(BIN)/python -m pytest -m long $(ARGS)

bench: $(READY) ## performance suite; ARGS="--json FILE"
	@$(BIN)/python -m bench $(ARGS)

chaos: $(READY) ## fault suite; ARGS="--json FILE"
	@$(BIN)/python -m bench.chaos $(ARGS)

kill-matrix: $(READY) ## SIGKILL at each boundary of the ledger; ARGS="--seeds 20 --json FILE"
	@$(BIN)/python -m bench.kill_matrix $(ARGS)

# Keeps each pin that still fits; ARGS=--upgrade takes the newest of everything, ARGS="--upgrade-package NAME" of one.
# Two files: all that a developer and CI use, and the part of it that goes into the image.
lock: ## pin the dependencies again, with hashes
	@set -e; uv=$$(command -v uv || true); \
	if [ -z "$$uv" ]; then \
		$(FIND_PYTHON); "$$python" -m venv build/uv; build/uv/bin/python -m pip install --quiet uv; uv=build/uv/bin/uv; \
	fi; \
	lock="$$uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet"; \
	$$lock --all-extras --group dev $(ARGS) --output-file requirements.lock; \
	$$lock --extra learnt --group build --no-annotate --constraint requirements.lock --output-file deploy/requirements.lock; \
	echo "requirements.lock: $$(grep -c '==' requirements.lock) pins; deploy/requirements.lock: $$(grep -c '==' deploy/requirements.lock)"

clean: ## take away what was made, .venv too; never a data directory
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@set -e; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		$(FIND_PYTHON); echo "Making $(VENV) with $$("$$python" --version)"; "$$python" -m venv --clear $(VENV); \
	fi; \
	echo "Installing requirements.lock"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	rm -f $(VENV)/.ready-*; touch $@
