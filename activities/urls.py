from django.urls import include, path

from activities.attachments import views as attachments
from activities.concerns import office_views as offices
from activities.concerns import public_views as public_concerns
from activities.concerns import reporter_views as reporter
from activities.concerns import views as concerns
from activities.imports import answer_views as imports_rows
from activities.imports import views as imports
from activities.interface import views as api_clients
from activities.interface.api import api_addresses
from activities.log import (
    assistance_views as assistance,
)
from activities.log import (
    correction_views as corrections,
)
from activities.log import (
    follow_up_views as follow_ups,
)
from activities.log import (
    views as log,
)
from activities.offline import views as offline
from activities.search import printing
from activities.search import views as search
from activities.series import views as series
from activities.trash import views as trash

urlpatterns = [
    path("aktivitaeten/", search.activity_list, name="activity_list"),
    path("aktivitaeten/alle/", search.all_activity_list, name="all_activity_list"),
    path("aktivitaeten/export/", search.activity_export, name="activity_export"),
    path("aktivitaeten/drucken/", printing.activity_print, name="activity_print"),
    path("aktivitaeten/filter/", search.saved_filter_list, name="saved_filter_list"),
    path("aktivitaeten/filter/neu/", search.saved_filter_create, name="saved_filter_create"),
    path("aktivitaeten/filter/<int:pk>/loeschen/", search.saved_filter_delete, name="saved_filter_delete"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/als-reihe/", series.series_create, name="series_create"),
    path("reihen/", series.series_list, name="series_list"),
    path("reihen/<int:pk>/", series.series_edit, name="series_edit"),
    path("reihen/<int:pk>/<str:day>/", series.series_answer, name="series_answer"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path("aktivitaeten/<int:pk>/erledigt/", follow_ups.follow_up_done, name="activity_follow_up_done"),
    path("aktivitaeten/<int:pk>/berichtigung/", corrections.activity_correct, name="activity_correct"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        search.municipality_activity_list,
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
    path("aktivitaeten/einlesen/<int:pk>/zeilen/", imports_rows.import_answer, name="import_answer"),
    path("aktivitaeten/einlesen/<int:pk>/fragen/", imports_rows.import_answer_all, name="import_answer_all"),
    path("aktivitaeten/einlesen/<int:pk>/uebernehmen/", imports.import_store, name="import_store"),
    path("aktivitaeten/einlesen/<int:pk>/abbrechen/", imports.import_cancel, name="import_cancel"),
    path("aktivitaeten/einlesen/<int:pk>/ergebnis/", imports.import_marked, name="import_marked"),
    path("aktivitaeten/einlesen/<int:pk>/loeschen/", imports.import_delete, name="import_delete"),
    path("aktivitaeten/senden/", offline.activity_send, name="activity_send"),
    path("unterwegs/", offline.shell, name="offline"),
    path("unterwegs/daten/", offline.offline_data, name="offline_data"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("app.webmanifest", offline.manifest, name="manifest"),
    path("im-auftrag/", assistance.assistance_given, name="assistance_given"),
    path("aktivitaeten/<int:pk>/fotos/neu/", attachments.activity_photo_add, name="activity_photo_add"),
    path("aktivitaeten/fotos/<int:pk>/", attachments.activity_photo_image, name="activity_photo_image"),
    path(
        "aktivitaeten/fotos/<int:pk>/vorschau/",
        attachments.activity_photo_preview,
        name="activity_photo_preview",
    ),
    path(
        "aktivitaeten/fotos/<int:pk>/beschreiben/",
        attachments.activity_photo_edit,
        name="activity_photo_edit",
    ),
    path(
        "aktivitaeten/fotos/<int:pk>/entfernen/",
        attachments.activity_photo_remove,
        name="activity_photo_remove",
    ),
    path(
        "aktivitaeten/<int:pk>/dokumente/neu/",
        attachments.activity_document_add,
        name="activity_document_add",
    ),
    path("aktivitaeten/dokumente/<int:pk>/", attachments.activity_document, name="activity_document"),
    path(
        "aktivitaeten/dokumente/<int:pk>/entfernen/",
        attachments.activity_document_remove,
        name="activity_document_remove",
    ),
    path("anliegen/<int:pk>/fotos/neu/", attachments.concern_photo_add, name="concern_photo_add"),
    path("anliegen/fotos/<int:pk>/", attachments.concern_photo_image, name="concern_photo_image"),
    path(
        "anliegen/fotos/<int:pk>/vorschau/", attachments.concern_photo_preview, name="concern_photo_preview"
    ),
    path("anliegen/fotos/<int:pk>/beschreiben/", attachments.concern_photo_edit, name="concern_photo_edit"),
    path("anliegen/fotos/<int:pk>/entfernen/", attachments.concern_photo_remove, name="concern_photo_remove"),
    path("anliegen/", concerns.concern_list, name="concern_list"),
    path("anliegen/tafel/", concerns.concern_board, name="concern_board"),
    path("anliegen/neu/", concerns.concern_create, name="concern_create"),
    path("anliegen/<int:pk>/", concerns.concern_detail, name="concern_detail"),
    path("anliegen/<int:pk>/bearbeiten/", concerns.concern_edit, name="concern_edit"),
    path("anliegen/<int:pk>/uebernehmen/", concerns.concern_take_over, name="concern_take_over"),
    path("anliegen/<int:pk>/schritt/", concerns.concern_step, name="concern_step"),
    path("anliegen/<int:pk>/veroeffentlichen/", concerns.concern_publish, name="concern_publish"),
    path("anliegen/<int:pk>/nicht-mehr-zeigen/", concerns.concern_unpublish, name="concern_unpublish"),
    path("anliegen/<int:pk>/loeschen/", concerns.concern_delete, name="concern_delete"),
    path("anliegen/<int:pk>/stelle-erinnern/", offices.office_remind, name="office_remind"),
    path(
        "anliegen/nachrichten/<int:pk>/entfernen/",
        concerns.reporter_text_remove,
        name="reporter_text_remove",
    ),
    path("stellen/", offices.office_list, name="office_list"),
    path("stellen/<int:pk>/", offices.office_edit, name="office_edit"),
    path("anliegen/stand/<uuid:status_key>/", reporter.concern_status, name="concern_status"),
    path("anliegen/stand/<uuid:status_key>/danke/", reporter.concern_thanks, name="concern_thanks"),
    path("anliegen/stand/<uuid:status_key>/ergaenzen/", reporter.concern_say_more, name="concern_say_more"),
    path(
        "anliegen/stand/<uuid:status_key>/zurueckziehen/", reporter.concern_withdraw, name="concern_withdraw"
    ),
    path("anliegen/stand/<uuid:status_key>/gut-so/", reporter.concern_answer, name="concern_answer"),
    path(
        "anliegen/stand/<uuid:status_key>/adresse-loeschen/",
        reporter.concern_forget_address,
        name="concern_forget_address",
    ),
    path("papierkorb/", trash.trash_list, name="trash_list"),
    path("papierkorb/<int:pk>/zurueckholen/", trash.trash_restore, name="trash_restore"),
    path("papierkorb/<int:pk>/endgueltig-loeschen/", trash.trash_delete, name="trash_delete"),
    path("orte/<slug:slug>/", public_concerns.town_page, name="town_page"),
    path(
        "orte/<slug:slug>/fotos/<int:pk>.jpg",
        public_concerns.public_concern_photo,
        name="public_concern_photo",
    ),
    path("orte/<slug:slug>/barriere-melden/", public_concerns.concern_report, name="concern_report"),
]
