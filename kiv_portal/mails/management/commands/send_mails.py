from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kiv_portal.mails.delivery import ServerAway, send_due
from kiv_portal.mails.postman import Postman


class Command(BaseCommand):
    help = "Send e-mails as soon as they are written, until it is stopped. --once: only what is due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self._once()
        else:
            Postman().serve()

    def _once(self) -> None:
        try:
            self.stdout.write(f"{send_due()} e-mails have left.")
        except ServerAway:
            self.stderr.write("The mail server cannot be reached; what is written waits.")
