# Asterisk alone. The service writes its configuration into a volume that both see under the same path.
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
# The command itself waits for the file that the service writes last. With a dependency in Compose each new container of the
# service would make this one anew and end all calls.
CMD ["sh", "-c", "until [ -e etc/udptl.conf ]; do sleep 1; done; exec asterisk -C $PWD/etc/asterisk.conf -f -n"]
