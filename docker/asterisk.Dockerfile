# Asterisk alone. Its configuration comes from the service, through a volume that both see under the same path.
FROM debian:sid-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /usr/lib/asterisk && ln -s /usr/lib/*-linux-gnu/asterisk/modules /usr/lib/asterisk/modules \
 && useradd --uid 10001 --no-create-home wutong \
 && install -d -o wutong -g wutong -m 700 /var/lib/wutong /var/lib/wutong/sounds /var/lib/wutong/recordings \
        /var/lib/wutong-asterisk

USER wutong
# Asterisk's control socket has a path relative to this folder.
WORKDIR /var/lib/wutong-asterisk
# It waits itself for the file that the service writes last: a dependency in Compose would have it made anew, and all calls
# ended, with each new container of the service.
CMD ["sh", "-c", "until [ -e etc/udptl.conf ]; do sleep 1; done; exec asterisk -C $PWD/etc/asterisk.conf -f -n"]
