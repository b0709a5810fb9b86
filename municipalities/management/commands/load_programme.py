from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from municipalities.programme.file import ProgrammeRefused
from municipalities.programme.load import BOEBLINGEN, load_programme


class Command(BaseCommand):
    help = "Load a county, its towns, fields of action and kinds of activity from a file; safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=BOEBLINGEN, help="a TOML file, see docs/programme-file.md"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            county = load_programme(file, tell=self.stdout.write)
        except ProgrammeRefused as refused:
            problems = "\n".join(f"- {problem}" for problem in refused.problems)
            raise CommandError(f"{file} is not loaded, nothing has changed:\n{problems}") from None
        self.stdout.write(f"{county}: {county.municipalities.count()} towns")
