from django.urls import include, path

urlpatterns = [
    path("", include("home.urls")),
    path("", include("kiv_portal.accounts.urls")),
    path("", include("municipalities.urls")),
    path("", include("mediators.urls")),
    path("", include("activities.urls")),
    path("", include("reports.urls")),
]
