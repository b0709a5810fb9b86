from django.urls import path

from activities.views import log, offline

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
    path("aktivitaeten/senden/", offline.activity_send, name="activity_send"),
    path("unterwegs/", offline.shell, name="offline"),
    path("unterwegs/daten/", offline.offline_data, name="offline_data"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("app.webmanifest", offline.manifest, name="manifest"),
]
