from django.urls import path

from reports import views

urlpatterns = [
    path("berichte/", views.report_list, name="report_list"),
    path("berichte/<int:pk>/", views.report_detail, name="report_detail"),
    path("berichte/<int:pk>/stand/", views.report_progress, name="report_progress"),
    path("berichte/<int:pk>/texte/<slug:key>/", views.report_section, name="report_section"),
    path("berichte/<int:pk>/sitzung/", views.report_paper, name="report_paper"),
    path("berichte/<int:pk>/abschliessen/", views.report_submit, name="report_submit"),
    path("berichte/<int:pk>/freigeben/", views.report_release, name="report_release"),
    path("berichte/<int:pk>/zurueckholen/", views.report_reopen, name="report_reopen"),
    path("berichte/<int:pk>/loeschen/", views.report_delete, name="report_delete"),
    path("berichte/<int:pk>/erstellen/", views.report_build, name="report_build"),
    path("berichte/ausgaben/<int:pk>/pdf/", views.edition_download, name="edition_download"),
    path("kommunen/<slug:slug>/bericht-anlegen/", views.report_create, name="report_create"),
]
