# Needs Python 3.11 or newer, and nothing else: `make run` tries Plecs, `make test` checks it.

# Plecs is started some hundred times by its tests: compiled once, whatever the caller's habit.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# uv puts in place within seconds what takes pip a minute. It reads none of pip's settings: where it
# can't, pip does. Compiled is a library when it is first imported: most of what they hold never is.
install = @$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python $(1) \
	|| { echo 'pip does it instead...'; $(PIP) install --no-compile $(1); }
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --group build pyproject.toml

.PHONY: help run test style types stories browser clients test-teams test-emulate test-two-versions chaos bench growth fuzz fuzz-calls fuzz-duty fuzz-seats mutants screenshot screenshot-teams format lock clean

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.* ## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: .venv/ready ## start Plecs (with no Slack settings: a workspace in your browser)
	@exec $(BIN)/plecs run

# Each stage stops the run, and says so.
define stage
@echo "== $(1)"
@$(2) || { echo "make test: stopped at: $(1)"; exit 1; }
endef

# Each can run beside the others (`make --jobs 2`): mypy keeps one core busy, and most stories wait
# for a browser or a server.
# CLIENTS=yes for the stories in clients that are not ours as well.
test: style types stories ## every check: style, types, imports, tests

style: .venv/ready-dev ## the style and the import rules alone
	$(call stage,ruff check,$(BIN)/ruff check .)
	$(call stage,ruff format,$(BIN)/ruff format --check .)
	$(call stage,import rules,$(BIN)/lint-imports --no-cache)

types: .venv/ready-dev ## the types alone
	$(call stage,mypy,$(BIN)/mypy)

PYTEST := $(BIN)/pytest -n auto --dist worksteal
# All but the last release, whose wheel is handed over. Named beside `tests` they would be left out:
# pytest takes what stands in a folder that is named, too, for named twice.
ALL := -o 'norecursedirs=.* build data mutants two_versions'

stories: .venv/compiled browser $(if $(CLIENTS),clients) ## the tests alone
	$(call stage,pytest,$(PYTEST) $(if $(CLIENTS),$(ALL)))

browser: ## fetch one for the tests, if there is none
	$(call stage,a browser for the tests,tests/ensure_chromium.sh)

clients: | .venv/bin/pip ## fetch Microsoft's test client for Teams, and npm's Slack
	$(call stage,Microsoft's test client for Teams,tests/teams_e2e/install.sh)
	$(call stage,npm's Slack,tests/emulate/install.sh)

test-teams: .venv/compiled browser ## the stories in Microsoft Teams, in Microsoft's own test client
	@tests/teams_e2e/install.sh
	@$(PYTEST) tests/teams_e2e

test-emulate: .venv/ready-dev ## a day in a Slack that is not ours, without each scope
	@tests/emulate/install.sh
	@$(BIN)/pytest tests/emulate

test-two-versions: .venv/ready-dev ## the last release beside this one on today's tables, and alone
	@PLECS_PREVIOUS='$(PREVIOUS)' $(BIN)/pytest -q tests/two_versions

# ONLY='clock|disk' for a part of the faults; KILLS=1000 for that many kills on each database.
KILLS ?= 20
chaos: .venv/ready-dev ## break everything, one thing after another, and count (20 minutes)
	@PLECS_CHAOS=whole PLECS_CHAOS_ONLY='$(ONLY)' PLECS_CHAOS_KILLS=$(KILLS) \
		nice $(BIN)/pytest -q -s tests/chaos

bench: .venv/ready-dev ## count what a command costs, and measure, as ratios to a bare Bolt app
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.contacts
	@$(BIN)/python -m tests.bench.shifts

# URLS='postgresql+psycopg://.../small postgresql+psycopg://.../large' for two empty databases there.
growth: .venv/ready-dev ## what takes longer in a company of 100,000 than in one of 100? (10 minutes)
	@nice $(BIN)/python -m tests.bench.growth $(URLS)

REQUESTS ?= 100000
SEED ?= 1
fuzz: .venv/ready-dev ## send what nobody would: does anything get in, or break? (some ten minutes)
	@nice $(BIN)/python -W ignore -m tests.fuzz $(REQUESTS) $(SEED)

CALLS ?= 20000
fuzz-calls: .venv/ready-dev ## the same for telephone systems: who is on the telephone then? (minutes)
	@nice $(BIN)/python -W ignore -m tests.fuzz.calls $(CALLS) $(SEED)

EXAMPLES ?= 10000
fuzz-duty: .venv/ready-dev ## duty and rest from shifts, 2026 to 2036, beside slow and obvious models
	@PLECS_EXAMPLES=$(EXAMPLES) nice $(BIN)/pytest -q -n auto tests/handlers/test_rota.py \
		tests/handlers/test_short_rests.py -k model

SEATS ?= 10000
fuzz-seats: .venv/ready-dev ## seats of classes in any order of taking, waiting, leaving, on both databases
	@nice $(BIN)/python -W ignore -m tests.seats $(SEATS) $(SEED)

# ONLY='handlers.breaks*' for a part of them.
mutants: .venv/ready-dev ## which change to a rule does no unit test notice? (half an hour)
	@rm -rf mutants
	@nice $(BIN)/mutmut run --max-children 1 $(ONLY) >/dev/null
	@nice $(BIN)/python -m tests.mutants

screenshot: .venv/ready-dev ## take the pictures in the README and docs anew
	@PLECS_SCREENSHOT=docs/local-workspace.png PLECS_SCREENSHOT_NOBODY=docs/nobody-is-free.png \
		PLECS_SCREENSHOT_VENT=docs/vent.png $(BIN)/pytest -q tests/e2e/test_browser_scenes.py
	@PLECS_SCREENSHOT_HAND=docs/hand.png $(BIN)/pytest -q tests/e2e/test_browser_hand.py
	@PLECS_SCREENSHOT_CALL=docs/call.png $(BIN)/pytest -q tests/e2e/test_browser_call.py
	@PLECS_SCREENSHOT_CALM=docs/calm.png PLECS_SCREENSHOT_DRAFT=docs/draft.png \
		$(BIN)/pytest -q tests/e2e/test_browser_draft.py
	@PLECS_SCREENSHOT_BREAK=docs/break.png $(BIN)/pytest -q tests/e2e/test_browser_break.py
	@PLECS_SCREENSHOT_SUPERVISION=docs/supervision.png \
		PLECS_SCREENSHOT_SUPERVISION_OVERVIEW=docs/supervision-overview.png \
		$(BIN)/pytest -q tests/e2e/test_browser_supervision.py
	@PLECS_SCREENSHOT_PLAN=docs/plan.png $(BIN)/pytest -q tests/e2e/test_browser_plan.py
	@PLECS_SCREENSHOT_OFFER=docs/offer.png $(BIN)/pytest -q tests/e2e/test_browser_offer.py
	@PLECS_SCREENSHOT_THANKS=docs/thanks.png PLECS_SCREENSHOT_VOICE=docs/voice.png \
		$(BIN)/pytest -q tests/e2e/test_browser_voice.py
	@PLECS_SCREENSHOT_SHIFTS=docs/shifts.png $(BIN)/pytest -q tests/e2e/test_browser_shifts.py
	@PLECS_SCREENSHOT_LEARNING=docs/learning.png PLECS_SCREENSHOT_PRACTICE=docs/practice.png \
		PLECS_SCREENSHOT_PRACTICE_OWN=docs/practice-own.png \
		$(BIN)/pytest -q tests/e2e/test_browser_between.py

screenshot-teams: .venv/ready-dev ## those of Teams
	@tests/teams_e2e/install.sh
	@PLECS_SCREENSHOT_TEAMS_HAND=docs/teams-hand.png $(BIN)/pytest -q tests/teams_e2e/test_hand.py
	@PLECS_SCREENSHOT_TEAMS_VENT=docs/teams-vent.png $(BIN)/pytest -q tests/teams_e2e/test_vent.py

format: .venv/ready-dev ## put the code in its usual shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/ready-dev ## pin the newest libraries (make lock UPGRADE=--upgrade)
	@$(COMPILE) $(UPGRADE) --group dev --output-file requirements-dev.txt
	@$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt

clean: ## remove the environment and the caches; data/ stays
	rm -rf .venv build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Plecs needs Python 3.11 or newer: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -m venv .venv

# uv is pinned with the tools, and is the first of them. Where none is to be had, there is pip.
.venv/bin/uv: | .venv/bin/pip
	@sed -n '/^uv==/,/# via/p' requirements-dev.txt >.venv/uv.txt
	@$(PIP) install --require-hashes -r .venv/uv.txt || echo 'No uv here.'

# The build is not isolated, so that setuptools, too, is the pinned one.
.venv/ready: requirements.txt pyproject.toml | .venv/bin/uv
	@echo 'Installing the pinned libraries...'
	$(call install,--require-hashes -r requirements.txt)
	$(call install,--no-deps --no-build-isolation -e .)
	@touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	@echo 'Installing the pinned tools...'
	$(call install,--require-hashes -r requirements-dev.txt)
	@touch $@

# What compiling the tests takes, the processes that run them would each do at once. What is wrong
# with them is told when they run.
.venv/compiled: .venv/ready-dev
	@echo 'Compiling the tests...'
	@$(BIN)/pytest --collect-only -qq $(ALL) >/dev/null 2>&1 || true
	@touch $@
