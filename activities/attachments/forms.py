from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from activities.attachments.models import BOTH, PhotoMoment
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import one_visible_line
from kiv_portal.uploads import pdf as document
from kiv_portal.uploads import photo
from kiv_portal.uploads.kept import CheckedFileField, KeptFileInput, KeptFilesMixin

LONGEST_NAME = 150
DESCRIBE = "Bitte schreiben Sie, was auf dem Foto zu sehen ist, oder sagen Sie, dass es nur schmückt."
WHICH_PHOTOS = "JPEG, PNG, WebP oder HEIC, höchstens 15 Megabyte. Ort und Kamera entfernt das Portal."
MAY_FOLLOW = "Ein Satz für Menschen, die das Foto nicht sehen. Bitte keine Namen. Er kann auch später folgen."
DESCRIBED_ONLY = "Sie haben ein Foto beschrieben. Bitte wählen Sie es aus, oder löschen Sie die Beschreibung."


class LimitedFileField(CheckedFileField):
    """A file up to `most_bytes`; what is in it is judged when it is put aside or stored."""

    control: ClassVar[dict[str, Any]] = {}

    def __init__(self, *, most_bytes: int, too_heavy: str, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=KeptFileInput(attrs={"accept": accept} | self.control), **kwargs)
        self.most_bytes, self.too_heavy = most_bytes, too_heavy

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > self.most_bytes:
            raise ValidationError(self.too_heavy)
        return super().to_python(data)


def _photo_to_keep(data: bytes) -> bytes:
    """Written anew already: what lies on the disk knows no place and no camera."""
    return photo.read_photo(data).image


def _document_to_keep(data: bytes) -> bytes:
    document.check_document(data)
    return data


class PhotoField(LimitedFileField):
    control: ClassVar = {"data-camera": True}

    def __init__(self, *, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(
            label="Foto",
            check=_photo_to_keep,
            most_bytes=photo.MAX_BYTES,
            too_heavy=photo.TOO_HEAVY,
            accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif",
            help_text=f"{help_text} {WHICH_PHOTOS}".strip(),
            error_messages={"required": "Bitte wählen Sie ein Foto.", "empty": photo.EMPTY},
            **kwargs,
        )


def alt_text_field(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Was ist auf dem Foto zu sehen?",
        max_length=300,
        required=False,
        validators=[one_visible_line],
        help_text=help_text,
    )


class PhotoTextForm(PrivacyMixin, forms.Form):
    """What is to be seen on a photo."""

    public_texts = ("alt_text",)
    is_needed_now = True

    alt_text = alt_text_field("Ein Satz für Menschen, die das Foto nicht sehen. Bitte keine Namen.")
    is_decorative = forms.BooleanField(label="Das Foto schmückt nur", required=False)

    mark_optional = False  # one of the two is needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "alt_text" in self.errors:
            return cleaned
        if cleaned.get("is_decorative") and cleaned.get("alt_text"):
            self.add_error("is_decorative", BOTH)
        elif self.is_needed_now and not cleaned.get("is_decorative") and not cleaned.get("alt_text"):
            self.add_error("alt_text", DESCRIBE)
        return cleaned

    @property
    def description(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("alt_text", "is_decorative")}


class PhotoForm(KeptFilesMixin, PhotoTextForm):
    is_needed_now = False
    mark_optional = True

    file = PhotoField()
    alt_text = alt_text_field(MAY_FOLLOW)
    entry_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ("file", "moment", "alt_text", "is_decorative")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("entry_key", uuid.uuid4())


class ConcernPhotoForm(PhotoForm):
    moment = forms.ChoiceField(
        label="Wann ist das Foto entstanden?",
        choices=[(PhotoMoment.BEFORE, "vorher"), (PhotoMoment.AFTER, "nachher, also nach der Änderung")],
        widget=forms.RadioSelect,
        initial=PhotoMoment.BEFORE,
        error_messages={"required": "Bitte wählen Sie, ob das Foto vorher oder nachher zeigt."},
    )


class DocumentForm(KeptFilesMixin, forms.Form):
    file = LimitedFileField(
        label="Dokument",
        check=_document_to_keep,
        most_bytes=document.MAX_BYTES,
        too_heavy=document.TOO_HEAVY,
        accept="application/pdf,.pdf",
        help_text="Ein PDF, höchstens 15 Megabyte.",
        error_messages={"required": "Bitte wählen Sie ein Dokument.", "empty": document.EMPTY},
    )
    name = forms.CharField(
        label="Name des Dokuments",
        max_length=LONGEST_NAME,
        required=False,
        validators=[one_visible_line],
        help_text="Zum Beispiel „Stellungnahme zum Spielplatz“. Leer heißt: der Name der Datei.",
    )
    is_receipt = forms.BooleanField(
        label="Das ist ein Beleg für Auslagen",
        required=False,
        help_text="Einen Beleg sehen nur Sie, wer für Sie einträgt, und das Landratsamt.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("file") and not cleaned.get("name"):
            cleaned["name"] = _readable_name(cleaned["file"].name)
        return cleaned


def _readable_name(filename: str) -> str:
    stem = "".join(sign for sign in PurePath(filename).stem if sign.isprintable()).replace("_", " ").strip()
    return stem[:LONGEST_NAME] or "Dokument"
