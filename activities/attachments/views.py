"""Photos and documents: added, described, removed, and handed out to those who may see the entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from activities.attachments import services as attachments
from activities.attachments.forms import ConcernPhotoForm, DocumentForm, PhotoForm, PhotoTextForm
from activities.attachments.models import ActivityDocument, ActivityPhoto, ConcernPhoto
from activities.attachments.sections import AnyPhoto, file_url
from activities.attachments.services import EntryLocked
from activities.concerns.models import Concern
from activities.log.models import Activity
from activities.log.views import get_activity
from activities.trash.models import TrashItem, TrashKind
from activities.trash.undo import tell_deleted, told_already
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.documents.errors import FileRefused
from kiv_portal.downloads import content_disposition
from kiv_portal.uploads.kept import UploadKeeper

EDIT = "Foto bearbeiten"


# --- adding


def activity_photo_add(request: SignedInRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk, perm="activities.change_activity")
    if refused := _locked(request, activity):
        return refused

    def store(form: PhotoForm) -> None:
        attachments.add_activity_photo(
            activity,
            form.cleaned_data["file"].read(),
            **form.description,
            by=request.user,
            entry_key=form.cleaned_data["entry_key"],
        )

    form = PhotoForm(
        request.POST or restore_unsaved(request), request.FILES or None, keeper=UploadKeeper(request)
    )
    return _add(request, form, store, activity, "Foto hinzufügen", "Das Foto ist gespeichert.")


def concern_photo_add(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user), pk=pk)

    def store(form: ConcernPhotoForm) -> None:
        attachments.add_concern_photo(
            concern,
            form.cleaned_data["file"].read(),
            moment=form.cleaned_data["moment"],
            **form.description,
            by=request.user,
            entry_key=form.cleaned_data["entry_key"],
        )

    form = ConcernPhotoForm(
        request.POST or restore_unsaved(request), request.FILES or None, keeper=UploadKeeper(request)
    )
    return _add(request, form, store, concern, "Foto hinzufügen", "Das Foto ist gespeichert.")


def activity_document_add(request: SignedInRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk, perm="activities.change_activity")
    if refused := _locked(request, activity):
        return refused

    def store(form: DocumentForm) -> None:
        attachments.add_activity_document(
            activity,
            form.cleaned_data["file"].read(),
            name=form.cleaned_data["name"],
            is_receipt=form.cleaned_data["is_receipt"],
            by=request.user,
        )

    form = DocumentForm(
        request.POST or restore_unsaved(request), request.FILES or None, keeper=UploadKeeper(request)
    )
    return _add(request, form, store, activity, "Dokument hinzufügen", "Das Dokument ist gespeichert.")


def _add(
    request: SignedInRequest,
    form: Any,
    store: Callable[[Any], None],
    entry: Activity | Concern,
    title: str,
    success: str,
) -> HttpResponse:
    """What was typed stays on the page when the file is refused, and the file when something else is."""
    if request.method == "POST" and form.is_valid():
        try:
            store(form)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        except EntryLocked as locked:
            form.add_error(None, str(locked))
        else:
            messages.success(request, success)
            return redirect(_page_of(entry))
    form.keep_files()
    return _form_page(request, form, entry, title)


# --- describing


def activity_photo_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    photo = _photo_to_change(request, pk)
    is_locked = photo.is_described and _locked(request, photo.activity)
    return is_locked or _edit(request, photo, photo.activity)


def concern_photo_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    photo = get_object_or_404(ConcernPhoto.objects.visible_to(request.user), pk=pk)
    return _edit(request, photo, photo.concern)


def _edit(request: SignedInRequest, photo: AnyPhoto, entry: Activity | Concern) -> HttpResponse:
    if "turn" in request.POST:
        return _turn(request, photo, entry)
    stored = {"alt_text": photo.alt_text, "is_decorative": photo.is_decorative}
    form = PhotoTextForm(request.POST or restore_unsaved(request), initial=stored)
    if request.method == "POST" and form.is_valid():
        try:
            attachments.describe_photo(photo, **form.description)
        except EntryLocked as locked:
            form.add_error(None, str(locked))
        else:
            messages.success(request, "Die Beschreibung ist gespeichert.")
            return redirect(_page_of(entry))
    return _form_page(request, form, entry, EDIT, photo)


def _turn(request: SignedInRequest, photo: AnyPhoto, entry: Activity | Concern) -> HttpResponse:
    """The page again, with the turned photo and what was typed below it."""
    typed = PhotoTextForm(
        initial={name: request.POST.get(name, "") for name in ("alt_text", "is_decorative")}
    )
    try:
        attachments.turn_photo(
            photo, clockwise=request.POST["turn"] == "right", seen=request.POST.get("seen", "")
        )
    except EntryLocked as locked:
        messages.error(request, str(locked))
        return redirect(_page_of(entry))
    return _form_page(request, typed, entry, EDIT, photo)


# --- removing


@require_POST
def activity_photo_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    if told := told_already(request, TrashKind.ACTIVITY_PHOTO, pk, TrashItem.get_absolute_url):
        return told
    photo = _photo_to_change(request, pk)
    return _remove(request, photo, photo.activity)


@require_POST
def concern_photo_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    if told := told_already(request, TrashKind.CONCERN_PHOTO, pk, TrashItem.get_absolute_url):
        return told
    photo = get_object_or_404(ConcernPhoto.objects.visible_to(request.user), pk=pk)
    return _remove(request, photo, photo.concern)


@require_POST
def activity_document_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    if told := told_already(request, TrashKind.ACTIVITY_DOCUMENT, pk, TrashItem.get_absolute_url):
        return told
    document = get_object_or_404(ActivityDocument.objects.visible_to(request.user), pk=pk)
    document.activity = get_activity(request, document.activity_id, perm="activities.change_activity")
    return _remove(request, document, document.activity)


def _remove(
    request: SignedInRequest, row: AnyPhoto | ActivityDocument, entry: Activity | Concern
) -> HttpResponse:
    """Asks nothing: it goes into the bin, and comes back as easily."""
    try:
        tell_deleted(request, attachments.remove(row, by=request.user))
    except EntryLocked as locked:
        messages.error(request, str(locked))
    return redirect(_page_of(entry))


# --- handing out


@require_GET
def activity_photo_image(request: SignedInRequest, pk: int) -> FileResponse:
    return handed_out(get_object_or_404(ActivityPhoto.objects.visible_to(request.user), pk=pk).image)


@require_GET
def activity_photo_preview(request: SignedInRequest, pk: int) -> FileResponse:
    return handed_out(get_object_or_404(ActivityPhoto.objects.visible_to(request.user), pk=pk).preview)


@require_GET
def concern_photo_image(request: SignedInRequest, pk: int) -> FileResponse:
    return handed_out(get_object_or_404(ConcernPhoto.objects.visible_to(request.user), pk=pk).image)


@require_GET
def concern_photo_preview(request: SignedInRequest, pk: int) -> FileResponse:
    return handed_out(get_object_or_404(ConcernPhoto.objects.visible_to(request.user), pk=pk).preview)


@require_GET
def activity_document(request: SignedInRequest, pk: int) -> FileResponse:
    document = get_object_or_404(ActivityDocument.objects.visible_to(request.user), pk=pk)
    response = FileResponse(_opened(document.file), content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(f"{document.name}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def handed_out(file: FieldFile) -> FileResponse:
    """A file of ours never changes: the browser may keep it until the sign-out, which empties its cache."""
    response = FileResponse(_opened(file), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _opened(file: FieldFile) -> Any:
    try:
        return file.open("rb")
    except FileNotFoundError as error:  # somebody has just removed it
        raise Http404 from error


# --- the row, for whom it is


def _photo_to_change(request: SignedInRequest, pk: int) -> ActivityPhoto:
    photo = get_object_or_404(ActivityPhoto.objects.visible_to(request.user), pk=pk)
    photo.activity = get_activity(request, photo.activity_id, perm="activities.change_activity")
    return photo


def _locked(request: SignedInRequest, activity: Activity) -> HttpResponse | None:
    """A form that was open when the report was submitted still arrives at the service, and keeps its text."""
    closed = activity.closed_by()
    if closed is None or request.method == "POST":
        return None
    messages.error(request, closed.sentence)
    return redirect("activity_detail", pk=activity.pk)


def _page_of(entry: Activity | Concern) -> str:
    return reverse("activity_detail" if isinstance(entry, Activity) else "concern_detail", args=[entry.pk])


def _around(entry: Activity | Concern) -> dict[str, Any]:
    return {"entry": entry, "entry_url": _page_of(entry)}


def _form_page(
    request: SignedInRequest, form: Any, entry: Activity | Concern, title: str, photo: AnyPhoto | None = None
) -> HttpResponse:
    context = _around(entry) | {
        "form": form,
        "title": title,
        "photo": photo,
        "preview_url": file_url(photo, "image") if photo else "",
        "can_turn": bool(photo) and not (isinstance(entry, Activity) and entry.closed_by()),
    }
    return render(request, "activities/attachments/form.html", context)
