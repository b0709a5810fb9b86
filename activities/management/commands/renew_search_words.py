from typing import Any

from django.core.management.base import BaseCommand

from activities.search.services import renew_search_words


class Command(BaseCommand):
    help = "Make the table of all words of the search anew."

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten, learnt = renew_search_words()
        self.stdout.write(f"forgotten: {forgotten}, learnt: {learnt}")
