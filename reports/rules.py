from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from mediators.roles import mediator_roles
from municipalities.rules import is_contact_of, is_staff_of
from reports.models import InterimReport

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


rules.add_perm("reports.change_interimreport", staff | contact | mediator)
rules.add_perm("reports.submit_interimreport", staff | contact)
rules.add_perm("reports.reopen_interimreport", staff | contact)
rules.add_perm("reports.delete_interimreport", staff)
rules.add_perm("reports.release_interimreport", staff)
