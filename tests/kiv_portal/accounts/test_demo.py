import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from kiv_portal.accounts.demo import role_of
from kiv_portal.accounts.models import User
from tests.kiv_portal.accounts.pages import text_of


@pytest.fixture
def demo_user(db: None) -> User:
    return User.objects.create_user("kiv.leonberg@demo.kiv.example", "Karin Vogt")


def test_demo_signs_in_with_one_click(client: Client, demo_user: User, settings: Settings) -> None:
    settings.DEMO = True
    assert "Karin Vogt, Inklusionsvermittlung Leonberg" in text_of(client.get("/anmelden/"))
    response = client.post(f"/anmelden/demo/{demo_user.pk}/", {"next": "/konto/"})
    assert response.url == "/konto/"
    assert client.session["_auth_user_id"] == str(demo_user.pk)


def test_demo_changes_the_person(client: Client, demo_user: User, anna: User, settings: Settings) -> None:
    settings.DEMO = True
    client.force_login(anna)
    client.post(f"/anmelden/demo/{demo_user.pk}/")
    assert client.session["_auth_user_id"] == str(demo_user.pk)


def test_without_demo_there_is_no_such_door(client: Client, demo_user: User, settings: Settings) -> None:
    settings.DEMO = False
    assert "Karin Vogt" not in client.get("/anmelden/").content.decode()
    assert client.post(f"/anmelden/demo/{demo_user.pk}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_demo_opens_invented_people_only(client: Client, anna: User, settings: Settings) -> None:
    settings.DEMO = True
    assert client.post(f"/anmelden/demo/{anna.pk}/").status_code == 404
    assert client.get(f"/anmelden/demo/{anna.pk}/").status_code == 405


def test_demo_asks_for_no_second_factor(client: Client, demo_user: User, settings: Settings) -> None:
    settings.DEMO = True
    demo_user.set_password("nur für die Vorführung")
    demo_user.save()
    client.post("/anmelden/", {"login": demo_user.email, "password": "nur für die Vorführung"})
    assert client.session["_auth_user_id"] == str(demo_user.pk)
    assert not demo_user.needs_second_factor


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("koordination", "Koordination im Landratsamt"),
        ("kiv.weil-der-stadt", "Inklusionsvermittlung Weil der Stadt"),
        ("gemeinderat.leonberg", "Gemeinderat Leonberg"),
    ],
)
def test_roles_are_read_from_the_address(name: str, expected: str) -> None:
    assert role_of(name) == expected


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("DEMO", True, {"kiv_portal.E001"}),
        ("DEBUG", True, {"kiv_portal.E002"}),
        ("SECURE", False, {"kiv_portal.E003"}),
        ("DEMO_PASSWORD", "bekannt", {"kiv_portal.E004"}),
        ("DEMO", False, set()),
    ],
)
def test_the_deploy_check_refuses_what_is_not_for_production(
    settings: Settings, setting: str, value: object, expected: set[str]
) -> None:
    settings.DEMO, settings.DEBUG, settings.SECURE, settings.DEMO_PASSWORD = False, False, True, ""
    setattr(settings, setting, value)
    found = run_checks(tags=["security"], include_deployment_checks=True)
    assert {str(message.id) for message in found if str(message.id).startswith("kiv_portal.")} == expected
