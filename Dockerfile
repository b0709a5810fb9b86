# The image of web, worker, timetable and migration. It holds no secret and writes nothing outside its volumes.
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
RUN python -m kiv_portal.rendering.fonts && python -m kiv_portal.ui.assets
# Collecting needs settings that can be read, not ones that are true; none of these stays in the image.
RUN KIV_SECRET_KEY=only-for-collecting-static-files-in-the-image KIV_ALLOWED_HOSTS=localhost \
    KIV_BASE_URL=https://localhost KIV_DATABASE_URL=postgres://localhost/none KIV_REDIS_URL=redis://localhost/0 \
    KIV_EMAIL_URL=console:// KIV_DEFAULT_FROM_EMAIL=portal@localhost \
    python manage.py collectstatic --no-input \
    && rm -rf node_modules && python -m compileall -q .

FROM python:3.11-slim-bookworm
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
