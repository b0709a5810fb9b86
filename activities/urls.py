from django.urls import path

from activities.views import (
    assistance,
    attachments,
    concerns,
    corrections,
    follow_ups,
    log,
    public_concerns,
)

urlpatterns = [
    path("aktivitaeten/", log.activity_list, name="activity_list"),
    path("aktivitaeten/neu/", log.activity_create, name="activity_create"),
    path("aktivitaeten/<int:pk>/", log.activity_detail, name="activity_detail"),
    path("aktivitaeten/<int:pk>/bearbeiten/", log.activity_edit, name="activity_edit"),
    path("aktivitaeten/<int:pk>/loeschen/", log.activity_delete, name="activity_delete"),
    path("aktivitaeten/<int:pk>/erledigt/", follow_ups.follow_up_done, name="activity_follow_up_done"),
    path("aktivitaeten/<int:pk>/berichtigung/", corrections.activity_correct, name="activity_correct"),
    path(
        "kommunen/<slug:slug>/aktivitaeten/",
        log.municipality_activity_list,
        name="municipality_activity_list",
    ),
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
    path("anliegen/stand/<uuid:status_key>/", public_concerns.concern_status, name="concern_status"),
    path("anliegen/stand/<uuid:status_key>/danke/", public_concerns.concern_thanks, name="concern_thanks"),
    path("orte/<slug:slug>/", public_concerns.town_page, name="town_page"),
    path("orte/<slug:slug>/barriere-melden/", public_concerns.concern_report, name="concern_report"),
]
