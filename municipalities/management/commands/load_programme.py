from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from municipalities.programme.load import BOEBLINGEN, load_programme


class Command(BaseCommand):
    help = "Load county, towns, fields of action and kinds of activity; safe to run again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--file", type=Path, default=BOEBLINGEN, help="a TOML file like programme/boeblingen.toml"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        county = load_programme(file)
        self.stdout.write(f"{county}: {county.municipalities.count()} towns")
