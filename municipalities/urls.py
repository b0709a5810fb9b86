from django.urls import path

from municipalities.agreements import views as agreements
from municipalities.towns import views

urlpatterns = [
    path("koordination/", views.staff_list, name="staff_list"),
    path("koordination/<int:pk>/", views.staff_edit, name="staff_edit"),
    path("koordination/<int:pk>/einladung/", views.staff_invite_again, name="staff_invite_again"),
    path("landkreise/<slug:key>/erreichbarkeit/", views.county_reach, name="county_reach"),
    path("landkreise/<slug:key>/koordination/neu/", views.staff_invite, name="staff_invite"),
    path("landkreise/<slug:key>/kommune/neu/", agreements.town_join, name="town_join"),
    path("kommunen/<slug:slug>/stammdaten/", views.town_edit, name="town_edit"),
    path("kommunen/<slug:slug>/vereinbarung/neu/", agreements.agreement_create, name="agreement_create"),
    path("vereinbarungen/<int:pk>/", agreements.agreement_edit, name="agreement_edit"),
    path("kommunen/<slug:slug>/ansprechperson/neu/", views.contact_invite, name="contact_invite"),
    path("ansprechpersonen/<int:pk>/", views.contact_edit, name="contact_edit"),
    path("kommunen/<slug:slug>/gemeinderat/neu/", views.councillor_invite, name="councillor_invite"),
    path("gemeinderat/<int:pk>/", views.councillor_edit, name="councillor_edit"),
]
