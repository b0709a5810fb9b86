from django.urls import path

from reports.views import county, county_report, easy, editions, notices, reports, states, texts

urlpatterns = [
    path("berichte/", reports.report_list, name="report_list"),
    path("berichte/<int:pk>/", reports.report_detail, name="report_detail"),
    path("kommunen/<slug:slug>/bericht-anlegen/", reports.report_create, name="report_create"),
    # texts
    path("berichte/<int:pk>/texte/<slug:key>/", texts.report_section, name="report_section"),
    path("berichte/<int:pk>/texte/<slug:key>/merken/", texts.section_autosave, name="section_autosave"),
    path("berichte/<int:pk>/texte/<slug:key>/fassungen/", texts.section_versions, name="section_versions"),
    path("berichte/<int:pk>/einfache-sprache/", easy.easy_text, name="easy_text"),
    path("berichte/<int:pk>/einfache-sprache/pruefen/", easy.easy_findings, name="easy_findings"),
    path("berichte/<int:pk>/einfache-sprache/pruefgruppe/", easy.easy_check, name="easy_check"),
    path("berichte/<int:pk>/bemerkungen/", texts.report_comments, name="report_comments"),
    path("berichte/bemerkungen/<int:pk>/erledigt/", texts.comment_settle, name="comment_settle"),
    # the paper and its way
    path("berichte/<int:pk>/vorlage/", texts.report_paper, name="report_paper"),
    path("berichte/<int:pk>/beratung/", texts.consultation_create, name="consultation_create"),
    path("berichte/beratungen/<int:pk>/", texts.consultation_edit, name="consultation_edit"),
    path("berichte/beratungen/<int:pk>/entfernen/", texts.consultation_delete, name="consultation_delete"),
    # states
    path("berichte/<int:pk>/einreichen/", states.report_submit, name="report_submit"),
    path("berichte/<int:pk>/zurueckgeben/", states.report_return, name="report_return"),
    path("berichte/<int:pk>/freigeben/", states.report_approve, name="report_approve"),
    path("berichte/<int:pk>/zustellen/", states.report_deliver, name="report_deliver"),
    path("berichte/<int:pk>/veroeffentlichen/", states.report_publish, name="report_publish"),
    path("berichte/<int:pk>/loeschen/", states.report_delete, name="report_delete"),
    path("nachrichten/", notices.notice_choice, name="notice_choice"),
    # editions
    path("berichte/<int:pk>/stand/", editions.report_progress, name="report_progress"),
    path("berichte/<int:pk>/erstellen/", editions.report_build, name="report_build"),
    path("berichte/ausgaben/<int:pk>/", editions.edition_download, name="edition_download"),
    # the county's view of all its towns
    path("kreis/<slug:key>/berichte/", county.county_reports, name="county_reports"),
    path("kreis/<slug:key>/berichte/datei/", county.county_reports_file, name="county_reports_file"),
    path("kreis/<slug:key>/berichte/<slug:period>/", county.county_editions, name="county_editions"),
    path(
        "kreis/<slug:key>/berichte/<slug:period>/erstellen/",
        county.county_editions_build,
        name="county_editions_build",
    ),
    path(
        "kreis/<slug:key>/berichte/<slug:period>/zip/", county.county_editions_zip, name="county_editions_zip"
    ),
    path("kreis/<slug:key>/kreisbericht/", county_report.county_report_list, name="county_report_list"),
    path("kreis/<slug:key>/sachbericht/", county_report.annual_account, name="annual_account"),
    path("kreisberichte/<int:pk>/", county_report.county_report_detail, name="county_report_detail"),
    path("kreisberichte/<int:pk>/erstellen/", county_report.county_report_build, name="county_report_build"),
    path(
        "kreisberichte/ausgaben/<int:pk>/",
        county_report.county_report_download,
        name="county_report_download",
    ),
]
