# One image for web, worker, beat and migrate (docker-compose.yml says which runs what).
# Debian with glibc: several of the packages have no wheels for musl.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
# Packages and front-end files, as locked: this layer is built again only when a lock changes.
COPY requirements*.txt package.json package-lock.json .npmrc ./
COPY launcher/ launcher/
RUN python3 -m launcher install
COPY . .
# Nothing connects to these addresses; reading the settings needs them.
ENV DATABASE_URL=postgres://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1
ENV XIYUAN_HOME=/var/lib/xiyuan XIYUAN_SECRET_KEY=none-is-needed-to-collect-static-files
RUN python3 -m launcher install \
    && .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf .venv/servers \
    && .venv/bin/python -m compileall -q -j 0 .

FROM python:3.11-slim-bookworm
# Nobody may change the application; beat keeps what it did last in a folder of its own.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent xiyuan \
    && install -d -o xiyuan -g xiyuan -m 700 /var/lib/xiyuan/beat
COPY --from=build /app /app
COPY --from=build /var/lib/xiyuan/static /var/lib/xiyuan/static
WORKDIR /app
USER xiyuan
ENV PATH=/app/.venv/bin:$PATH PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    XIYUAN_HOME=/var/lib/xiyuan \
    GRANIAN_INTERFACE=wsgi GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WEBSOCKETS=false \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4 GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WORKERS_KILL_TIMEOUT=10
EXPOSE 8000
CMD ["python", "-m", "granian", "config.wsgi:application"]
