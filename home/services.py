import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from home.models import PortalBarrier

log = logging.getLogger(__name__)


def report_portal_barrier(barrier: PortalBarrier) -> None:
    """Keep it and tell the people in charge. It is kept also if the e-mail cannot leave."""
    barrier.save()
    message = EmailMessage(
        subject="KIV-Portal: Ein Problem mit der Website wurde gemeldet",
        body=(
            f"{barrier.description}\n\nSeite: {barrier.page or 'nicht genannt'}\n"
            f"Antwort an: {barrier.contact or 'nicht gewünscht'}"
        ),
        to=[settings.FEEDBACK_EMAIL],
        reply_to=[barrier.contact] if barrier.contact else None,
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("barrier %s was kept but not mailed: %s", barrier.pk, error)
