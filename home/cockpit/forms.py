from __future__ import annotations

from django import forms

from home.cockpit.queries import TownRow

# {choice: (label, kinds of duties)}
CHOICES = {
    "offen": ("Etwas steht an", None),
    "vakant": ("Stelle nicht besetzt", ("vacancy",)),
    "bericht": ("Bericht überfällig", ()),
    "pruefen": ("Bericht zu prüfen oder zuzustellen", ("report_check", "report_deliver")),
    "beschluss": ("Sitzung oder Beschluss fehlt", ("session_enter", "decision_record", "decision_confirm")),
    "fragen": ("Fragen des Gemeinderats offen", ("question_answer",)),
    "vereinbarung": ("Vereinbarung endet bald", ("agreement_ends",)),
    "anliegen": ("Anliegen überfällig", ()),
}


class CockpitForm(forms.Form):
    """Which towns are shown; what is no choice shows all."""

    auswahl = forms.ChoiceField(
        label="Welche Kommunen?",
        required=False,
        choices=[("", "alle"), *((code, label) for code, (label, _) in CHOICES.items())],
    )
    mark_optional = False

    @property
    def chosen(self) -> str:
        return self.cleaned_data["auswahl"] if self.is_valid() else ""

    def apply(self, rows: list[TownRow]) -> list[TownRow]:
        if not self.chosen:
            return rows
        _, kinds = CHOICES[self.chosen]
        if self.chosen == "anliegen":
            return [row for row in rows if row.overdue_concerns]
        if self.chosen == "bericht":
            return [row for row in rows if row.report and row.report.is_overdue]
        return [row for row in rows if (row.duties if kinds is None else row.has(*kinds))]
