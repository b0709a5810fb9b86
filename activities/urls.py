from django.urls import path

from activities.views import concerns, log, public_concerns

urlpatterns = [
    path("aktivitaeten/", log.activity_list, name="activity_list"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        log.municipality_activity_list,
        name="municipality_activity_list",
    ),
    path("anliegen/", concerns.concern_list, name="concern_list"),
    path("anliegen/tafel/", concerns.concern_board, name="concern_board"),
    path("anliegen/neu/", concerns.concern_create, name="concern_create"),
    path("anliegen/<int:pk>/", concerns.concern_detail, name="concern_detail"),
    path("anliegen/<int:pk>/bearbeiten/", concerns.concern_edit, name="concern_edit"),
    path("anliegen/<int:pk>/uebernehmen/", concerns.concern_take_over, name="concern_take_over"),
    path("anliegen/<int:pk>/schritt/", concerns.concern_step, name="concern_step"),
    path("anliegen/<int:pk>/veroeffentlichen/", concerns.concern_publish, name="concern_publish"),
    path("anliegen/<int:pk>/nicht-mehr-zeigen/", concerns.concern_unpublish, name="concern_unpublish"),
    path("anliegen/<int:pk>/loeschen/", concerns.concern_delete, name="concern_delete"),
    path("anliegen/stand/<uuid:status_key>/", public_concerns.concern_status, name="concern_status"),
    path("anliegen/stand/<uuid:status_key>/danke/", public_concerns.concern_thanks, name="concern_thanks"),
    path("orte/<slug:slug>/", public_concerns.town_page, name="town_page"),
    path("orte/<slug:slug>/barriere-melden/", public_concerns.concern_report, name="concern_report"),
]
