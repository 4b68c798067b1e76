"""The image as it runs: in a chroot with a read-only root, as the user of the Dockerfile, and with its volume alone.

The installation is that of the tests: making one from wheels needs a package index (see test_deploy).
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.deploy.test_deploy import stages

import digest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv") or not shutil.which("unshare"),
    reason="it needs root, and util-linux",
)

LOCKED_IN = """
set -e
root=$1 volume=$2 program=$3 user=$4
shift 4
mount -t tmpfs -o mode=755 none "$root"
mkdir "$root/tmp"
mount -t tmpfs -o mode=1777 none "$root/tmp"
for place in "$@"; do
    if [ -L "$place" ]; then cp -P "$place" "$root$place"; continue; fi
    mkdir -p "$root$place"
    mount --rbind "$place" "$root$place"
done
mkdir -p "$root/var/lib/digest" "$root/opt/digest"
mkdir -m 1777 "$root/var/tmp"
ln -s "$program" "$root/opt/digest/bin"
mount --bind "$volume" "$root/var/lib/digest"
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all sh -e /var/lib/digest/steps
"""
STEPS = """
cd /var/lib/digest
id -u
if touch /var/tmp/file 2>refused; then echo "the root can be written"; fi
grep -o "Read-only file system" refused
if {health} >first 2>&1; then echo "healthy without an installation"; fi
{entry} init . >made
{entry} {command} >told 2>&1 & serving=$!
for _ in $(seq 150); do
    if grep -q '"event": "serving"' told; then break; fi
    if ! kill -0 $serving; then cat told; exit 1; fi
    sleep 0.2
done
{health} >second
kill -{signal} $serving
wait $serving
grep -o '"event": "stopping"' told
"""


def words(of: str) -> str:
    """Return a command in the JSON form of a Dockerfile as one for a shell."""
    return shlex.join(json.loads(of))


def steps(environment: str, last: dict[str, str]) -> str:
    """Return the shell script of a container's life: made, healthy, serving, stopped."""
    exported = "\n".join(f"export {each}" for each in shlex.split(environment.replace("$PATH", "/usr/bin:/bin")))
    life = STEPS.format(
        entry=words(last["ENTRYPOINT"]),
        command=words(last["CMD"]),
        health=words(last["HEALTHCHECK"].partition("CMD ")[2]),
        signal=last["STOPSIGNAL"].removeprefix("SIG"),
    )
    return f"{exported}\n{life}"


def places() -> list[str]:
    """Return what the image holds: a system, an interpreter, and the program with its libraries."""
    system = [place for place in ("/usr", "/bin", "/lib", "/lib64", "/etc", "/dev", "/proc") if Path(place).exists()]
    checkout = Path(str(digest.__file__)).parents[2]
    named: tuple[str | Path, ...] = (*sys.path, sys.prefix, sys.base_prefix, checkout)
    code = {str(Path(place).resolve()) for place in named if Path(place).is_dir()}
    kept = sorted(place for place in code if not place.startswith("/usr/"))
    inner = {one for one in kept for other in kept if one != other and one.startswith(f"{other}/")}
    return system + [place for place in kept if place not in inner]


@pytest.mark.slow
def test_the_image_serves_as_its_user_with_a_read_only_root_and_its_volume(tmp_path: Path) -> None:
    _, image, *_ = stages()
    last = dict(image)
    user, volume, root = last["USER"], tmp_path / "volume", tmp_path / "root"
    root.mkdir()
    volume.mkdir(mode=0o700)
    os.chown(volume, *map(int, user.split(":")))
    assert json.loads(last["VOLUME"]) == ["/var/lib/digest"] == [last["WORKDIR"]]
    script = volume / "steps"
    script.write_text(steps(last["ENV"], last), encoding="utf-8")
    script.chmod(0o644)
    program = Path(sys.prefix) / "bin"
    command = ["unshare", "--mount", "sh", "-c", LOCKED_IN, "sh", root, volume, program, user, *places()]
    told = subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=120, cwd="/"
    )
    if "Operation not permitted" in told.stderr:
        pytest.skip("this machine allows no mounts")
    assert told.stdout.splitlines() == ["10001", "Read-only file system", '"event": "stopping"'], told.stderr
    assert told.returncode == 0, told.stderr
    assert (volume / "config" / "digest.toml").stat().st_uid == 10001
