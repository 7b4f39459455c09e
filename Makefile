# `make demo` and `make test` do all of their own set-up, each in a virtual environment of its own.
PYTHON ?= python3
DEMO := .venv/demo
DEV := .venv/dev

.PHONY: demo test clean
.DELETE_ON_ERROR:

demo: $(DEMO)/done
	@echo
	@echo 'sikap score --input examples/statements.txt'
	@FORCE_COLOR=1 $(DEMO)/bin/sikap score --input examples/statements.txt
	@echo
	@echo 'sikap analyze examples/kapal-bantuan.txt'
	@FORCE_COLOR=1 $(DEMO)/bin/sikap analyze examples/kapal-bantuan.txt
	@mkdir -p build
	@$(DEMO)/bin/sikap analyze examples/kapal-bantuan.txt --output build/report.html
	@echo 'the same as a page: $(CURDIR)/build/report.html'

test: $(DEV)/done
	$(DEV)/bin/ruff check
	$(DEV)/bin/ruff format --check
	$(DEV)/bin/mypy
	OMP_NUM_THREADS=1 $(DEV)/bin/python -m pytest

$(DEMO)/done: pyproject.toml $(shell find inference -name '*.py' -o -path '*/templates/*') $(wildcard inference/sikap/bundles/default/*)
	@echo 'setting up: a virtual environment and the inference package'
	@$(PYTHON) -m venv --clear $(DEMO)
	@$(DEMO)/bin/python -m pip install --quiet .
	@touch $@

$(DEV)/done: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(DEV)
	$(DEV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build dist inference/*.egg-info training/*.egg-info
