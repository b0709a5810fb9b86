from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kiv_portal.accounts.models import User
from kiv_portal.accounts.services import change_email


class Command(BaseCommand):
    help = "Give an account another e-mail address; the old one does not open it any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--old", required=True, metavar="EMAIL")
        parser.add_argument("--new", required=True, metavar="EMAIL")

    def handle(self, *args: Any, old: str, new: str, **options: Any) -> None:
        user = User.objects.filter(email=old.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account {old!r}.")
        try:
            change_email(user, new)
        except ValidationError as error:
            raise CommandError(f"{new!r} cannot be the address: {' '.join(error.messages)}") from None
        self.stdout.write(f"The account {old} is now {user.email}.")
