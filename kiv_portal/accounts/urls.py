"""Exactly the pages of allauth that the portal offers, under German addresses; the names are allauth's."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions import views as sessions
from django.urls import path

from kiv_portal.accounts import identity_views, views

urlpatterns = [
    path("anmelden/", views.SignInView.as_view(), name="account_login"),
    path("anmelden/code-anfordern/", views.EmailCodeView.as_view(), name="account_request_login_code"),
    path("anmelden/code/", views.EmailCodeConfirmView.as_view(), name="account_confirm_login_code"),
    path("anmelden/zweiter-schritt/", mfa.authenticate, name="mfa_authenticate"),
    path("anmelden/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("anmelden/demo/<int:pk>/", views.demo_login, name="account_demo_login"),
    path("anmelden/verwaltung/<slug:provider_id>/", views.county_login, name="openid_connect_login"),
    path(
        "anmelden/verwaltung/<slug:provider_id>/zurueck/",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
    path("anmelden/gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", account.signup, name="account_signup"),
    path("abmelden/", account.logout, name="account_logout"),
    path("konto/", views.overview, name="account_overview"),
    path("konto/name/", identity_views.name, name="account_name"),
    path("konto/adresse/", identity_views.email, name="account_email"),
    path("konto/adresse/nicht-aendern/", identity_views.email_cancel, name="account_email_cancel"),
    path("konto/adresse/antwort/<str:signed>/", identity_views.email_answer, name="account_email_answer"),
    path("konto/daten/", views.export, name="account_export"),
    path("konto/passwort/", views.password, name="account_change_password"),
    path("konto/geraete/", sessions.list_usersessions, name="usersessions_list"),
    path("konto/bestaetigen/passwort/", account.reauthenticate, name="account_reauthenticate"),
    path("konto/bestaetigen/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("konto/bestaetigen/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("konto/zweiter-schritt/", mfa.index, name="mfa_index"),
    path("konto/zweiter-schritt/einrichten/", views.second_factor, name="account_second_factor"),
    path("konto/zweiter-schritt/app/", views.AppSetupView.as_view(), name="mfa_activate_totp"),
    path("konto/zweiter-schritt/app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("konto/ersatzcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "konto/ersatzcodes/neu/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "konto/ersatzcodes/datei/", views.RecoveryCodesFileView.as_view(), name="mfa_download_recovery_codes"
    ),
    path("konto/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("konto/passkeys/neu/", views.PasskeyAddView.as_view(), name="mfa_add_webauthn"),
    path("konto/passkeys/<int:pk>/umbenennen/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("konto/passkeys/<int:pk>/entfernen/", views.PasskeyRemoveView.as_view(), name="mfa_remove_webauthn"),
]
