from django.urls import path

from mediators.people import views

urlpatterns = [
    path("kommunen/<slug:slug>/bestellung/neu/", views.appointment_create, name="appointment_create"),
    path("assistenz/", views.assistance_list, name="assistance_list"),
    path("assistenz/neu/", views.assistance_create, name="assistance_create"),
    path("assistenz/<int:pk>/beenden/", views.assistance_end, name="assistance_end"),
    path("bestellungen/<int:pk>/", views.appointment_edit, name="appointment_edit"),
]
