"""Alerts and dashboard name only what exists, and every alert tells in both languages what to do."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase

from api import figures
from telemetry import metrics
from telemetry.collected import Collected
from telemetry.metrics import REGISTRY

ROOT = Path(__file__).parents[2]
OPS = ROOT / "ops"
DOCS = ("docs/observability.md", "docs/observability.zh-CN.md")
_METRIC = re.compile(r"\b(?:redress|temporal|process)_[a-z_]+")
# What a counter's and a histogram's series are called.
_SERIES = ("", "_total", "_bucket", "_count", "_sum")


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((OPS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((OPS / "grafana/dashboards/redress.json").read_text(encoding="utf-8"))["panels"]
    return found


def asked_for() -> Iterator[tuple[str, str]]:
    """Where a question stands, and the question."""
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


def ours() -> dict[str, Metric]:
    """Every metric of this code, also those that are only made when somebody asks."""

    async def _nothing() -> tuple[Metric, ...]:
        return ()

    families = figures.families()
    loop = asyncio.new_event_loop()
    try:
        up = [
            each
            for name, given in (
                ("redress_read_model", families),
                ("redress_temporal", (figures.workers(0), figures.reviews((), {}))),
            )
            for each in Collected(name, _nothing, given, loop).describe()
        ]
    finally:
        loop.close()
    return {metric.name: metric for metric in (*REGISTRY.collect(), *up)}


def known_to_temporal(name: str) -> bool:
    """Whether Temporal's SDK holds a metric of this name: its core is one compiled file with all of them in it."""
    base = re.sub(r"(_total|_seconds_bucket|_seconds_count|_seconds_sum|_seconds)$", "", name.removeprefix("temporal_"))
    return base.encode() in _temporals_core()


@lru_cache
def _temporals_core() -> bytes:
    spec = importlib.util.find_spec("temporalio.bridge.temporal_sdk_bridge")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_bytes()


def test_every_metric_that_is_asked_for_exists() -> None:
    series = {f"{name}{ending}" for name in ours() for ending in _SERIES}
    asked = {name: where for where, question in asked_for() for name in _METRIC.findall(question)}
    assert len(asked) > 30
    unknown = {
        name: where
        for name, where in asked.items()
        if not (known_to_temporal(name) if name.startswith("temporal_") else name in series) and name != "temporal_sdk"
    }
    assert unknown == {}


def test_a_metric_that_does_not_exist_would_be_seen() -> None:
    assert not known_to_temporal("temporal_wishes_fulfilled_total")
    assert "redress_wishes" not in ours()


def test_labels_that_are_asked_for_are_those_of_the_metric() -> None:
    counted = {each._name: set(each._labelnames) for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)}
    labels = counted | {each.name: set(each._labelnames) for each in (*figures.families(), figures.reviews((), {}))}
    asked = 0
    for where, question in asked_for():
        for name, selected in re.findall(r"(redress_[a-z_]+)\{([^}]*)\}", question):
            named = set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", selected))
            assert named <= labels[re.sub(r"_(total|bucket|count|sum)$", "", name)], f"{where}: {name}"
            asked += 1
    assert asked > 10


@pytest.mark.parametrize("docs", DOCS)
def test_each_alert_is_told_in_both_languages_and_explained(docs: str) -> None:
    text = (ROOT / docs).read_text(encoding="utf-8")
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names)) > 15
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert re.search(r"[一-鿿]", rule["annotations"]["summary_zh"]), rule["alert"]
        assert rule["annotations"]["runbook"] == f"docs/observability.md#{rule['alert'].lower()}"
        assert f"### {rule['alert']}\n" in text, f"{docs} does not explain {rule['alert']}"


@pytest.mark.parametrize("docs", DOCS)
def test_every_metric_is_explained(docs: str) -> None:
    text = (ROOT / docs).read_text(encoding="utf-8")
    missing = [name for name in ours() if name.startswith("redress_") and f"`{name}" not in text]
    assert missing == []


def test_the_dashboard_is_told_in_both_languages_and_reads_from_one_source() -> None:
    for panel in panels():
        assert re.search(r"[一-鿿]", panel["title"]) or panel["title"] == "Temporal", panel["title"]
        assert panel["type"] == "row" or panel["datasource"]["uid"] == "prometheus"
    source = yaml.safe_load((OPS / "grafana/provisioning/datasources/prometheus.yml").read_text(encoding="utf-8"))
    assert source["datasources"][0]["uid"] == "prometheus"
    assert yaml.safe_load((OPS / "grafana/provisioning/dashboards/redress.yml").read_text(encoding="utf-8"))["providers"]


def test_prometheus_finds_the_rules_and_every_port() -> None:
    config = yaml.safe_load((OPS / "prometheus.yml").read_text(encoding="utf-8"))
    assert config["rule_files"] == ["/etc/prometheus/alerts.yml"]
    jobs = {job["job_name"]: job["dns_sd_configs"][0] for job in config["scrape_configs"]}
    asked = {job for _, question in asked_for() for job in re.findall(r'job="([^"]+)"', question)}
    assert asked <= set(jobs)
    assert len({(each["names"][0], each["port"]) for each in jobs.values()}) == len(jobs)


def test_prometheus_itself_understands_every_question(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on this machine")
    rules = [
        {"record": f"question:{number}", "expr": question.replace("$tenant", ".*")}
        for number, (_, question) in enumerate(asked_for())
    ]
    file = tmp_path / "questions.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "questions", "rules": rules}]}), encoding="utf-8")
    checks = (["rules", str(OPS / "alerts.yml")], ["rules", str(file)], ["config", "--syntax-only", str(OPS / "prometheus.yml")])
    for each in checks:
        said = subprocess.run([promtool, "check", *each], capture_output=True, text=True, timeout=60, check=False)
        assert said.returncode == 0, said.stdout + said.stderr
