from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from activities.api import api
from activities.views import api_clients, log

# Its requests carry a token, not a session; `api-root` would be one address more, with nothing behind it.
api_addresses = [pattern for pattern in api.urls[0] if pattern.name != "api-root"]
for pattern in api_addresses:
    login_not_required(pattern.callback)

urlpatterns = [
    path("aktivitaeten/", log.activity_list, name="activity_list"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        log.municipality_activity_list,
        name="municipality_activity_list",
    ),
    path("zugaenge/", api_clients.api_client_list, name="api_client_list"),
    path("landkreise/<slug:key>/zugaenge/neu/", api_clients.api_client_create, name="api_client_create"),
    path("zugaenge/<int:pk>/widerrufen/", api_clients.api_client_revoke, name="api_client_revoke"),
    path("api/v1/openapi.json", api_clients.api_openapi, name="api_openapi"),
    path("api/v1/", include(api_addresses)),
]
