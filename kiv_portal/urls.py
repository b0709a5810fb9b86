from django.urls import include, path

urlpatterns = [
    path("", include("kiv_portal.accounts.urls")),
]
