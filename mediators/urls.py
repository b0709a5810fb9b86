from django.urls import path

from mediators.people import views
from mediators.reach import views as reach

urlpatterns = [
    path("kommunen/<slug:slug>/bestellung/neu/", views.appointment_create, name="appointment_create"),
    path("assistenz/", views.assistance_list, name="assistance_list"),
    path("assistenz/neu/", views.assistance_create, name="assistance_create"),
    path("assistenz/<int:pk>/beenden/", views.assistance_end, name="assistance_end"),
    path("bestellungen/<int:pk>/", views.appointment_edit, name="appointment_edit"),
    path("kommunen/<slug:slug>/erreichbarkeit/", reach.reach_overview, name="reach_overview"),
    path("kommunen/<slug:slug>/erreichbarkeit/adressen/", reach.reach_addresses, name="reach_addresses"),
    path("kommunen/<slug:slug>/erreichbarkeit/raum/", reach.meeting_room_create, name="meeting_room_create"),
    path(
        "kommunen/<slug:slug>/erreichbarkeit/sprechstunde/",
        reach.visiting_hours_create,
        name="visiting_hours_create",
    ),
    path("raeume/<int:pk>/", reach.meeting_room_edit, name="meeting_room_edit"),
    path("raeume/<int:pk>/loeschen/", reach.meeting_room_delete, name="meeting_room_delete"),
    path("sprechstunden/<int:pk>/", reach.visiting_hours_edit, name="visiting_hours_edit"),
    path("sprechstunden/<int:pk>/loeschen/", reach.visiting_hours_delete, name="visiting_hours_delete"),
    path("sprechstunden/<int:pk>/termine/", reach.visiting_dates, name="visiting_dates"),
    path("sprechstunden/<int:pk>/termine/<str:day>/", reach.visiting_date, name="visiting_date"),
    path("orte/<slug:slug>/sprechstunden.ics", reach.visiting_feed, name="visiting_feed"),
]
