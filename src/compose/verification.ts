import type { Settings } from '../config/settings.ts';
import { createVerifyEngine } from '../credentials/verify/engine/engine.ts';
import { createLogger } from '../observability/logger.ts';
import { createRegistryService } from '../services/verification/registries.ts';
import { createVerificationService } from '../services/verification/verification.ts';
import { systemClock } from '../shared/clock.ts';
import { createSafeFetch } from '../shared/safe-fetch.ts';

/** Verification without a store, for the command line of somebody who only wants to check a badge. */
export function composeVerification(settings: Settings) {
  const fetch = createSafeFetch({ allow: settings.fetchAllow });
  const log = createLogger('error');
  const registries = createRegistryService({
    sources: settings.registries,
    fetch,
    log,
    now: systemClock,
  });
  return createVerificationService({
    engine: createVerifyEngine(),
    fetch,
    findIssuer: async (id) => ({ own: false, ...(await registries.find(id)) }),
    now: systemClock,
  });
}
