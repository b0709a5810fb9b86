# Everything runs on a bare machine (Debian, Python 3.11, git, make): what is missing is installed first.
.PHONY: help demo run reset test quick test-all check bench mutants shell lock format
.DEFAULT_GOAL := help
PYTHON_IN_VENV := .venv/bin/python
EMBEDDED := $(PYTHON_IN_VENV) -m kiv_portal.embedded
# A test that waits for a browser or a worker leaves a core to a third; the quick ones do not wait.
PROCESSES ?= 3
QUICK_PROCESSES ?= 2
# A file is one process's, so that what it has started is used by all its tests. Coverage only of the whole: some tests
# alone would never reach the limit.
PYTEST = $(PYTHON_IN_VENV) -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder
COVERAGE = $(if $(ARGS),,--cov --cov-report=)

help:
	@echo "make demo    the whole portal with invented data, and Leonberg's Zwischenbericht (PORT=8000, DEMO_EXIT=1 ends after the report)"
	@echo "make run     for daily work: a kept portal with invented data (var/dev), and what you save is running at once (PORT=8000)"
	@echo "make reset   clears var/: data, built files and logs of the demo"
	@echo "make quick   the tests without browser, worker and veraPDF: in two minutes (ARGS='-k word' for some)"
	@echo "make test    every test, against a real PostgreSQL, Redis, worker and browser; of the heavy proofs a sample; coverage"
	@echo "make test-all  the same with every heavy proof"
	@echo "make check   format, lint, types, imports, migrations, deployment, templates, dependencies"
	@echo "make bench   measures pages, report builds and memory"
	@echo "make mutants small faults in ordinary lines: does a test notice? (ARGS='--sample 60 --seed 2 activities/*')"
	@echo "make shell   a shell beside a kept database (var/dev), for manage.py and development"
	@echo "make format  formats Python and scripts, and sorts imports"
	@echo "make lock    writes requirements*.txt from pyproject.toml (UPGRADE=1 for newer versions)"

demo:
	@bin/bootstrap demo && exec $(PYTHON_IN_VENV) -m kiv_portal.embedded.demo

reset:
	@bin/reset

run:
	@bin/bootstrap dev && exec $(EMBEDDED) --data var/dev -- $(PYTHON_IN_VENV) -m kiv_portal.embedded.develop

quick:
	@bin/bootstrap dev && exec $(PYTEST) -n $(QUICK_PROCESSES) --quick $(ARGS)

test:
	@bin/bootstrap dev && exec $(PYTEST) $(COVERAGE) $(ARGS)

test-all:
	@bin/bootstrap dev && exec env KIV_HEAVY=all $(PYTEST) $(COVERAGE) $(ARGS)

check:
	@bin/bootstrap dev && exec $(PYTHON_IN_VENV) bin/check.py

bench:
	@bin/bootstrap dev && exec $(EMBEDDED) -- $(PYTHON_IN_VENV) -m bench $(ARGS)

mutants:
	@bin/bootstrap dev && exec $(PYTHON_IN_VENV) -m bench.mutants $(ARGS)

shell:
	@bin/bootstrap dev && exec $(EMBEDDED) --data var/dev -- $${SHELL:-/bin/sh}

format:
	@bin/bootstrap dev && $(PYTHON_IN_VENV) -m ruff check --quiet --select I --fix . && $(PYTHON_IN_VENV) -m ruff format . && \
		exec $(PYTHON_IN_VENV) .venv/bin/node node_modules/prettier/bin/prettier.cjs --log-level warn --write static/js tests/js eslint.config.js

lock:
	@bin/bootstrap dev && exec bin/lock
