# Asterisk alone. Its configuration comes from the service, through a volume that both see under the same path.
FROM debian:sid-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk asterisk-moh-opsound-gsm \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /usr/lib/asterisk && ln -s /usr/lib/*-linux-gnu/asterisk/modules /usr/lib/asterisk/modules \
 && useradd --uid 10001 --no-create-home wutong \
 && install -d -o wutong -g wutong -m 700 /var/lib/wutong /var/lib/wutong/sounds /var/lib/wutong/recordings \
        /var/lib/wutong-asterisk

USER wutong
# Asterisk's control socket has a path relative to this folder.
WORKDIR /var/lib/wutong-asterisk
CMD ["asterisk", "-C", "/var/lib/wutong-asterisk/etc/asterisk.conf", "-f", "-n"]
