# docker build -t coursekit . && docker run --rm -v "$PWD/pages:/course/build" coursekit
# runs `make lectures` as a plain user. JupyterLab instead:
# docker run --rm -p 127.0.0.1:8888:8888 coursekit .venv/bin/jupyter lab --ip=0.0.0.0 --no-browser notebooks
FROM python:3.11-slim-bookworm

# No version of make is pinned: Debian's stable release has one, with its security fixes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 student \
    && install --directory --owner=student /course

USER 1000
WORKDIR /course

# The environment first: it is made again only when the lock changes.
COPY --chown=1000 requirements.lock pyproject.toml README.md LICENSE Makefile ./
COPY --chown=1000 coursekit coursekit
RUN make environment

COPY --chown=1000 data data
COPY --chown=1000 notebooks notebooks
RUN mkdir build

CMD ["make", "lectures"]
