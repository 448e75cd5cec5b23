#!/bin/sh
# Makes missing secrets for docker-compose.yml. Run it as root; only the containers' users can read the secrets.
set -eu
umask 077

folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)/secrets
mkdir -p "$folder"

# In the container a secret has the same owner as here. 10001: the service. 999: PostgreSQL's group.
secret() { # NAME OWNER MODE
    if [ -s "$folder/$1" ]; then return; fi
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$1.new"
    chown "$2" "$folder/$1.new"
    chmod "$3" "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    printf 'made %s\n' "$folder/$1"
}

secret token 10001:10001 400
secret database_password 10001:999 440
