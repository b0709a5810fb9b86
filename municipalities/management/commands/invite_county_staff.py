from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from municipalities.towns.models import County
from municipalities.towns.services import add_county_staff


class Command(BaseCommand):
    help = "Invite the first coordinator of a county; they invite everybody else in the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--county", required=True, metavar="KEY", help="five digits, for example 08115")
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, county: str, email: str, name: str, **options: Any) -> None:
        found = County.objects.filter(key=county).first()
        if found is None:
            raise CommandError(f"There is no county {county!r}. Run load_programme first.")
        role = add_county_staff(found, email=email, full_name=name, starts_on=timezone.localdate(), by=None)
        self.stdout.write(f"{role.user.email} is invited as coordinator of {found}.")
