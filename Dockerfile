# One image for every program of Redress; the command says which: python -m api | worker | partners | partners.mailsink | storage | sealing
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/redress
COPY requirements.txt .
# Wheels of the lock and nothing else: nothing is compiled, so no compiler is needed. The Temporal dev server that comes with
# them is for development.
RUN /opt/redress/bin/pip install --require-hashes --only-binary :all: -r requirements.txt \
 && rm -f /opt/redress/bin/temporal

FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 redress \
 && useradd --uid 10001 --gid redress --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin redress \
 && install --directory --owner redress --group redress --mode 0700 /keys /data
COPY --from=build /opt/redress /opt/redress
WORKDIR /app
COPY LICENSE pyproject.toml ./
COPY domain domain
COPY settings settings
COPY sealing sealing
COPY telemetry telemetry
COPY storage storage
COPY adapters adapters
COPY documents documents
COPY activities activities
COPY workflows workflows
COPY desk desk
COPY worker worker
COPY api api
COPY partners partners
COPY policies policies
COPY tenants tenants
ENV PATH=/opt/redress/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8 \
    REDRESS_LOG_FORMAT=json \
    REDRESS_API_HOST=0.0.0.0 \
    REDRESS_DATA_KEYS_FILE=/keys/data.keys
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "api"]
