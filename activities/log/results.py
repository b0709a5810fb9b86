from enum import nonmember

from django.db import models


class ActivityResult(models.TextChoices):
    OPEN = "open", "offen"
    PROMISED = "promised", "zugesagt"
    DONE = "done", "umgesetzt"
    REFUSED = "refused", "abgelehnt"
    PASSED_ON = "passed_on", "weitergegeben"

    needs_note = nonmember(("refused", "passed_on"))  # why, or to whom
