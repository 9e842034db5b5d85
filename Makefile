# One command for each thing to do. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3# the Python that .venv is made from
BIN := .venv/bin
PACKAGES := domain workflows activities adapters storage sealing desk api worker partners stack settings telemetry demo bench handbook documents
ARGS ?=

ifdef PORT_OFFSET
export REDRESS_PORT_OFFSET := $(PORT_OFFSET)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# --- people ------------------------------------------------------------------------------------------------------------

.PHONY: help
help: ## This list | 本列表
	@awk -F ':.*## | \\| ' '/^[a-z-]+:.*## /{printf "  make %-11s %-74s %s\n", $$1, $$2, $$3}' Makefile

.PHONY: up
up: .venv/runtime.stamp ## Start everything here, Ctrl-C stops it (PORT_OFFSET=200 moves ports) | 在本机启动全部组件，Ctrl-C 停止
	@$(BIN)/python -m stack up

.PHONY: status
status: .venv/runtime.stamp ## Show what runs in this folder | 显示此目录中运行的组件
	@$(BIN)/python -m stack status

.PHONY: stop
stop: .venv/runtime.stamp ## Stop what runs in this folder | 停止此目录中运行的组件
	@$(BIN)/python -m stack stop

.PHONY: demo
demo: .venv/runtime.stamp ## See a complaint through from door to drawer | 演示一件投诉从受理到结案
	@$(BIN)/python -m demo $(ARGS)

ORDERS ?= ../shared/data/orders_with_reviews.csv# a data set beside this folder, where there is one
ORDERS_ARE_THERE = test -f '$(ORDERS)' || { \
  echo 'There is no file $(ORDERS). Name an order file with the columns of the Olist data set: make $@ ORDERS=orders.csv'; \
  echo '文件 $(ORDERS) 不存在。请指定与 Olist 数据集列名相同的订单文件：make $@ ORDERS=orders.csv'; exit 1; }
.PHONY: load
load: .venv/runtime.stamp ## Load real orders into the partner systems (ORDERS=file.csv) | 把真实订单载入合作方系统
	@$(ORDERS_ARE_THERE)
	@$(BIN)/python -m partners load '$(ORDERS)'

.PHONY: file-orders
file-orders: .venv/runtime.stamp ## File the late and lost orders of that file as complaints (ARGS="--limit 100") | 把其中迟到和丢失的订单作为投诉提交
	@$(ORDERS_ARE_THERE)
	@$(BIN)/python -m demo file-orders --orders '$(ORDERS)' $(ARGS)

# --- developers --------------------------------------------------------------------------------------------------------

.PHONY: check
check: .venv/dev.stamp ## Format, lint, types and import rules, as CI does | 检查格式、规范、类型和导入规则
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES) tests
	$(BIN)/lint-imports

.PHONY: test
test: .venv/dev.stamp ## All fast tests, in three processes (ARGS=... goes to pytest) | 运行全部快速测试
	$(BIN)/python -m pytest -m 'not slow' -n 3 --dist worksteal --timeout 180 $(ARGS)

.PHONY: slow
slow: .venv/dev.stamp ## The tests marked slow | 运行标为 slow 的测试
	$(BIN)/python -m pytest -m slow --timeout 900 $(ARGS)

.PHONY: audit
audit: .venv/dev.stamp ## Known holes in dependencies, risky code, secrets (docs/security.md) | 检查依赖漏洞、危险代码与泄露的密钥
	$(BIN)/python -m pytest tests/test_scans.py $(ARGS)

.PHONY: histories
histories: .venv/dev.stamp ## Record the golden histories anew, when a change was meant (ONLY=food) | 有意更改后重新录制黄金历史
	$(BIN)/python -m tests.workflows.record $(ONLY)

.PHONY: clauses
clauses: .venv/dev.stamp ## Write docs/clauses.md: clause, row, test | 生成条款对照表
	@$(BIN)/python -m handbook clauses

.PHONY: bench
bench: .venv/dev.stamp ## Measure speed and cost | 测量速度与成本
	@$(BIN)/python -m bench $(ARGS)

.PHONY: soak
soak: .venv/dev.stamp ## An hour in the life of 10,000 open complaints: does memory grow? (ARGS=--short) | 一万件未结投诉的一小时：内存是否增长
	@$(BIN)/python -m bench.soak $(ARGS)

.PHONY: chaos
chaos: .venv/dev.stamp ## Kill everything at bad moments and count what is lost (ARGS=--short) | 在最坏时刻终止进程，核对是否有遗失
	@$(BIN)/python -m bench.chaos $(ARGS)

.PHONY: format
format: .venv/dev.stamp ## Format the code | 格式化代码
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lock
lock: ## Resolve the dependencies anew, with uv | 用 uv 重新锁定依赖
	@command -v uv >/dev/null || { echo 'make lock needs uv (需要 uv): pip install uv'; exit 1; }
	uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-emit-index-url --quiet -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-emit-index-url --quiet -o requirements-dev.txt

.PHONY: clean
clean: ## Remove .venv and caches, keep the complaints in var/ | 删除 .venv 和缓存，保留 var/ 中的数据
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment, made and filled only when its lock changes -----------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Redress needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another: make up PYTHON=python3.12 (需要 Python 3.11 或更高版本，请用 PYTHON= 指定)"; exit 1; }
	@echo 'Making .venv (正在创建虚拟环境) ...'
	@$(PYTHON) -m venv .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	@echo 'Installing what Redress needs (once, and when requirements.txt changes; 正在安装依赖) ...'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@echo 'Installing what Redress and its tests need (once, and when requirements-dev.txt changes; 正在安装依赖) ...'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@
