"""The form of a new activity: the entry, and the photo that was taken of it on the way."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from activities.attachments.forms import DESCRIBED_ONLY, MAY_FOLLOW, PhotoField, alt_text_field
from activities.attachments.models import ActivityPhoto
from activities.attachments.services import add_photo_of_new_entry
from activities.log.fields import GUARDED, Part, form_order
from activities.log.forms import ActivityForm
from activities.log.models import Activity
from kiv_portal.accounts.models import User
from kiv_portal.uploads.kept import KeptFilesMixin
from kiv_portal.uploads.photo import PhotoRefused, ReadPhoto, read_photo


class NewEntryForm(KeptFilesMixin, ActivityForm):
    """`stored_photo` is what came with the entry, once it is stored."""

    public_texts = (*GUARDED, "photo_alt")
    stored_photo: ActivityPhoto | None = None

    photo = PhotoField(required=False)
    photo_alt = alt_text_field(MAY_FOLLOW)

    field_order = (*form_order(Part.QUICK), "photo", "photo_alt", *form_order())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("photo_alt") and not cleaned.get("photo") and "photo" not in self.errors:
            self.add_error("photo", DESCRIBED_ONLY)
        return cleaned

    def store_with_photo(self, *, by: User) -> bool:
        """Both or nothing; a photo that is none is told before the entry is stored without it."""
        read = self._read_photo()
        if "photo" in self.errors:
            return False
        with transaction.atomic():
            is_stored = self.store()
            if is_stored and read:
                # not `instance`: sent twice, that is not the one of the table
                entry = Activity.objects.get(entry_key=self.instance.entry_key)
                self.stored_photo = add_photo_of_new_entry(
                    entry, read, alt_text=self.cleaned_data["photo_alt"], by=by
                )
        return is_stored

    def _read_photo(self) -> ReadPhoto | None:
        if not (self.is_valid() and self.cleaned_data["photo"]):
            return None
        try:
            return read_photo(self.cleaned_data["photo"].read())
        except PhotoRefused as refused:
            self.add_error("photo", str(refused))
            return None
