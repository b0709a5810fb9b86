"""Who may take which step of a report: the one table of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from mediators.roles import mediator_roles
from municipalities.rules import is_contact_of, is_staff_of
from reports.steps.models import InterimReport, ReportState

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def staff(user: User, report: InterimReport) -> bool:
    return is_staff_of(user, report.municipality)


@rules.predicate
def contact(user: User, report: InterimReport) -> bool:
    return is_contact_of(user, report.municipality)


@rules.predicate
def mediator(user: User, report: InterimReport) -> bool:
    return report.municipality_id in mediator_roles(user).appointed


@rules.predicate
def not_yet_approved(user: User, report: InterimReport) -> bool:
    return report.state != ReportState.APPROVED


rules.add_perm("reports.change_interimreport", staff | contact | mediator)
rules.add_perm("reports.submit_interimreport", staff | contact | mediator)
rules.add_perm(
    "reports.return_interimreport", staff | (contact & not_yet_approved)
)  # approved is the county's word
rules.add_perm("reports.delete_interimreport", staff)
rules.add_perm("reports.approve_interimreport", staff)
rules.add_perm("reports.deliver_interimreport", staff | contact)
rules.add_perm("reports.renew_interimreport", staff)  # a new edition of what the county has approved
rules.add_perm("reports.reschedule_interimreport", staff | contact)
rules.add_perm("reports.withdraw_interimreport", staff | contact)  # two of them
rules.add_perm("reports.publish_interimreport", staff | contact)
rules.add_perm("reports.answer_interimreport", staff | contact)  # questions of the council
rules.add_perm("reports.decide_interimreport", staff | contact)
rules.add_perm("reports.file_interimreport", staff | contact)  # everything of it, for the office's records
rules.add_perm("reports.follow_up_interimreport", staff)
