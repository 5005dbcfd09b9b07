# Two stages: the first installs everything, torch included, and builds the index; the second serves it
# and holds neither torch nor a compiler. BASE needs Python 3.11 or newer with venv.
ARG BASE=docker.io/library/python:3.12-slim

FROM ${BASE} AS build
WORKDIR /build
COPY pyproject.toml constraints.txt README.md ./
COPY indexer indexer
COPY prompts prompts
COPY service service
COPY eval eval
RUN python3 -m venv /opt/index && python3 -m venv /opt/herald
RUN /opt/index/bin/pip install --no-cache-dir --constraint constraints.txt '.[index]'
RUN /opt/herald/bin/pip install --no-cache-dir --constraint constraints.txt .
RUN HF_HUB_OFFLINE=1 /opt/index/bin/herald index indexer/samples --index /var/lib/herald

FROM ${BASE}
LABEL org.opencontainers.image.title="Herald" \
      org.opencontainers.image.description="Answers questions about announcements, every sentence proven by an exact quote"
RUN useradd --system --uid 10001 --home-dir /var/lib/herald herald
COPY --from=build /opt/herald /opt/herald
COPY --from=build --chown=herald:herald /var/lib/herald /var/lib/herald
ENV PATH=/opt/herald/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HERALD_INDEX=/var/lib/herald \
    HERALD_HOST=0.0.0.0 \
    HERALD_PORT=8000
USER herald
VOLUME /var/lib/herald
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['HERALD_PORT'] + '/readyz', timeout=2)"]
ENTRYPOINT ["herald"]
CMD ["serve"]
