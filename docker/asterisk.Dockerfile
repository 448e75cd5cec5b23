# Asterisk alone. The service writes its configuration into a volume that both see under the same path.
# By tag, not by digest: no image registry could be reached where this was written. docs/operations.md says how to pin it.
ARG BASE=debian:sid-slim
FROM $BASE

RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /usr/lib/asterisk && ln -s /usr/lib/*-linux-gnu/asterisk/modules /usr/lib/asterisk/modules \
 && groupadd --gid 10002 wutong-asterisk \
 && useradd --uid 10002 --gid 10002 --no-create-home wutong-asterisk \
 && useradd --uid 10001 --no-create-home --groups wutong-asterisk wutong

# The owners of the volumes. service.Dockerfile has the same lines, as either container may start first.
RUN install -d -o wutong -g wutong-asterisk -m 710 /var/lib/wutong \
 && install -d -o wutong -g wutong-asterisk -m 2750 /var/lib/wutong/sounds /var/lib/wutong-asterisk \
        /var/lib/wutong-asterisk/etc \
 && cd /var/lib/wutong-asterisk \
 && install -d -o wutong -g wutong-asterisk -m 2770 /var/lib/wutong/recordings \
        run log spool spool/monitor db keys agi

USER wutong-asterisk
# Asterisk's control socket has a path relative to this folder.
WORKDIR /var/lib/wutong-asterisk
# The command itself waits for the file that the service writes last. With a dependency in Compose each new container of the
# service would make this one anew and end all calls.
CMD ["sh", "-c", "umask 007; until [ -e etc/udptl.conf ]; do sleep 1; done; RES_OPTIONS=$(tail -n 1 etc/resolver) exec asterisk -C $PWD/etc/asterisk.conf -f -n"]
