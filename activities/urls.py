from django.urls import path

from activities.views import corrections, follow_ups, log

urlpatterns = [
    path("aktivitaeten/", log.activity_list, name="activity_list"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path("aktivitaeten/<int:pk>/erledigt/", follow_ups.follow_up_done, name="activity_follow_up_done"),
    path("aktivitaeten/<int:pk>/berichtigung/", corrections.activity_correct, name="activity_correct"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        log.municipality_activity_list,
        name="municipality_activity_list",
    ),
]
