# One image for the web, the workers and the beat; compose.yaml says which command each runs.
FROM debian:12-slim AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    make python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/registry
COPY Makefile pyproject.toml package.json package-lock.json .npmrc ./
COPY requirements requirements
COPY config config
RUN REQUIREMENTS=requirements/base.txt make setup && rm -rf node_modules var/tools

FROM debian:12-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --home-dir /srv/registry registry \
  && install -d -o registry /srv/files /run/signer
WORKDIR /srv/registry
COPY --from=build /srv/registry/.venv .venv
COPY --from=build /srv/registry/var/static var/static
COPY manage.py ./
COPY config config
COPY agencies agencies
COPY attestations attestations
COPY audits audits
COPY templates templates
COPY docs/verify_register.py docs/
RUN STATIC_ROOT=/srv/registry/var/collected REGISTRY_MODE=production SECRET_KEY=0123456789012345678901234567890123456789012345678901 \
    CANONICAL_ORIGIN=https://build.invalid SIGNING_KEYS_DIR=/nowhere REFERENCE_HASH_KEY=build \
    DATABASE_URL=postgres://build/build ALLOWED_HOSTS=build.invalid BROKER_URL=redis://build \
    DEFAULT_FROM_EMAIL=build@build.invalid EMAIL_HOST=build.invalid \
    .venv/bin/python manage.py collectstatic --no-input -v 0
ENV REGISTRY_MODE=production PATH=/srv/registry/.venv/bin:$PATH \
  EVIDENCE_ROOT=/srv/files/evidence DOCUMENT_ROOT=/srv/files/documents IMPORT_ROOT=/srv/files/imports \
  VAR_ROOT=/srv/files STATIC_ROOT=/srv/registry/var/collected BROKER_ROOT=/tmp/broker
USER registry
VOLUME /srv/files
EXPOSE 8000
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--access-logfile", "-"]
