"""The answers to the rows of one page, in one form: each row has its decision and the cells that can be put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from django import forms
from django.db.models import TextField

from activities.imports.answering import RowAnswer, print_of
from activities.imports.columns import BY_KEY, WITH_WORDS
from activities.imports.models import ActivityImportAnswer, ActivityImportRow, RowDecision, RowVerdict
from activities.imports.readers import TEXTS
from kiv_portal.ui.fields import AskingInput
from kiv_portal.ui.renderer import PortalBoundField
from kiv_portal.uploads.spreadsheet import MAX_CELL

ROWS = "row"  # the name under which the numbers of the shown rows come back
LONG_TEXT = 120  # characters from which a cell gets several lines
TAKE_OR_LEAVE = [(RowDecision.TAKE, "So übernehmen"), (RowDecision.LEAVE, "Weglassen")]
LEAVE, TAKE_ALL_THE_SAME = "Diese Zeile weglassen", "Doch übernehmen"


class CellBoundField(PortalBoundField):
    @property
    def asked(self) -> list[tuple[str, str]]:
        """Whether the form is bound or not."""
        offered = self.field.offered if isinstance(self.field, CellField) else []
        return [(f"{self.auto_id}_meant_{n}", text) for n, text in enumerate(offered)]


class CellField(forms.CharField):
    """The text of a cell, judged by the check and not here; `offered` are the texts that may be meant."""

    bound_field_class = CellBoundField

    def __init__(self, *, offered: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered = offered


class WordField(forms.ChoiceField):
    """What another window has left of the choices is no error: the check knows which words there are."""

    def valid_value(self, value: Any) -> bool:
        return len(value) <= MAX_CELL


class RowsForm(forms.Form):
    """`names` are the words that can be chosen: {field: names}."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        rows: Iterable[ActivityImportRow],
        answers: Mapping[int, ActivityImportAnswer],
        names: Mapping[str, list[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.answers, self.names = list(rows), answers, names
        for row in self.rows:
            for name, field in self._fields_of(row):
                self.fields[f"{name}_{row.number}"] = field

    def _fields_of(self, row: ActivityImportRow) -> Iterator[tuple[str, forms.Field]]:
        seen = print_of(row, self.answers.get(row.number))
        yield "seen", forms.CharField(widget=forms.HiddenInput, initial=seen, required=False)
        for cell in row.cells:
            yield f"cell_{cell['target']}", self._cell(cell)
        if row.verdict == RowVerdict.LEFT:
            yield "take", forms.BooleanField(label=TAKE_ALL_THE_SAME, required=False)
        elif any(not question["is_answered"] for question in row.questions):
            yield "decision", self._decision()
        elif row.verdict != RowVerdict.TWICE:
            yield "leave", forms.BooleanField(label=LEAVE, required=False)

    def _decision(self) -> forms.Field:
        return forms.ChoiceField(
            label="Ihre Antwort",
            choices=TAKE_OR_LEAVE,
            required=False,
            widget=forms.RadioSelect,
        )

    def _cell(self, cell: dict[str, Any]) -> forms.Field:
        target, text = cell["target"], cell["text"]
        known: dict[str, Any] = {
            "label": BY_KEY[target].label,
            "initial": text,
            "required": False,
            "show_hidden_initial": True,  # another window may have changed it: only what was typed here counts
        }
        if target in WITH_WORDS:
            return WordField(choices=self._words(target, text), **known)
        is_long = len(text) > LONG_TEXT or isinstance(TEXTS.get(target), TextField)
        widget = forms.Textarea(attrs={"rows": 3}) if is_long else AskingInput()
        return CellField(max_length=MAX_CELL, widget=widget, offered=cell["choices"], **known)

    def _words(self, target: str, text: str) -> list[tuple[str, str]]:
        """The names to choose from, after what stands there."""
        offered = [(name, name) for name in self.names.get(target, [])]
        return offered if (text, text) in offered else [(text, text or "bitte wählen"), *offered]

    # --- for the page

    def bring_up_to_date(self) -> None:
        """What comes back from before is shown with the rows as they are now, so they have been seen."""
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # of a request, or kept from one
            for row in self.rows:
                data[f"seen_{row.number}"] = print_of(row, self.answers.get(row.number))
            self.data = data

    def groups(self) -> list[dict[str, Any]]:
        """One for each row: the row, its fields, what has to be said of it before all else."""
        return [
            {
                "row": row,
                "fields": [field for field in self._of(row) if field.kind != "hidden"],
                "hidden": [field for field in self._of(row) if field.kind == "hidden"],
                "answered": [one["sentence"] for one in row.questions if one["is_answered"]],
                "mended": [
                    {"label": BY_KEY[cell["target"]].label, "written": cell["written"]}
                    for cell in row.cells
                    if cell["text"] != cell["written"]
                ],
            }
            for row in self.rows
        ]

    @property
    def has_fields(self) -> bool:
        return any(not field.widget.is_hidden for field in self.fields.values())

    def _of(self, row: ActivityImportRow) -> list[PortalBoundField]:
        end = f"_{row.number}"
        return [cast("PortalBoundField", self[name]) for name in self.fields if name.endswith(end)]

    # --- what came back

    def given(self) -> list[RowAnswer]:
        return [self._given(row) for row in self.rows]

    def _given(self, row: ActivityImportRow) -> RowAnswer:
        said = {
            name.removesuffix(f"_{row.number}"): self.cleaned_data.get(name)
            for name in self.fields
            if name.endswith(f"_{row.number}")
        }
        return RowAnswer(
            row.number,
            seen=said.get("seen") or "",
            decision=_decision_of(said),
            mended={
                name.removeprefix("cell_"): str(text)
                for name, text in said.items()
                if name.startswith("cell_")
                and text is not None
                and f"{name}_{row.number}" in self.changed_data
            },
        )


def _decision_of(said: Mapping[str, Any]) -> str:
    if said.get("leave"):
        return RowDecision.LEAVE
    if said.get("take"):
        return RowDecision.TAKE
    return said.get("decision") or ""
