# The service: menus, queues, HTTP. It renders Asterisk's configuration before it listens, then waits for Asterisk.
# By tag, not by digest: no image registry could be reached where this was written. docs/operations.md says how to pin it.
ARG BASE=python:3.13-slim
FROM $BASE

RUN apt-get update \
 && apt-get install -y --no-install-recommends espeak-ng fonts-noto-cjk sox \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10002 wutong-asterisk \
 && useradd --uid 10002 --gid 10002 --no-create-home wutong-asterisk \
 && useradd --uid 10001 --no-create-home --groups wutong-asterisk wutong

# The owners of the volumes. asterisk.Dockerfile has the same lines, as either container may start first.
RUN install -d -o wutong -g wutong-asterisk -m 710 /var/lib/wutong \
 && install -d -o wutong -g wutong-asterisk -m 2750 /var/lib/wutong/sounds /var/lib/wutong-asterisk \
        /var/lib/wutong-asterisk/etc \
 && cd /var/lib/wutong-asterisk \
 && install -d -o wutong -g wutong-asterisk -m 2770 /var/lib/wutong/recordings \
        run log spool spool/monitor db keys agi

WORKDIR /opt/wutong
COPY locks/runtime.txt locks/runtime.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r locks/runtime.txt
COPY accounts accounts
COPY acd acd
COPY agents agents
COPY asterisk-config asterisk-config
COPY base base
COPY calls calls
COPY commands commands
COPY daily daily
COPY dialplan dialplan
COPY docs docs
COPY doctor doctor
COPY drawing drawing
COPY emergency emergency
COPY events events
COPY examples examples
COPY hotline hotline
COPY ivr ivr
COPY journal journal
COPY logs logs
COPY callbacks callbacks
COPY messages messages
COPY missed missed
COPY nodes nodes
COPY privacy privacy
COPY processes processes
COPY publishing publishing
COPY recordings recordings
COPY reports reports
COPY selftest selftest
COPY sentences sentences
COPY service service
COPY settings settings
COPY sounds sounds
COPY surveys surveys
COPY trees trees
COPY wall wall
COPY web web
COPY docker/healthy.py healthy.py

# The voice for the hotline's own texts. The running container fetches nothing.
COPY locks/voice.txt locks/recogniser.txt locks/
ENV XDG_CACHE_HOME=/opt/cache
RUN WUTONG_STATE=/tmp/state python -m service prompts install && rm -rf /tmp/state

ENV PYTHONUNBUFFERED=1 \
    WUTONG_STATE=/var/lib/wutong \
    WUTONG_ASTERISK__HOST=127.0.0.1 \
    WUTONG_ASTERISK__FOLDER=/var/lib/wutong-asterisk
USER wutong
CMD ["sh", "-c", "umask 027; exec python -m service serve"]
