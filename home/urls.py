from django.urls import path

from home import views
from home.cockpit.views import cockpit_file
from home.figures.views import county_figures, town_figures
from home.handbook.views import help_chapter, help_page
from home.leaving import views as leaving
from home.people import views as people
from home.work_list.views import work_list
from home.year.views import own_year

urlpatterns = [
    path("", views.home, name="home"),
    path("landkreise/<slug:key>/", views.county_page, name="county_page"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/<str:signed>/kiv-portal.ics", views.calendar_feed, name="calendar_feed"),
    path("start/", views.start, name="start"),
    path("start/kommunen/", cockpit_file, name="cockpit_file"),
    path("aufgaben/", work_list, name="work_list"),
    path("mein-jahr/", own_year, name="own_year"),
    path("mein-jahr/<int:year>/", own_year, name="own_year_of"),
    path("kommunen/<slug:slug>/", views.municipality_detail, name="municipality_detail"),
    path("kommunen/<slug:slug>/teilnahme-beenden/", leaving.town_leaving, name="town_leaving"),
    path(
        "kommunen/<slug:slug>/teilnahme-beenden/zuruecknehmen/",
        leaving.town_leaving_undo,
        name="town_leaving_undo",
    ),
    path(
        "kommunen/<slug:slug>/teilnahme-beenden/anliegen/",
        leaving.town_leaving_concerns,
        name="town_leaving_concerns",
    ),
    path(
        "kommunen/<slug:slug>/menschen/<int:pk>/einladung/",
        views.invitation_repeat,
        name="invitation_repeat",
    ),
    path("kommunen/<slug:slug>/zahlen/", town_figures, name="town_figures"),
    path("landkreise/<slug:key>/zahlen/", county_figures, name="county_figures"),
    path("menschen/<int:pk>/", people.person_account, name="person_account"),
    path("menschen/<int:pk>/name/", people.person_name, name="person_name"),
    path("menschen/<int:pk>/adresse/", people.person_email, name="person_email"),
    path("menschen/<int:pk>/sperren/", people.person_lock, name="person_lock"),
    path("menschen/<int:pk>/entsperren/", people.person_unlock, name="person_unlock"),
    path("menschen/<int:pk>/zweiter-schritt/", people.person_factor_reset, name="person_factor_reset"),
    path("orte/", views.town_choice, name="town_choice"),
    path("mitmachen/", views.take_part, name="take_part"),
    path("hilfe/", help_page, name="help"),
    path("hilfe/<slug:name>/", help_chapter, name="help_chapter"),
    path("barriere-melden/", views.barrier_report, name="barrier_report"),
    path("leichte-sprache/", views.page, {"template": "home/easy_language.html"}, name="easy_language"),
    path("gebaerdensprache/", views.page, {"template": "home/sign_language.html"}, name="sign_language"),
    path(
        "barrierefreiheit/",
        views.legal_page,
        {"name": "accessibility_statement"},
        name="accessibility_statement",
    ),
    path("datenschutz/", views.legal_page, {"name": "privacy"}, name="privacy"),
    path("impressum/", views.legal_page, {"name": "imprint"}, name="imprint"),
    path(
        "barrierefreiheit/<slug:key>/",
        views.legal_page,
        {"name": "accessibility_statement"},
        name="accessibility_statement_of",
    ),
    path("datenschutz/<slug:key>/", views.legal_page, {"name": "privacy"}, name="privacy_of"),
    path("impressum/<slug:key>/", views.legal_page, {"name": "imprint"}, name="imprint_of"),
]
