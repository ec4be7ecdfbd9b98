# Every target shares one environment, .venv, made by the first line it depends on.
SERVE ?= 1
PYTEST ?= .venv/bin/pytest

.PHONY: help setup demo verifiers test test-long bench lint lock

help: ## what can be said here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## make .venv, check WeasyPrint's libraries, build the style sheet and fonts
	@config/setup.sh

demo: setup ## tell the whole story on an SQLite database, then serve it (SERVE=0 stops before)
	@SERVE=$(SERVE) CANONICAL_ORIGIN=$${CANONICAL_ORIGIN:-http://127.0.0.1:$${PORT:-8000}} \
	  .venv/bin/python manage.py demo

verifiers: setup
	@config/setup.sh verifiers

test: verifiers ## the whole suite, the journeys in a browser, and the import contracts
	@$(PYTEST) -n 2 --dist loadscope --ignore tests/browser
	@$(PYTEST) tests/browser
	@.venv/bin/lint-imports --no-cache

test-long: verifiers ## the tests that take minutes
	@$(PYTEST) -m long

bench: setup ## rows, certificates and answers a second, as JSON lines
	@.venv/bin/python -m tests.bench

lint: setup ## style, import contracts, types of the pure modules, missing migrations, checks
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/mypy
	@.venv/bin/python manage.py makemigrations --check --dry-run
	@.venv/bin/python manage.py check --database default --fail-level WARNING

# The only step that asks a registry which versions exist. No address of one is written down.
UV = $(or $(shell command -v uv),.venv/bin/uv)
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --universal \
  --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

lock: setup ## renew requirements/*.txt from pyproject.toml
	@$(COMPILE) pyproject.toml -o requirements/base.txt
	@$(COMPILE) pyproject.toml -c requirements/base.txt --group dev -o requirements/dev.txt
	@$(COMPILE) --group setup -o requirements/setup.txt
	@$(COMPILE) --group node -o requirements/node.txt
