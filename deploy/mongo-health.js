// For mongosh, as the health check of the database: on the first run it starts the replica set and makes Cairn's account.
const { readFileSync } = require('fs');
const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();

const admin = db.getSiblingDB('admin');
admin.auth('root', secret('mongo_root_password'));
if (admin.hello().setName === undefined) {
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
}
if (!admin.hello().isWritablePrimary) quit(1);
if (admin.getUser('cairn') === null) {
  admin.createUser({
    user: 'cairn',
    pwd: secret('mongo_cairn_password'),
    roles: [
      { role: 'readWrite', db: 'cairn' },
      { role: 'dbAdmin', db: 'cairn' },
    ],
  });
}
