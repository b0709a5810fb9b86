from django.urls import path

from municipalities.agreements import views as agreements
from municipalities.legal import views as legal
from municipalities.programme import views as programme
from municipalities.towns import views

urlpatterns = [
    path("koordination/", views.staff_list, name="staff_list"),
    path("koordination/<int:pk>/", views.staff_edit, name="staff_edit"),
    path("koordination/<int:pk>/einladung/", views.staff_invite_again, name="staff_invite_again"),
    path("landkreise/<slug:key>/erreichbarkeit/", views.county_reach, name="county_reach"),
    path("landkreise/<slug:key>/rechtstexte/", legal.legal_texts, name="legal_texts"),
    path(
        "landkreise/<slug:key>/rechtstexte/barrierefreiheit/",
        legal.accessibility_edit,
        name="accessibility_edit",
    ),
    path("landkreise/<slug:key>/rechtstexte/<slug:name>/", legal.legal_text_edit, name="legal_text_edit"),
    path("landkreise/<slug:key>/arten/", programme.kind_list, name="kind_list"),
    path("arten/<int:pk>/", programme.kind_edit, name="kind_edit"),
    path("arten/<int:pk>/verschieben/", programme.kind_move, name="kind_move"),
    path("arten/<int:pk>/loeschen/", programme.kind_delete, name="kind_delete"),
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
