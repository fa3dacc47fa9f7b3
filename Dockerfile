# One recipe for every service: the wheels are fetched and checked once, then each image installs
# what its service uses. `--build-arg EXTRA=documents`, `gateway`, `data_request` or
# `gateway,operators`; empty for the others.

FROM python:3.13-slim AS wheels
WORKDIR /build
COPY requirements.lock .
# Only ready wheels: building one would fetch build tools that no lock file names.
RUN pip wheel --no-cache-dir --only-binary=:all: --require-hashes -r requirements.lock -w /wheels
COPY pyproject.toml README.md LICENSE ./
COPY casework casework
COPY chassis chassis
COPY contracts contracts
COPY gateway gateway
COPY ops ops
COPY services services
COPY standards standards
# hatchling comes from the wheels too: nothing unlocked is fetched.
RUN pip wheel --no-cache-dir --no-index --find-links /wheels --no-deps -w /project .

FROM python:3.13-slim AS installed
ARG EXTRA=""
COPY --from=wheels /wheels /wheels
COPY --from=wheels /project /project
RUN python -m venv --without-pip /opt/sigap \
    && pip --python /opt/sigap/bin/python install --no-cache-dir --no-index --find-links /wheels \
        --find-links /project "sigap${EXTRA:+[$EXTRA]}"

FROM python:3.13-slim
# A new volume takes its owner from the folder that it is mounted on.
RUN useradd --create-home --uid 10001 sigap \
    && install -d -o sigap -m 0700 /run/sigap-secrets /var/lib/sigap-checkpoints \
    && for holder in audit complaints data_request documents gateway intake notifications \
        operator postgres rabbitmq verification; \
        do install -d -o sigap -m 0700 "/run/sigap-own/$holder"; done
COPY --from=installed /opt/sigap /opt/sigap
ENV PATH=/opt/sigap/bin:$PATH PYTHONUNBUFFERED=1
USER sigap
WORKDIR /home/sigap
ENTRYPOINT ["sigap"]
CMD ["--help"]
