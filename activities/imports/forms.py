from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from activities.figures.totals import CROSS_CUTTING
from activities.imports.columns import BY_KEY, TARGETS, folded
from activities.imports.models import ActivityImport
from activities.imports.services import unknown_words
from activities.log.models import ActivityResult
from kiv_portal.uploads.spreadsheet import ENCODINGS, MAX_BYTES, SEPARATORS
from municipalities.programme.queries import programme_of_towns

NOT_TAKEN = "nicht übernehmen"
OPEN = "?"  # nobody has decided yet
HIDDEN = "Diese Spalte ist in Ihrer Tabelle ausgeblendet. Soll sie mit?"
NO_CHOICE = {
    "invalid_choice": "Bitte wählen Sie einen Eintrag aus der Liste.",
    "required": "Bitte wählen Sie etwas aus.",
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Ihre Tabelle",
        help_text="Eine Datei im Format XLSX, ODS oder CSV. Höchstens 10 Megabyte und 20.000 Zeilen.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei aus.",
            "missing": "Bitte wählen Sie eine Datei aus.",
            "invalid": "Bitte wählen Sie eine Datei aus.",
            "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt,.tsv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                "Diese Datei ist größer als 10 Megabyte. Bitte teilen Sie sie auf mehrere Dateien auf."
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of the file means, and what holds where the file says nothing."""

    def __init__(self, *args: Any, imported: ActivityImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.imported = imported
        if imported.kind == "csv":
            self._ask_how_it_is_written()
        for index, column in enumerate(imported.columns):
            self.fields[f"column_{index}"] = self._column(column, imported.targets[index])
        if self._asks_unit():
            self.fields["default_minutes"] = forms.ChoiceField(
                label="Sind die Zahlen in der Spalte „Dauer“ Minuten oder Stunden?",
                choices=[("Minuten", "Minuten"), ("Stunden", "Stunden")],
                initial=imported.defaults.get("minutes", ""),
                required=False,
                widget=forms.RadioSelect,
                error_messages=NO_CHOICE,
                help_text="Es geht um Zahlen ohne Einheit. Steht eine dabei, gilt sie: 1:30, 45 min oder 2 Std.",
            )
        own_towns = list(imported.mediator.towns())
        programme = programme_of_towns(own_towns)
        kinds, fields = programme.kinds.names.items(), programme.fields.names.items()
        self.fields["default_kind"] = self._default("kind", "Art", kinds, "keine")
        self.fields["default_field"] = self._default("field", "Handlungsfeld", fields, "Querschnitt")
        towns = [(str(town.pk), town.name) for town in own_towns]
        if len(towns) > 1:
            self.fields["default_municipality"] = self._default("municipality", "Kommune", towns, "keine")

    def _ask_how_it_is_written(self) -> None:
        self.fields["separator"] = forms.ChoiceField(
            label="Trennzeichen zwischen den Spalten",
            choices=list(SEPARATORS.items()),
            initial=self.imported.separator or ";",
            required=False,
            error_messages=NO_CHOICE,
        )
        self.fields["encoding"] = forms.ChoiceField(
            label="Schrift der Datei",
            choices=list(ENCODINGS.items()),
            initial=self.imported.encoding,
            required=False,
            error_messages=NO_CHOICE,
            help_text="Stimmen die Umlaute nicht? Dann wählen Sie hier eine andere.",
        )

    def _asks_unit(self) -> bool:
        """Whether the chosen column of the duration has numbers that may be both."""
        columns = enumerate(self.imported.columns)
        return any(
            column.get("has_bare_hours") and self[f"column_{index}"].value() == "minutes"
            for index, column in columns
        )

    def _column(self, column: dict[str, Any], target: str) -> forms.ChoiceField:
        samples = " · ".join(column["samples"])
        is_hidden = bool(column.get("is_hidden")) and bool(samples)
        said = f"Darin steht: {samples}" if samples else "Diese Spalte ist leer."
        is_open = is_hidden and not self.imported.runs.exists()
        return forms.ChoiceField(
            label=f"Spalte „{column['header']}“",
            required=False,
            choices=[
                *([(OPEN, "bitte wählen")] if is_open else []),
                ("", NOT_TAKEN),
                *((target.key, target.label) for target in TARGETS),
            ],
            initial=OPEN if is_open else target,
            error_messages=NO_CHOICE,
            help_text=f"{HIDDEN} {said}" if is_hidden else said,
        )

    def _default(self, key: str, label: str, choices: Any, nothing: str) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=f"{label}, wo in der Tabelle nichts steht",
            required=False,
            choices=[("", nothing), *choices],
            initial=self.imported.defaults.get(key, ""),
            error_messages=NO_CHOICE,
        )

    mark_optional = False

    @property
    def columns(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def rest(self) -> list[Any]:
        return [
            self[name] for name in self.fields if name.startswith("default_") and name != "default_minutes"
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for name, target in self._chosen().items():
            if target == OPEN:
                self.add_error(name, "Diese Spalte ist ausgeblendet. Bitte wählen Sie, ob sie mitsoll.")
        for name, target in self._chosen().items():
            if target and target in taken:
                self.add_error(
                    name, f"„{BY_KEY[target].label}“ haben Sie schon einer anderen Spalte gegeben."
                )
            taken[target] = name
        if {"minutes", "hours"} <= set(taken):
            self.add_error(taken["hours"], "Für die Dauer genügt eine Spalte.")
        if missing := self._missing(set(taken)):
            raise ValidationError(f"Noch keiner Spalte zugeordnet: {', '.join(missing)}.")
        if "default_minutes" in self.fields and not cleaned.get("default_minutes"):
            self.add_error("default_minutes", "Bitte wählen Sie: Minuten oder Stunden.")
        if "kind" not in taken and not cleaned.get("default_kind"):
            self.add_error(
                "default_kind", "In Ihrer Tabelle gibt es keine Art. Bitte wählen Sie eine für alle Zeilen."
            )
        return cleaned

    def _chosen(self) -> dict[str, str]:
        """{name of the form field: what its column means}"""
        return {name: value for name, value in self.cleaned_data.items() if name.startswith("column_")}

    def _missing(self, taken: set[str]) -> list[str]:
        has_duration = taken & {"minutes", "hours"}
        return [
            target.label
            for target in TARGETS
            if target.is_required
            and target.key not in taken
            and not (target.key == "minutes" and has_duration)
        ]

    @property
    def wants_to_be_read_otherwise(self) -> bool:
        """Whether the person has chosen another separator or encoding than the file was read with."""
        return bool(self.said("separator") or self.said("encoding"))

    def said(self, name: str) -> str:
        """The separator or encoding, if it is another one than so far."""
        offered = {"separator": SEPARATORS, "encoding": ENCODINGS}[name]
        chosen = self.data.get(name, "") if name in self.fields else ""
        return chosen if chosen in offered and chosen != getattr(self.imported, name) else ""

    @property
    def preview(self) -> list[tuple[str, ...]]:
        """The first rows as they were cut, the header first."""
        columns = self.imported.columns
        rows = zip(*(column.get("first", []) for column in columns), strict=False)
        return [tuple(column["header"] for column in columns), *rows]

    @property
    def targets(self) -> list[str]:
        return [self.cleaned_data[f"column_{index}"] for index in range(len(self.imported.columns))]

    @property
    def defaults(self) -> dict[str, str]:
        return {
            name.removeprefix("default_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("default_") and value
        }


class WordsForm(forms.Form):
    """What the words mean that are no names of the portal."""

    mark_optional = False

    def __init__(self, *args: Any, imported: ActivityImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(imported.mediator.towns())
        programme = programme_of_towns(towns)
        choices = {
            "kind": list(programme.kinds.names.items()),
            "field": [*programme.fields.names.items(), (CROSS_CUTTING, "Querschnitt")],
            "municipality": [(str(town.pk), town.name) for town in towns],
            "result": list(ActivityResult.choices),
        }
        self._words: dict[str, tuple[str, str]] = {}
        for target, words in unknown_words(imported).items():
            known = imported.meanings.get(target, {})
            for number, word in enumerate(words):
                name = f"{target}_{number}"
                self._words[name] = (target, word)
                self.fields[name] = forms.ChoiceField(
                    label=f"{BY_KEY[target].label} „{word}“",
                    required=False,
                    choices=[("", "offen lassen"), *choices[target]],
                    initial=known.get(folded(word), ""),
                    error_messages=NO_CHOICE,
                )

    @property
    def meanings(self) -> dict[str, dict[str, str]]:
        """{field: {word: code}} of the words that got a meaning."""
        found: dict[str, dict[str, str]] = {}
        for name, (target, word) in self._words.items():
            if code := self.cleaned_data.get(name):
                found.setdefault(target, {})[folded(word)] = code
        return found
