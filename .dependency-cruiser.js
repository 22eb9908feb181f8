// Who may import whom (docs/adr/0001-layers.md). Imports point downwards only; type imports count too.
const layers = {
  shared: [],
  images: ['domain', 'shared'],
  config: ['shared'],
  observability: ['config', 'shared'],
  domain: ['shared'],
  credentials: ['domain', 'shared'],
  mail: ['shared'],
  storage: ['domain', 'shared'],
  services: ['credentials', 'domain', 'images', 'storage', 'shared'],
  issuance: ['domain', 'services', 'storage', 'shared'],
  auth: ['domain', 'services', 'storage', 'shared'],
  api: ['auth', 'domain', 'services', 'shared'],
  web: ['auth', 'domain', 'services', 'shared'],
};

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

/** Keeps a package inside the folders that wrap it. */
const only = (name, packages, homes) =>
  rule(
    name,
    { path: '^src/', pathNot: `^src/(${homes})` },
    { path: `node_modules/(${packages})/` },
  );

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    ...Object.entries(layers).map(([folder, allowed]) =>
      rule(
        `${folder}-imports`,
        { path: `^src/${folder}/` },
        { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
      ),
    ),
    rule(
      'cli-imports',
      { path: '^src/cli/' },
      { path: '^src/', pathNot: '^src/(cli|services|config|shared)/|^src/(compose|start)' },
    ),
    rule(
      'services-see-stores-as-types',
      { path: '^src/services/' },
      { path: '^src/storage/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'embedded-engine-stands-alone',
      { path: '^src/storage/embedded/' },
      { path: '^src/', pathNot: '^src/storage/embedded/' },
    ),
    only('mongoose-stays-in-storage', 'mongoose', 'storage/'),
    only('sqlite-stays-in-the-engine', '@photostructure/sqlite', 'storage/embedded/'),
    only('signing-stays-in-credentials', 'jose|jsonld|@digitalbazaar', 'credentials/'),
    only('undici-stays-in-the-guarded-fetch', 'undici', 'shared/safe-fetch'),
    only('metrics-stay-in-observability', 'prom-client', 'observability/'),
    only('redis-stays-in-issuance', 'bullmq|ioredis|@bull-board', 'issuance/'),
    only('nodemailer-stays-in-mail', 'nodemailer', 'mail/'),
    only('express-stays-at-the-rim', 'express', '(api|web|auth|observability)/|app|start'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
