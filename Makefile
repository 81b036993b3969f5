# Every target prepares .venv by itself and needs nothing but a Python 3.13 or uv; see .make/env.

.PHONY: help env run test check openapi prove bench bench-size clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

env: ## Prepare .venv with the taskfold command in it
	@sh .make/env

run: env ## Start PostgreSQL and the API (ARGS="--port 9000" passes options on)
	@exec .venv/bin/taskfold serve $(ARGS)

test: env ## Run the whole suite with coverage (ARGS="tests/events -k chain" runs a part)
	@exec sh .make/test $(ARGS)

check: env ## Check lint rules, formatting, types and import contracts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 .venv/bin/pyright
	.venv/bin/lint-imports

openapi: env ## Accept the OpenAPI document as it is now, for the test that compares it
	.venv/bin/python -m tests.http.openapi_document

prove: env ## Run the slow proofs in their full form: many writers, kills, events (minutes)
	SLOW_PROOF_SECONDS=15 SLOW_PROOF_ROUNDS=24 .venv/bin/pytest tests/concurrency tests/crash
	SLOW_PROOF_SECONDS=30 SLOW_PROOF_STREAMS=1000 .venv/bin/pytest tests/live
	SLOW_PROOF_EXAMPLES=200 .venv/bin/pytest -s tests/http/test_schemathesis.py
	SLOW_PROOF_TASKS=1000000 .venv/bin/pytest tests/projections/test_plans.py
	SLOW_PROOF_PAST_EVENTS=1000000 .venv/bin/pytest -s tests/projections/test_long_pasts.py
	SLOW_PROOF_EVENTS=1000000 SLOW_PROOF_WRITERS=8 SLOW_PROOF_READERS=4 .venv/bin/pytest tests/rebuild/test_under_load.py

bench: env ## Measure beside what people would use instead (half an hour; ARGS="--scale quick" less)
	@exec .venv/bin/taskfold bench --scale full $(ARGS)

bench-size: env ## Measure with ten million events in the store (an hour)
	@exec .venv/bin/taskfold bench --scale full --only memory --only size $(ARGS)

clean: ## Remove .venv and every cache, never data
	rm -rf .venv .benchmarks .hypothesis .import_linter_cache .pytest_cache .ruff_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
