from django.urls import path

from reports.certificates import views as certificates
from reports.council import authenticity_views as authenticity
from reports.council import case_file_views as case_file
from reports.council import decision_views as decisions
from reports.council import public_views as public
from reports.council import question_views as questions
from reports.council import views as council
from reports.county import report_views as county_report
from reports.county import views as county
from reports.editions import views as editions
from reports.notices import views as notices
from reports.oparl import views as oparl
from reports.preview import views as previews
from reports.renewals import views as renewals
from reports.steps import report_views as reports
from reports.steps import views as states
from reports.writing import easy_views as easy
from reports.writing import photo_views as photos
from reports.writing import views as texts

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
    path("berichte/<int:pk>/fotos/", photos.report_photos, name="report_photos"),
    path("berichte/<int:pk>/bemerkungen/", texts.report_comments, name="report_comments"),
    path("berichte/bemerkungen/<int:pk>/erledigt/", texts.comment_settle, name="comment_settle"),
    # the paper and its way
    path("berichte/<int:pk>/vorlage/", texts.report_paper, name="report_paper"),
    path("berichte/<int:pk>/beratung/", texts.consultation_create, name="consultation_create"),
    path("berichte/beratungen/<int:pk>/", texts.consultation_edit, name="consultation_edit"),
    path("berichte/beratungen/<int:pk>/entfernen/", texts.consultation_delete, name="consultation_delete"),
    # states
    path("berichte/<int:pk>/vorschau/", previews.report_preview, name="report_preview"),
    path("berichte/vorschau/<int:pk>/datei/", previews.preview_download, name="preview_download"),
    path("berichte/<int:pk>/einreichen/", states.report_submit, name="report_submit"),
    path("berichte/<int:pk>/zurueckgeben/", states.report_return, name="report_return"),
    path("berichte/<int:pk>/freigeben/", states.report_approve, name="report_approve"),
    path("berichte/<int:pk>/zustellen/", states.report_deliver, name="report_deliver"),
    path("berichte/<int:pk>/veroeffentlichen/", states.report_publish, name="report_publish"),
    path("berichte/<int:pk>/loeschen/", states.report_delete, name="report_delete"),
    # what was delivered and is wrong
    path("berichte/<int:pk>/neue-ausgabe/", renewals.new_edition_create, name="new_edition_create"),
    path("berichte/<int:pk>/neue-ausgabe/verwerfen/", renewals.new_edition_drop, name="new_edition_drop"),
    path("berichte/<int:pk>/termine/", renewals.paper_renew, name="paper_renew"),
    path("berichte/<int:pk>/zurueckziehen/", renewals.withdrawal_ask, name="withdrawal_ask"),
    path("berichte/rueckzuege/<int:pk>/", renewals.withdrawal_confirm, name="withdrawal_confirm"),
    path("berichte/rueckzuege/<int:pk>/ablehnen/", renewals.withdrawal_refuse, name="withdrawal_refuse"),
    path("nachrichten/", notices.notice_choice, name="notice_choice"),
    # council
    path("berichte/<int:pk>/links/", council.council_link_list, name="council_link_list"),
    path(
        "berichte/links/<int:pk>/zurueckziehen/", council.council_link_withdraw, name="council_link_withdraw"
    ),
    path("berichte/<int:pk>/akte/", case_file.report_case_file, name="report_case_file"),
    path("berichte/<int:pk>/fragen/", questions.question_list, name="question_list"),
    path("berichte/fragen/<int:pk>/antworten/", questions.question_answer, name="question_answer"),
    path("berichte/fragen/<int:pk>/kuerzen/", questions.question_shorten, name="question_shorten"),
    path("berichte/fragen/<int:pk>/ablehnen/", questions.question_refuse, name="question_refuse"),
    path("berichte/<int:pk>/beschluss/", decisions.decision_create, name="decision_create"),
    path("berichte/beschluesse/<int:pk>/berichtigen/", decisions.decision_correct, name="decision_correct"),
    path("berichte/beschluesse/<int:pk>/folgen/", decisions.decision_follow_up, name="decision_follow_up"),
    path("kreis/<slug:key>/vorlagen/", council.proposal_template_list, name="proposal_template_list"),
    path("kreis/vorlagen/<int:pk>/", council.proposal_template_edit, name="proposal_template_edit"),
    path(
        "kreis/vorlagen/<int:pk>/loeschen/", council.proposal_template_delete, name="proposal_template_delete"
    ),
    # without an account
    path("rat/<str:signed>/", public.council_page, name="council_page"),
    path("rat/<str:signed>/<slug:kind>/", public.council_edition, name="council_edition"),
    path("orte/<slug:slug>/berichte/", public.public_report_list, name="public_report_list"),
    path("orte/<slug:slug>/berichte.atom", public.ReportFeed(), name="public_report_feed"),
    path("orte/<slug:slug>/berichte/<int:pk>/", public.public_report, name="public_report"),
    path("orte/<slug:slug>/berichte/<int:pk>/<slug:kind>/", public.public_edition, name="public_edition"),
    # files
    path("berichte/<int:pk>/stand/", editions.report_progress, name="report_progress"),
    path("berichte/<int:pk>/erstellen/", editions.report_build, name="report_build"),
    path("berichte/ausgaben/<int:pk>/", editions.edition_download, name="edition_download"),
    path("berichte/ausgaben/<int:pk>/lesen/", editions.edition_read, name="edition_read"),
    # for programs of everybody: OParl
    path("oparl/system/", oparl.system, name="oparl_system"),
    path("oparl/bodies/", oparl.body_list, name="oparl_bodies"),
    path("oparl/bodies/<slug:key>/", oparl.body, name="oparl_body"),
    path("oparl/bodies/<slug:key>/<slug:slug>/", oparl.body_part, name="oparl_list"),
    path("oparl/bodies/<slug:key>/organization/<slug:slug>/", oparl.organization, name="oparl_organization"),
    path("oparl/bodies/<slug:key>/meeting/<slug:slug>/", oparl.meeting, name="oparl_meeting"),
    path("oparl/papers/<int:pk>/", oparl.paper, name="oparl_paper"),
    path("oparl/agenda-items/<int:pk>/", oparl.agenda_item, name="oparl_agenda_item"),
    path("oparl/consultations/<int:pk>/", oparl.consultation, name="oparl_consultation"),
    path("oparl/files/<int:pk>/", oparl.edition, name="oparl_edition"),
    path("oparl/files/<int:pk>/download/", oparl.file, name="oparl_file"),
    # is this file ours?
    path("mein-jahr/nachweis/", certificates.certificate_list, name="certificate_list"),
    path(
        "mein-jahr/nachweis/<int:pk>/datei/", certificates.certificate_download, name="certificate_download"
    ),
    path("echt/", authenticity.check, name="check"),
    path("echt/<slug:code>/", authenticity.check_code, name="check_code"),
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
    path("kreis/<slug:key>/vier-augen/", states.review_rule, name="review_rule"),
    path("kreis/<slug:key>/kreisbericht/", county_report.county_report_list, name="county_report_list"),
    path("kreis/<slug:key>/sachbericht/", county_report.annual_account, name="annual_account"),
    path("kreisberichte/<int:pk>/", county_report.county_report_detail, name="county_report_detail"),
    path(
        "kreisberichte/<int:pk>/freigeben/",
        county_report.county_report_release,
        name="county_report_release",
    ),
    path("kreisberichte/<int:pk>/loeschen/", county_report.county_report_delete, name="county_report_delete"),
    path("kreisberichte/<int:pk>/erstellen/", county_report.county_report_build, name="county_report_build"),
    path(
        "kreisberichte/ausgaben/<int:pk>/",
        county_report.county_report_download,
        name="county_report_download",
    ),
]
