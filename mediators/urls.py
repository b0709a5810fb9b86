from django.urls import path

from mediators import views

urlpatterns = [
    path("kommunen/<slug:slug>/bestellung/neu/", views.appointment_create, name="appointment_create"),
    path("bestellungen/<int:pk>/", views.appointment_edit, name="appointment_edit"),
]
