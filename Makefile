# make book    build the book into _build/html       make serve   build it and serve it on 127.0.0.1
# make test    every test                            make grade-demo   one grading cycle on generated submissions
# make release the problem sets as students get them, and what goes out with them: make release SEED=… for a graded course
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: book serve test test-all lint grade-demo release data-check lock clean
.DELETE_ON_ERROR:

book: .venv/ready node_modules/ready _build/site.ready
	@$(BIN)/python -m guarantees.book

serve: book
	@echo "Serving http://127.0.0.1:$(PORT)/ (Ctrl-C stops)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

test: book lint
	@$(BIN)/python -m pytest -m "not slow"

test-all: book lint
	@$(BIN)/python -m pytest

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

grade-demo: .venv/ready
	@$(BIN)/python -m tests.exercises.grade_demo

# What an author runs after an edit of data/.
data-check: .venv/ready
	@$(BIN)/python -m guarantees.data_check

# Rewrite the lock files from pyproject.toml and package.json. No lock file names a registry.
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --only-binary :all: \
	--generate-hashes --no-annotate --custom-compile-command "make lock"
lock: .venv/ready node_modules/ready
	echo uv | $(COMPILE) - --output-file requirements/uv.txt
	$(COMPILE) pyproject.toml --all-extras --output-file requirements/all.txt
	$(COMPILE) pyproject.toml --extra lab --constraint requirements/all.txt --output-file binder/requirements.txt
	grep -o 'nbgrader==[^ ]*' requirements/all.txt | \
		$(COMPILE) - --constraint requirements/all.txt --output-file requirements/release.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --package-lock-only

# The problem sets as students get them. $(1): options of nbgrader generate_assignment.
generate = cd exercises && for folder in source/*/; do \
	../$(BIN)/nbgrader generate_assignment $$(basename $$folder) --log-level=WARN --force $(1) || exit 1; done

release: .venv/ready
	@$(call generate,$(if $(SEED),--CourseSeed.seed=$(SEED)))
	@$(BIN)/python exercises/release.py

# For download from the book.
_build/site.ready: $(wildcard exercises/*.py exercises/source/*/*.ipynb) .venv/ready
	@rm -rf _build/site && mkdir -p _build/site
	@$(call generate,--CourseDirectory.release_directory=../_build/site/exercises --db=sqlite:///../_build/release.db)
	@rm _build/release.db && touch $@

clean:
	rm -rf .venv node_modules _build

.venv/ready: requirements/uv.txt requirements/all.txt pyproject.toml
	@command -v git >/dev/null || { echo "git is needed: install git, then run make again."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed, and '$(PYTHON)' is not one: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "'$(PYTHON)' lacks venv: install it (Debian and Ubuntu: python3-venv), then run make again."; exit 1; }
	@echo "Python environment: .venv (locked, about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/all.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/ready: package.json package-lock.json .npmrc | .venv/ready
	@echo "JavaScript packages: node_modules (locked)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --ignore-scripts
	@touch $@
