from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from activities.api import api
from activities.views import api_clients, log

# Its requests carry a token, not a session; `api-root` would be one address more, with nothing behind it.
api_addresses = [pattern for pattern in api.urls[0] if pattern.name != "api-root"]
for pattern in api_addresses:
    login_not_required(pattern.callback)
from activities.views import finding, imports

urlpatterns = [
    path("aktivitaeten/", finding.activity_list, name="activity_list"),
    path("aktivitaeten/alle/", finding.all_activity_list, name="all_activity_list"),
    path("aktivitaeten/export/", finding.activity_export, name="activity_export"),
    path("aktivitaeten/filter/", finding.saved_filter_list, name="saved_filter_list"),
    path("aktivitaeten/filter/neu/", finding.saved_filter_create, name="saved_filter_create"),
    path("aktivitaeten/filter/<int:pk>/loeschen/", finding.saved_filter_delete, name="saved_filter_delete"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        finding.municipality_activity_list,
        name="municipality_activity_list",
    ),
    path("zugaenge/", api_clients.api_client_list, name="api_client_list"),
    path("landkreise/<slug:key>/zugaenge/neu/", api_clients.api_client_create, name="api_client_create"),
    path("zugaenge/<int:pk>/widerrufen/", api_clients.api_client_revoke, name="api_client_revoke"),
    path("api/v1/openapi.json", api_clients.api_openapi, name="api_openapi"),
    path("api/v1/", include(api_addresses)),
    path("aktivitaeten/einlesen/", imports.import_list, name="import_list"),
    path("aktivitaeten/einlesen/vorlage/", imports.import_template, name="import_template"),
    path("aktivitaeten/einlesen/<int:pk>/", imports.import_detail, name="import_detail"),
    path("aktivitaeten/einlesen/<int:pk>/spalten/", imports.import_columns, name="import_columns"),
    path("aktivitaeten/einlesen/<int:pk>/woerter/", imports.import_words, name="import_words"),
    path("aktivitaeten/einlesen/<int:pk>/stand/", imports.import_progress, name="import_progress"),
    path("aktivitaeten/einlesen/<int:pk>/pruefen/", imports.import_check, name="import_check"),
    path("aktivitaeten/einlesen/<int:pk>/uebernehmen/", imports.import_store, name="import_store"),
    path("aktivitaeten/einlesen/<int:pk>/abbrechen/", imports.import_cancel, name="import_cancel"),
    path("aktivitaeten/einlesen/<int:pk>/ergebnis/", imports.import_marked, name="import_marked"),
    path("aktivitaeten/einlesen/<int:pk>/loeschen/", imports.import_delete, name="import_delete"),
]
