# Two commands, each complete in a fresh clone:  make demo   and   make test
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test run lint types tests slow score bench sbom clean wheel

demo: $(STAMP)
	$(BIN)/alerts demo

run: $(STAMP)
	$(BIN)/alerts run

test: lint types tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

# Many tests start processes: they come up quicker where nothing is left to compile.
tests: $(STAMP)
	$(BIN)/python -m compileall -q alerts
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

# The long proofs (kills, sieges, other programs as judges, every page in every look), which CI runs after `make test`.
slow: $(STAMP)
	$(BIN)/python -m compileall -q alerts
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

score: $(STAMP)
	$(BIN)/python benchmarks/classify_gold.py --by lang --confusions

bench: $(STAMP)
	$(BIN)/python benchmarks/run_all.py

# Every pinned package, those of the tests too, by name and version in the CycloneDX form (ECMA-424): dist/sbom.json
sbom: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sbom]'
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements constraints.txt --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json

wheel: $(STAMP)
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres,dkim,dev]'
	touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis var
