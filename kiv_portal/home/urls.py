from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from kiv_portal.home import views


def page(template: str):
    """A public page of plain text."""
    return login_not_required(TemplateView.as_view(template_name=template))


urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("kommunen/<slug:slug>/", views.municipality_detail, name="municipality_detail"),
    path("hilfe/", page("home/help.html"), name="help"),
    path("barriere-melden/", views.barrier_report, name="barrier_report"),
    path("leichte-sprache/", page("home/easy_language.html"), name="easy_language"),
    path("gebaerdensprache/", page("home/sign_language.html"), name="sign_language"),
    path("barrierefreiheit/", page("home/accessibility_statement.html"), name="accessibility_statement"),
    path("datenschutz/", page("home/privacy.html"), name="privacy"),
    path("impressum/", page("home/imprint.html"), name="imprint"),
]
