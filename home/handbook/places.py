"""Which chapter helps on which page: so "Hilfe" leads where the question came up."""

from __future__ import annotations

from django.urls import reverse

# {beginning of a page's name: chapter}; the longest counts
CHAPTERS = {
    "activity_": "aktivitaeten",
    "activity_list": "finden",
    "activity_print": "finden",
    "all_activity_list": "finden",
    "municipality_activity_list": "finden",
    "saved_filter_": "finden",
    "activity_photo_": "fotos",
    "activity_document_": "fotos",
    "concern_photo_": "fotos",
    "assistance_": "assistenz",
    "reach_": "erreichbarkeit",
    "meeting_room_": "erreichbarkeit",
    "visiting_": "erreichbarkeit",
    "county_reach": "erreichbarkeit",
    "import_": "import",
    "concern_": "anliegen",
    "offline": "unterwegs",
    "own_year": "zahlen",
    "certificate_": "zahlen",
    "town_figures": "zahlen",
    "county_figures": "zahlen",
    "office_": "anliegen",
    "reporter_": "anliegen",
    "report_": "bericht",
    "section_": "bericht",
    "easy_": "leichte-sprache",
    "council_": "gemeinderat",
    "decision_": "gemeinderat",
    "consultation_": "gemeinderat",
    "county_report_": "landkreis",
    "work_list": "was-ansteht",
    "town_join": "programm",
    "town_edit": "programm",
    "town_leaving": "programm",
    "agreement_": "programm",
    "person_": "programm",
    "staff_": "programm",
    "legal_text": "programm",
    "accessibility_edit": "programm",
    "kind_": "programm",
    "trash_": "aktivitaeten",
}
# for people without an account, who have nothing of the handbook
OUTSIDE = {
    *("easy_language", "council_page", "concern_report", "concern_status", "concern_thanks"),
    *("concern_say_more", "concern_withdraw", "concern_answer"),
}


def help_for(page: str) -> str:
    """The address of the help for a page by its name; of all help where no chapter is about it."""
    known = [start for start in CHAPTERS if page.startswith(start)]
    if not known or page in OUTSIDE:
        return reverse("help")
    return reverse("help_chapter", args=[CHAPTERS[max(known, key=len)]])
