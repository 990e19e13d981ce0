# make run   see the main job done on the shipped example
# make test  everything that CI runs

PY := .venv/bin/python
SHELL := /bin/bash

.PHONY: chaos help run test test-systemd check lint types contracts pytest demo corpus examples clean lock soak replay-timelines reading fuzz-rules fuzz-reading bench-rules bench-stories bench-fetch bench-start bench-deliver chaos-delivery servers pictures test-browser

help:
	@sed -n 's/^# make/make/p' Makefile
	@echo "make test-systemd   as root: the service under a real systemd, booted for it (systemd-container, dbus)"
	@echo "make check   lint, types and import contracts only"
	@echo "make servers   as root on Debian: the mail servers that some tests want to be there"
	@echo "make examples   how many examples of the watch language agree, each set by itself"
	@echo "make fuzz-rules [SEED=7] [EXAMPLES=50000]   rules and items made up, against an oracle"
	@echo "make bench-rules   the rule engine beside its peers: speed, memory, loading"
	@echo "make bench-stories   story identity beside its peers: recall, wrong merges, speed, memory"
	@echo "make fuzz-reading [SEED=7] [EXAMPLES=50000]   hostile documents for all that reads feeds"
	@echo "make bench-fetch [FEEDS=1000]   fetching and scheduling beside reader: CPU, speed, memory"
	@echo "make bench-start   how long the command line takes to say something, beside its peers"
	@echo "make bench-deliver   delivery: speed and cost, a black-holed channel beside others, feed to wire"
	@echo "make chaos [SEED=1] [KILLS=100]   a whole Watcher: feeds that lie, receivers that fail, clocks that jump, kills"
	@echo "make chaos-delivery [SEED=1] [ALERTS=500]   a receiver that fails in every way, a daemon that is killed"
	@echo "make replay-timelines [NAMES='lesechos xxy-hn']   recorded feeds twice: no item twice, every gap told"
	@echo "make reading [ONLY=olshansk]   incremental reading against full reading: the same, and faster"
	@echo "make test-browser   every status page in Debian's chromium: desk, telephone, light, dark"
	@echo "make pictures   the pictures of docs/pictures anew, with Debian's chromium and fonts-liberation"
	@echo "make soak    the daemon for ten minutes on real feed documents, if they are there"

.venv/ready: requirements/lock.txt pyproject.toml tools/environment.sh
	@bash tools/environment.sh

run: .venv/ready
	@.venv/bin/watcher demo

test: check pytest

check: lint contracts types

lint: .venv/ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: .venv/ready
	$(PY) -m mypy

contracts: .venv/ready
	.venv/bin/lint-imports --no-cache

# The workers take tests from each other when they run out of their own (worksteal): by files, the last
# long one would keep one of them busy alone.
# Tests whose server this machine lacks are left out, loudly; with SERVERS=all, as in CI, they fail.
# COVER='--cov --cov-report=term', as in CI, tells which lines no test reaches; that takes longer.
SERVERS ?= there
COVER ?=
pytest: .venv/ready
	$(PY) -m pytest -n 2 --dist worksteal -m "not slow and not browser" --servers=$(SERVERS) $(COVER) --durations=10

test-browser: .venv/ready
	$(PY) -m pip install -q 'pip>=25.1'
	$(PY) -m pip install -q --group pictures
	$(PY) -m pytest -q -m browser tests/web --servers=$(SERVERS)

pictures: .venv/ready
	$(PY) -m pip install -q 'pip>=25.1'
	$(PY) -m pip install -q --group pictures
	$(PY) -m tools.pictures

# Exit code 77: this machine cannot; it says why.
test-systemd: .venv/ready
	@bash tests/systemd/run.sh

servers:
	@bash tools/servers.sh

corpus: .venv/ready
	$(PY) -m pytest -m slow -q

examples: .venv/ready
	@$(PY) tools/run_examples.py

soak: .venv/ready
	$(PY) bench/soak.py

NAMES ?=
replay-timelines: .venv/ready
	$(PY) tools/replay_timelines.py $(NAMES)

ONLY ?=
reading: .venv/ready
	@$(PY) -m bench.reading --only '$(ONLY)'

SEED ?= 1
EXAMPLES ?= 50000
fuzz-rules: .venv/ready
	$(PY) bench/fuzz_rules.py --seed $(SEED) --examples $(EXAMPLES)

fuzz-reading: .venv/ready
	$(PY) bench/fuzz_reading.py --seed $(SEED) --examples $(EXAMPLES)

bench-rules: .venv/ready
	$(PY) -m pip install -q 'pip>=25.1'  # the first that knows dependency groups
	$(PY) -m pip install -q --group bench
	$(PY) bench/rules.py

SPLIT ?= all
bench-stories: .venv/ready
	$(PY) -m pip install -q 'pip>=25.1'
	$(PY) -m pip install -q --group bench
	$(PY) bench/stories.py --split $(SPLIT) --list replay-copies.jsonl

FEEDS ?= 1000
bench-fetch: .venv/ready
	@command -v nginx >/dev/null || apt-get install -y -q nginx-light
	$(PY) bench/fetch.py --feeds $(FEEDS)

bench-start: .venv/ready
	@$(PY) bench/startup.py

bench-deliver: .venv/ready
	$(PY) bench/deliver.py

ALERTS ?= 500
chaos-delivery: .venv/ready
	$(PY) -m tests.chaos --alerts $(ALERTS) --seed $(SEED)

KILLS ?= 100
chaos: .venv/ready
	$(PY) -m tests.chaos --whole --kills $(KILLS) --seed $(SEED) 2>/dev/null

lock:
	$(PY) -m pip install uv
	.venv/bin/uv pip compile pyproject.toml --extra postgres --extra apprise --group dev --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  -o requirements/lock.txt

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
