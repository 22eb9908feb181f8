// Runs a script that can write no file larger than so many blocks: limited.js BLOCKS SCRIPT ARGUMENT…
import { spawnSync } from 'node:child_process';

const [blocks, ...script] = process.argv.slice(2);
const { status, stderr, stdout } = spawnSync(
  'sh',
  ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, ...script],
  { encoding: 'utf8' },
);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status ?? 1;
