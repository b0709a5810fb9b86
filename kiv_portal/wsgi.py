import os

from django.core.wsgi import get_wsgi_application

from kiv_portal.broken_requests import with_known_encoding

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiv_portal.settings")

application = with_known_encoding(get_wsgi_application())
