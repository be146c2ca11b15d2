# The course's two commands are `make lectures` and `make test`; both make the environment first if it is missing.
# Another Python: `make lectures PYTHON=python3.12`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# Without bytecode every `import tensorflow` takes 10 s instead of 4.
export UV_COMPILE_BYTECODE = 1
export UV_PYTHON_DOWNLOADS = never
unexport PYTHONDONTWRITEBYTECODE

# A worker for each core, but no more than fit into the memory of a laptop; each takes the next group of tests
# (tests/conftest.py says what a group is).
WORKERS := -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

# For pytest, such as OPTIONS="-p seconds" (tests/bench/seconds.py).
OPTIONS ?=

.PHONY: help lectures test slow lab refresh pictures environment lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lectures: $(READY)  ## execute every lecture (quick profile) and build the pages
	$(BIN)/coursekit run --out build/run
	$(BIN)/coursekit render build/run/*.ipynb --out build/pages
	@echo "Open $(CURDIR)/build/pages/index.html in a browser; the executed notebooks are in $(CURDIR)/build/run."

ifdef LECTURE
test: $(READY)  ## all that guards main: lint, tests, lectures by nbval (LECTURE=07: what guards that lecture alone)
	$(BIN)/ruff check
	$(BIN)/coursekit refresh --check $(LECTURE)
	$(BIN)/pytest -q $(OPTIONS) -m "not slow" tests/notebooks tests/exercises tests/course/test_committed.py -k "$(LECTURE)_ or _$(LECTURE).py"
	$(BIN)/pytest -q $(OPTIONS) --nbval notebooks/$(LECTURE)_*.ipynb
else
# On JAX compiling takes longer than what is compiled: with few of its optimizations it is done in four fifths.
test: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/coursekit refresh --check
	$(BIN)/pytest -q $(OPTIONS) -m "not slow" $(WORKERS)
	KERAS_BACKEND=jax JAX_DISABLE_MOST_OPTIMIZATIONS=1 $(BIN)/pytest -q $(OPTIONS) -m "not slow and not one_backend" $(WORKERS) tests/training tests/models tests/equations
	$(BIN)/pytest -q $(OPTIONS) --nbval notebooks -n auto --maxprocesses 4 --dist loadfile
endif

slow: $(READY)  ## what takes minutes: thirty kills of a training, thirty resumes
	$(BIN)/pytest -q $(OPTIONS) -m slow

lab: $(READY)  ## open the lectures in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

refresh: $(READY)  ## (maintainers) execute the sources and write the committed notebooks
	$(BIN)/coursekit refresh

pictures: $(READY)  ## (maintainers) take the README's pictures anew; `make lectures` first
	cd tests/browser && ../../$(BIN)/python pictures.py

environment: $(READY)  ## only the environment, in .venv

$(READY): requirements.lock pyproject.toml
	@sh coursekit/course/environment.sh "$(PYTHON)" "$(VENV)"
	@touch $@

lock: $(READY)  ## (maintainers) resolve requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade \
		--python-version 3.11 --extra dev --extra docs pyproject.toml --output-file requirements.lock

clean:  ## remove what was built (not the environment, not the data)
	rm -rf build .pytest_cache .ruff_cache
