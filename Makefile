# Every target calls the launcher (launcher/), which needs Python >= 3.11 and nothing else.
# The first of these that is new enough runs it; PYTHON=... chooses another.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for name in $(CANDIDATES); do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
LAUNCHER = exec $(or $(PYTHON),$(error Xiyuan needs Python 3.11 or newer on PATH)) -X utf8 -m launcher

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench install backup restore lock messages clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: ## start everything; PORT (8000), XIYUAN_HOME (var/), DATABASE_URL, REDIS_URL; Ctrl-C stops all
	@$(LAUNCHER) run

test: ## run every check and test
	@$(LAUNCHER) test

lint: ## run the checks that need no server
	@$(LAUNCHER) lint

format: ## format code and templates
	@$(LAUNCHER) format

bench: ## measure speed against hand-written SQL
	@$(LAUNCHER) bench

install: ## bring packages, front-end files and translations; start nothing
	@$(LAUNCHER) install

backup: ## dump the database of the run into FILE
	@$(LAUNCHER) backup $(if $(FILE),-- "$(FILE)")

restore: ## put FILE in the place of the stopped run's database
	@$(LAUNCHER) restore $(if $(FILE),-- "$(FILE)")

lock: ## lock the packages that requirements*.in and package.json ask for
	@$(LAUNCHER) lock

messages: ## bring the catalogue of translations up to date
	@$(LAUNCHER) messages

clean: ## remove what is built: .venv/, fetched files, caches; keeps var/, where the data is
	rm -rf .venv static/vendor vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -path ./var -prune -o \( -name __pycache__ -o -name '*.mo' \) -exec rm -rf {} +
