from typing import Any

from django.core.management.base import BaseCommand

from demo.files import request_demo_files


class Command(BaseCommand):
    help = "Have a worker build the files of the demo's reports; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Asked the worker for {request_demo_files()} files.")
