from django.urls import path

from municipalities import views

urlpatterns = [
    path("kommunen/<slug:slug>/vereinbarung/neu/", views.agreement_create, name="agreement_create"),
    path("vereinbarungen/<int:pk>/", views.agreement_edit, name="agreement_edit"),
    path("kommunen/<slug:slug>/ansprechperson/neu/", views.contact_invite, name="contact_invite"),
    path("ansprechpersonen/<int:pk>/", views.contact_edit, name="contact_edit"),
    path("kommunen/<slug:slug>/gemeinderat/neu/", views.councillor_invite, name="councillor_invite"),
    path("gemeinderat/<int:pk>/", views.councillor_edit, name="councillor_edit"),
]
