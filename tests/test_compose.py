"""docker-compose.yml and the Dockerfile, as far as they can be checked without a container engine."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from partners.app import Settings as PartnerSettings
from settings import PREFIX, Settings
from tests.compose import compose, copied, example, filled_in, own, services, variables
from tests.doubles import ROOT

SECRET = re.compile(r"PASSWORD|PWD|KEY|SECRET|TOKEN|_URL$")
# Only the embedded stack has these.
EMBEDDED = {"port_offset", "temporal_ui_port", "mail_http_port"}
FILLED = {name: value or "f" * 48 for name, value in example().items()}


def test_images_are_pinned() -> None:
    for name, service in services().items():
        image = filled_in(service["image"], {})
        assert re.fullmatch(r"[a-z0-9/.-]+:(v?\d+(\.\d+)+|local)", image), f"{name}: {image}"
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", each) for each in stages), stages


def test_what_a_service_waits_for_exists_can_be_known_and_does_not_wait_for_it() -> None:
    waits = {name: each.get("depends_on", {}) for name, each in services().items()}
    for name, needed in waits.items():
        for other, how in needed.items():
            there = services()[other]
            match how["condition"]:
                case "service_healthy":
                    assert there["healthcheck"]["test"], f"{name} waits for the health of {other}"
                case "service_completed_successfully":
                    assert there["restart"].startswith("on-failure"), f"{name} waits for the end of {other}"
                case other_condition:
                    pytest.fail(f"{name} waits for {other}: {other_condition}")
            assert not there.get("profiles") or there["profiles"] == services()[name].get("profiles")
    left = {name: set(needed) for name, needed in waits.items()}
    while left:
        free = {name for name, needed in left.items() if not needed & set(left)}
        assert free, f"these wait for each other: {sorted(left)}"
        left = {name: needed for name, needed in left.items() if name not in free}


def test_everything_that_runs_for_long_tells_whether_it_is_well() -> None:
    for name, service in services().items():
        if service["restart"] == "unless-stopped" and name != "temporal-ui":  # its image has nothing to ask with
            assert service["healthcheck"]["test"][0] == "CMD", name


def test_workers_can_be_many() -> None:
    worker = services()["worker"]
    assert not {"container_name", "ports"} & set(worker)
    assert filled_in(worker["deploy"]["replicas"], {}) == "1"
    assert not any("container_name" in each for each in services().values())


def test_programs_run_without_rights_and_are_given_time_to_stop() -> None:
    for name, service in own().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["init"] is True, name  # as process 1 they would not hear SIGTERM before they are up
        assert service["stop_grace_period"] == "30s", name  # the API takes 15 s at most, the worker 10 s
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()


def test_commands_are_modules_that_can_be_run() -> None:
    for name, service in own().items():
        words = " ".join(service["command"]).split()
        module = words[words.index("-m") + 1]
        assert importlib.util.find_spec(f"{module}.__main__" if "." not in module else module), name


def test_settings_are_known_and_each_can_be_set() -> None:
    given = {name for service in own().values() for name in service.get("environment", {})}
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert {name for name in given if name.startswith(PREFIX)} - known == set()
    missing = known - given - {f"{PREFIX}{name}".upper() for name in EMBEDDED}
    assert missing == set(), f"hand them on in docker-compose.yml (x-settings): {sorted(missing)}"
    theirs = {f"PARTNERS_{name}".upper() for name in PartnerSettings.__dataclass_fields__}
    assert {name for name in given if name.startswith("PARTNERS_")} <= theirs
    sink = (ROOT / "partners" / "mailsink.py").read_text(encoding="utf-8")
    assert all(f'"{name}"' in sink for name in given if name.startswith("MAILSINK_"))


def test_what_programs_read_besides_their_settings_can_be_set_too() -> None:
    given = {name for service in own().values() for name in service.get("environment", {})}
    folders = [ROOT / name for name in copied() if (ROOT / name / "__init__.py").is_file()]
    found: dict[str, set[str]] = {}
    for file in (each for folder in folders for each in folder.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if re.search(r"\bos\.environ|\bgetenv\b", source):
            words = {str(each.value) for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)}
            found[file.relative_to(ROOT).as_posix()] = {each for each in words if re.fullmatch(r"[A-Z][A-Z0-9_]{2,}[A-Z]", each)}
    assert found["settings/language.py"] == {"LC_ALL", "LC_MESSAGES", "LANG"}
    assert {file: names - given for file, names in found.items() if names - given} == {}
    # Names that stand in companies' files are known to nobody here.
    assert found["adapters/webhook_signature.py"] == set()
    for name in ("api", "worker"):
        assert services()[name]["env_file"] == [{"path": ".env.secrets", "required": False}]


def test_the_key_that_opens_every_tenants_complaints_is_the_apis_alone_and_need_not_be_there() -> None:
    holders = {
        name for name, each in services().items() for value in each.get("environment", {}).items() if "CODEC_KEY" in str(value)
    }
    assert holders == {"api"}
    assert "REDRESS_CODEC_KEY" not in {name for name, how in variables().items() if ":?" in how}
    ui = services()["temporal-ui"]["environment"]
    assert filled_in(ui["TEMPORAL_CODEC_ENDPOINT"], {}) == ""


def test_nobody_decides_in_the_temporal_ui_unless_that_is_wanted() -> None:
    assert filled_in(services()["temporal-ui"]["environment"]["TEMPORAL_DISABLE_WRITE_ACTIONS"], {}) == "true"


@pytest.mark.parametrize("name", ["worker", "api"])
def test_the_programs_accept_what_they_are_told(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{field}".upper(), raising=False)
    for variable, value in services()[name]["environment"].items():
        if value is not None:
            monkeypatch.setenv(variable, filled_in(value, FILLED))
    told = Settings()
    assert told.database_url == f"postgresql://redress:{'f' * 48}@postgres:5432/redress"
    assert (told.temporal_address, told.temporal_namespace) == ("temporal:7233", "redress")
    assert (told.partners_url, told.smtp_host) == ("http://partners:8100", "mailsink")


def test_every_variable_named_anywhere_exists() -> None:
    """In programs, documents and commands; a name that nobody reads is a promise that nobody keeps."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    others = {"REDRESS_TEST_POSTGRES_URL", "REDRESS_DATABASE_PASSWORD", "REDRESS_IMAGE"}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for file in tracked:
        if file.endswith((".py", ".md", ".yml", ".example", "Makefile", "Dockerfile")) and not file.startswith("tests/"):
            path = ROOT / file
            named = (
                set(re.findall(r"\bREDRESS_[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))) if path.is_file() else set()
            )
            assert named - known - others == set(), file


def test_no_secret_is_in_the_files() -> None:
    for service, each in services().items():
        for name, value in each.get("environment", {}).items():
            if SECRET.search(name) and value is not None:
                hidden = re.sub(r"\$\{[^}]*\}", "", str(value))
                assert hidden != value or re.match(r"/keys/|http://api:", str(value)), f"{service}: {name}"
                assert "@" not in hidden or ":@" in hidden, f"{service}: {name}"
    asked = {name for name, how in variables().items() if ":?" in how}
    assert asked <= set(example()), "what must be set stands in .env.example"
    assert {name: value for name, value in example().items() if SECRET.search(name) and value and "URL" not in name} == {}


def test_what_can_be_left_out_is_told_in_the_example_or_is_a_setting() -> None:
    told = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert {name for name in variables() if name not in told} <= known


def test_files_and_volumes_exist() -> None:
    named = set(compose()["volumes"])
    for service, each in services().items():
        for volume in each.get("volumes", []):
            source, target, *options = volume.split(":")
            assert target.startswith("/"), service
            if source.startswith("./"):
                assert (ROOT / source).exists(), f"{service}: {source}"
                assert options == ["ro"], f"{service}: {source}"
            else:
                assert source in named, f"{service}: {source}"


def test_ports_are_published_to_this_machine_alone_and_are_those_that_programs_listen_on() -> None:
    published = [port for each in services().values() for port in each.get("ports", [])]
    hosts = [filled_in(port, {}).rsplit(":", 2) for port in published]
    assert {host for host, _, _ in hosts} == {"127.0.0.1"}
    assert len({outside for _, outside, _ in hosts}) == len(hosts)
    moved = {
        name
        for name, each in services().items()
        for port in each.get("ports", [])
        if not filled_in(port, {"PUBLISH_ON": "0.0.0.0"}).startswith("127.0.0.1:")
    }
    assert moved == {"api", "grafana"}, "the others ask nobody who they are"
    listened = {
        "api": services()["api"]["environment"]["REDRESS_API_PORT"],
        "partners": services()["partners"]["environment"]["PARTNERS_PORT"],
        "mailsink": services()["mailsink"]["environment"]["MAILSINK_HTTP_PORT"],
    }
    for name, port in listened.items():
        assert str(services()[name]["ports"][0]).endswith(f":{port}")
        assert f":{port}/healthz" in services()[name]["healthcheck"]["test"][-1]


def test_prometheus_asks_where_the_programs_answer() -> None:
    jobs = yaml.safe_load((ROOT / "ops" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    asked = {(sd["names"][0], sd["port"]) for job in jobs for sd in job.get("dns_sd_configs", [])}
    answered: set[tuple[str, Any]] = set()
    for name in ("api", "worker"):
        told = services()[name]["environment"]
        answered |= {(name, value) for variable, value in told.items() if variable.endswith("_METRICS_PORT")}
    assert asked == answered


def test_the_image_holds_all_that_the_programs_import(tmp_path: Path) -> None:
    """Started from a folder with nothing but what the Dockerfile copies."""
    for name in copied():
        assert (ROOT / name).exists(), name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    programs = (
        "api.__main__",
        "worker.__main__",
        "storage.__main__",
        "sealing.__main__",
        "partners.__main__",
        "partners.mailsink",
    )
    code = f"import importlib\nfor each in {programs!r}: importlib.import_module(each)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    ours = {each.name for each in ROOT.iterdir() if (each / "__init__.py").is_file()}
    assert {name for name in copied() if name in ours} == _imported(programs, ours)


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == {*copied(), "requirements.txt"}


def test_compose_itself_reads_the_file(tmp_path: Path) -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode if shutil.which("docker") else True:
        pytest.skip("docker compose is not installed here")
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in FILLED.items()), encoding="utf-8")
    command = ["docker", "compose", "--env-file", str(tmp_path / ".env"), "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def _imported(modules: tuple[str, ...], ours: set[str]) -> set[str]:
    """Packages of ours that these modules import, directly or not."""
    waiting, seen, packages = list(modules), set[str](), set[str]()
    while waiting:
        module = waiting.pop()
        path = ROOT.joinpath(*module.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if module in seen or module.split(".")[0] not in ours or not file.is_file():
            continue
        seen.add(module)
        packages.add(module.split(".")[0])
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return packages
