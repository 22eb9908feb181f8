#!/bin/sh
# Makes the secrets that compose.yaml mounts, once. Only their folder is closed to other accounts of this machine:
# inside a container each file belongs to another user, who has to read it.
set -eu
umask 077
cd "$(dirname "$0")"
command -v openssl > /dev/null || {
  echo 'This needs openssl, which is not there; nothing was changed.' >&2
  exit 1
}
mkdir secrets || {
  echo 'The secrets are there already (deploy/secrets); nothing was changed.' >&2
  exit 1
}
cd secrets

mongo=$(openssl rand -hex 24)
redis=$(openssl rand -hex 24)
openssl rand -hex 24 > mongo_root_password
openssl rand -base64 756 > mongo_keyfile
echo "$mongo" > mongo_cairn_password
echo "mongodb://cairn:$mongo@mongo:27017/?replicaSet=rs0&authSource=admin" > mongodb_uri
echo "requirepass $redis" > redis_auth
echo "redis://:$redis@redis:6379" > redis_url
openssl rand -base64 32 > key_encryption_key
openssl rand -hex 24 > bootstrap_admin_key
chmod 444 ./*
# No secret is in these, and the same holds for them.
chmod a+r ../Caddyfile ../mongo-health.js ../redis.conf

echo 'Made deploy/secrets. Keep a copy of key_encryption_key elsewhere: without it nothing is ever signed after a restore.'
echo "Your owner API key: $(cat bootstrap_admin_key)"
