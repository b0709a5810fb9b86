from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from kiv_portal.ui.typed_forms import choice_field
from mediators.models import towns_of
from mediators.roles import mediator_roles
from reports.notices.models import NoticeChoice, Occasion

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class NoticeChoiceForm(forms.ModelForm):
    """Asks what is wanted; what is not wanted is stored, so that a new occasion is told until somebody declines."""

    wanted = forms.MultipleChoiceField(
        label="Schicken Sie mir eine E-Mail:",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mark_optional = False

    class Meta:
        model = NoticeChoice
        fields = ()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has = {*Occasion.own_log * bool(mediator_roles(user).own), *Occasion.own_work * bool(towns_of(user))}
        of_some = (*Occasion.own_log, *Occasion.own_work)
        self.offered = [code for code in Occasion if code not in of_some or code in has]
        choice_field(self, "wanted").choices = [(code.value, code.label) for code in self.offered]
        self.initial["wanted"] = [code for code in self.offered if code not in self.instance.unwanted]

    def save(self, commit: bool = True) -> NoticeChoice:
        """What this person is not asked stays as it is stored."""
        kept = [code for code in self.instance.unwanted if code not in self.offered]
        declined = [code for code in self.offered if code not in self.cleaned_data["wanted"]]
        self.instance.unwanted = [*kept, *declined]
        choice: NoticeChoice = super().save(commit)
        return choice
