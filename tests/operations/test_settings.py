"""The environment is the only way in: every variable is explained, every wrong value is one sentence."""

import re
import runpy
from itertools import pairwise
from typing import Any

import pytest

from tests.live import ROOT

SETTINGS = ROOT / "kiv_portal" / "settings.py"
EXAMPLE = (ROOT / ".env.example").read_text()
COMPLETE = {
    "KIV_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
    "KIV_ALLOWED_HOSTS": "portal.example.de",
    "KIV_BASE_URL": "https://portal.example.de",
    "KIV_DATABASE_URL": "postgres://kiv@localhost/kiv",
    "KIV_REDIS_URL": "redis://localhost/0",
    "KIV_EMAIL_URL": "submission://mail.example.de:587",
    "KIV_DEFAULT_FROM_EMAIL": "portal@example.de",
}

COUNTY_SIGN_IN = {
    "KIV_OIDC_NAME": "Landratsamt",
    "KIV_OIDC_SERVER_URL": "https://login.example.de:8443/realms/county",
    "KIV_OIDC_CLIENT_ID": "kiv",
    "KIV_OIDC_CLIENT_SECRET": "secret",
}


def _read_settings(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> dict[str, object]:
    import os

    for name in [name for name in os.environ if name.startswith("KIV_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def test_env_example_explains_exactly_the_variables_that_are_read() -> None:
    read = {f"KIV_{name}" for name in re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", SETTINGS.read_text())}
    compose = set(re.findall(r"\$\{([A-Z_]+):[?-]", (ROOT / "docker-compose.yml").read_text()))
    explained = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(explained) == sorted(read | compose)


def test_every_variable_has_its_line_of_explanation_above() -> None:
    lines = EXAMPLE.splitlines()
    for above, line in pairwise(lines):
        if re.match(r"(# )?[A-Z][A-Z_]+=", line):
            assert re.match(r"# \S+ ", above), f"no explanation above {line}"


def test_a_complete_environment_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _read_settings(monkeypatch, COMPLETE)
    assert settings["DEMO"] is settings["DEBUG"] is False
    assert settings["SESSION_COOKIE_SECURE"] is settings["SECURE_SSL_REDIRECT"] is True


def test_barriers_are_reported_to_the_sender_while_nobody_else_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = _read_settings(monkeypatch, COMPLETE | {"KIV_FEEDBACK_EMAIL": ""})
    assert settings["FEEDBACK_EMAIL"] == "portal@example.de"
    settings = _read_settings(monkeypatch, COMPLETE | {"KIV_FEEDBACK_EMAIL": "barrieren@example.de"})
    assert settings["FEEDBACK_EMAIL"] == "barrieren@example.de"


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        (None, ["https://login.example.de:8443"]),
        ("", ["https://login.example.de:8443"]),
        (
            "https://login.example.de:8443,https://sso.example.de",
            ["https://login.example.de:8443", "https://sso.example.de"],
        ),
    ],
)
def test_forms_may_lead_to_the_countys_sign_in_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, origins: str | None, allowed: list[str]
) -> None:
    county = COUNTY_SIGN_IN | ({} if origins is None else {"KIV_OIDC_FORM_ORIGINS": origins})
    settings: dict[str, Any] = _read_settings(monkeypatch, COMPLETE | county)
    assert settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'", *allowed]
    settings = _read_settings(monkeypatch, COMPLETE)
    assert settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'"]


@pytest.mark.parametrize("name", COMPLETE)
def test_a_missing_variable_is_one_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(SystemExit, match=rf"^KIV-Portal cannot start: [^\n]*{name}[^\n]*\.env\.example\.$"):
        _read_settings(monkeypatch, {key: value for key, value in COMPLETE.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KIV_SECRET_KEY", "short"),
        ("KIV_ALLOWED_HOSTS", ""),
        ("KIV_BASE_URL", "portal.example.de"),
        ("KIV_DATABASE_URL", "sqlite:///db.sqlite3"),
        ("KIV_DATABASE_URL", "nonsense"),
        ("KIV_REDIS_URL", "http://localhost"),
        ("KIV_EMAIL_URL", "mail.example.de"),
        ("KIV_SECURE", "perhaps"),
        ("KIV_DEMO", "2"),
        ("KIV_TRUSTED_PROXY_COUNT", "-1"),
        ("KIV_DATABASE_POOL_SIZE", "many"),
        ("KIV_LOG_LEVEL", "LOUD"),
        ("KIV_OIDC_SERVER_URL", "login.example.de"),
        ("KIV_OIDC_SERVER_URL", "https://"),
        ("KIV_OIDC_SERVER_URL", "https://login.example.de; script-src *"),
        ("KIV_OIDC_SERVER_URL", "javascript://login.example.de"),
        ("KIV_OIDC_FORM_ORIGINS", "https://login.example.de/realms"),
        ("KIV_OIDC_FORM_ORIGINS", "https://login.example.de,*"),
    ],
)
def test_a_malformed_variable_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SystemExit, match=rf"^KIV-Portal cannot start: [^\n]*{name}[^\n]*\.env\.example\.$"):
        _read_settings(monkeypatch, COMPLETE | COUNTY_SIGN_IN | {name: value})
