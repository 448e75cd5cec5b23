# The service: menus, queues, HTTP. It renders Asterisk's configuration before it listens, then waits for Asterisk.
FROM python:3.13-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends espeak-ng sox \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home wutong \
 && install -d -o wutong -g wutong -m 700 /var/lib/wutong /var/lib/wutong/sounds /var/lib/wutong/recordings \
        /var/lib/wutong-asterisk

WORKDIR /opt/wutong
COPY locks/runtime.txt locks/runtime.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r locks/runtime.txt
COPY acd acd
COPY agents agents
COPY asterisk-config asterisk-config
COPY calls calls
COPY dialplan dialplan
COPY examples examples
COPY hotline hotline
COPY ivr ivr
COPY journal journal
COPY service service
COPY sounds sounds

# The voice for the hotline's own texts. The running container fetches nothing.
COPY locks/voice.txt locks/recogniser.txt locks/
ENV XDG_CACHE_HOME=/opt/cache
RUN WUTONG_STATE=/tmp/state python -m service prompts install && rm -rf /tmp/state

ENV PYTHONUNBUFFERED=1 \
    WUTONG_STATE=/var/lib/wutong \
    WUTONG_ASTERISK__HOST=127.0.0.1 \
    WUTONG_ASTERISK__FOLDER=/var/lib/wutong-asterisk
USER wutong
CMD ["python", "-m", "service", "serve"]
