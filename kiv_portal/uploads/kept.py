"""A file that came with a form survives the questions about the rest of it: browsers give no file twice.

It is checked, put aside, and named in the page by a signed word that holds for a day, for one person and one address
only. Nobody is ever handed it; it is only used when that form comes again. It needs no row: whoever sends the form is
asked for the word, and the sweep (home/stored_files.py) takes the file after a day.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from kiv_portal.documents.errors import FileRefused

FOLDER = "keptupload"
OF_NOBODY, OF_PEOPLE = (
    f"{FOLDER}/nobody",
    f"{FOLDER}/people",
)  # a flood from outside takes no room from the people
SALT = "kiv_portal.uploads.kept"
SECONDS = 24 * 3600
MOST_FILES = 300  # in each of the two
LONGEST_NAME = 100
KEPT, REMOVED = "-kept", "-removed"  # behind the name of the file's field

GONE = "Die Datei ist nicht mehr da. Bitte wählen Sie sie noch einmal."
CHOOSE_AGAIN = "Ihr Browser hat die Datei nicht behalten. Bitte wählen Sie sie noch einmal."


class KeptUpload(UploadedFile):
    """A file that was put aside, as if it had just been sent."""

    def __init__(self, content: bytes, *, name: str, token: str) -> None:
        super().__init__(io.BytesIO(content), name, size=len(content))
        self.token = token


@dataclass(frozen=True)
class UploadKeeper:
    """Of one person at one address; of nobody it is whoever has the page."""

    request: HttpRequest

    def token(self, stored: str, name: str) -> str:
        return signing.dumps([*self._whose(), stored, name], salt=SALT, compress=True)

    def upload(self, token: str) -> KeptUpload | None:
        """None for a word that is somebody else's, of another page, too old or of a file that is gone."""
        try:
            *whose, stored, name = signing.loads(token, salt=SALT, max_age=SECONDS)
            if whose != self._whose():
                return None
            with default_storage.open(stored, "rb") as file:
                return KeptUpload(file.read(), name=name, token=token)
        except (signing.BadSignature, FileNotFoundError):
            return None

    def keep(self, upload: UploadedFile, check: Callable[[bytes], bytes]) -> KeptUpload | None:
        """None where there were too many. Raises FileRefused. The limits come first: checking a file is work."""
        if isinstance(upload, KeptUpload):
            return upload
        if not self._may_keep():
            return None
        upload.seek(0)
        content = check(upload.read())
        stored = default_storage.save(f"{self._folder}/{uuid.uuid4().hex}", ContentFile(content))
        name = _readable(upload.name or "")
        return KeptUpload(content, name=name, token=self.token(stored, name))

    @property
    def _folder(self) -> str:
        return OF_PEOPLE if self.request.user.is_authenticated else OF_NOBODY

    def _whose(self) -> list[Any]:
        return [self.request.user.pk or 0, self.request.path]

    def _may_keep(self) -> bool:
        user = self.request.user
        within_rate = (
            ratelimit.consume(self.request, action="keep_upload", key=str(user.pk))
            if user.is_authenticated
            else ratelimit.consume(self.request, action="keep_upload_of_nobody")
        )
        return bool(within_rate) and _number_in(self._folder) < MOST_FILES


def _number_in(folder: str) -> int:
    try:
        return len(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return 0


def _readable(filename: str) -> str:
    name = "".join(sign for sign in filename if sign.isprintable())
    return name[-LONGEST_NAME:] or "Datei"


class KeptFileInput(forms.FileInput):
    """Says which file is still there, and lets it be taken away (kiv_portal/ui/controls.py writes it)."""

    kept: KeptUpload | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self.kept:
            context["widget"]["kept"] = {
                "name": self.kept.name,
                "token": self.kept.token,
                "token_field": name + KEPT,
                "removed_field": name + REMOVED,
            }
        return context


class CheckedFileField(forms.FileField):
    """`check` takes the bytes and returns those to put aside; it raises FileRefused."""

    widget = KeptFileInput

    def __init__(self, *, check: Callable[[bytes], bytes], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check = check


class KeptFilesMixin(forms.Form):
    """Stands before the form class. The view says who asks (`keeper`), and calls `keep_files` before it shows it."""

    def __init__(self, *args: Any, keeper: UploadKeeper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keeper = keeper
        self._gone: list[str] = []
        files: MultiValueDict[str, UploadedFile] = MultiValueDict(
            dict(self.files.lists()) if self.files else {}
        )
        for name in self._file_fields():
            self._take_kept(name, files)
        self.files = files

    def _file_fields(self) -> dict[str, CheckedFileField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, CheckedFileField)}

    def _take_kept(self, name: str, files: MultiValueDict[str, Any]) -> None:
        field = self.add_prefix(name)
        token = self.data.get(field + KEPT, "")
        if not token or files.get(field) or self.data.get(field + REMOVED):
            return
        if upload := self._keeper.upload(token):
            files[field] = upload
        else:
            self._gone.append(name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self._gone:
            self.errors.pop(name, None)  # "is missing" is not the whole story
            self.add_error(name, GONE)
        return cleaned

    def keep_files(self) -> None:
        """What came with the form and is no mistake is there when it comes again."""
        for name, field in self._file_fields().items():
            upload = self.files.get(self.add_prefix(name))
            if upload and name not in self.errors:
                self._keep(name, field, upload)

    def _keep(self, name: str, field: CheckedFileField, upload: UploadedFile) -> None:
        try:
            kept = self._keeper.keep(upload, field.check)
        except FileRefused as refused:
            self.add_error(name, str(refused))
            return
        if kept is None:
            self.add_error(name, CHOOSE_AGAIN)
        else:
            field.widget.kept = kept
