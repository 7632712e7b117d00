# Two commands are enough on a fresh machine: `make run` and `make test`. Both set everything up first.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: run test chaos lint format bench models opinfo setup translations clean

run: setup
	@scripts/run $(ARGS)

test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/translations.py --check

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[bench]'
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks $(ARGS)

chaos: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m chaos -o timeout=600 $(PYTEST_ARGS)

models: setup
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[models]'
	QT_QPA_PLATFORM=offscreen $(BIN)/python tools/models.py --write docs/models.md

opinfo: setup
	$(BIN)/python tools/opinfo.py --write docs/opinfo.md

translations: setup
	$(BIN)/python tools/translations.py

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt scripts/setup
	@scripts/setup $(VENV)
	@touch $(STAMP)

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
