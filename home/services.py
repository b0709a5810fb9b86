from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from home.models import PortalBarrier
from kiv_portal.mails import writing as mails


@transaction.atomic
def report_portal_barrier(barrier: PortalBarrier) -> None:
    """Keep it and tell the people in charge."""
    barrier.save()
    mails.post(
        mails.write(
            "home/email/website_problem",
            {"problem": barrier},
            to=parseaddr(settings.FEEDBACK_EMAIL)[1],
            about=barrier,
            reply_to=barrier.contact,
        )
    )
