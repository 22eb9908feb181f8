import { parseSettings } from './config/settings.ts';
import { formatRefusal, ServiceError } from './shared/errors.ts';
import { serve } from './start.ts';

try {
  await serve(parseSettings());
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  process.stderr.write(`${formatRefusal(error)}\n`);
  process.exitCode = 1;
}
