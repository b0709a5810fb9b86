from django.urls import path

from activities import views

urlpatterns = [
    path("aktivitaeten/", views.activity_list, name="activity_list"),
    path("aktivitaeten/neu/", views.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", views.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", views.activity_delete, name="activity_delete"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        views.municipality_activity_list,
        name="municipality_activity_list",
    ),
]
