from django.urls import path

from activities.views import finding, log

urlpatterns = [
    path("aktivitaeten/", finding.activity_list, name="activity_list"),
    path("aktivitaeten/alle/", finding.all_activity_list, name="all_activity_list"),
    path("aktivitaeten/export/", finding.activity_export, name="activity_export"),
    path("aktivitaeten/filter/", finding.saved_filter_list, name="saved_filter_list"),
    path("aktivitaeten/filter/neu/", finding.saved_filter_create, name="saved_filter_create"),
    path("aktivitaeten/filter/<int:pk>/loeschen/", finding.saved_filter_delete, name="saved_filter_delete"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        finding.municipality_activity_list,
        name="municipality_activity_list",
    ),
]
