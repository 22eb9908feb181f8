import { z } from 'zod';
import { awardSheetLimits } from '../../domain/award-sheet.ts';
import type { AwardImportService } from '../../services/awards/award-imports.ts';
import { route, type Route, type TextBody } from '../route.ts';
import { idSchema } from '../schemas.ts';

const yesOrNo = z.enum(['true', 'false']).default('false');

const importQuery = z.strictObject({ dryRun: yesOrNo, skipBad: yesOrNo });

const rowSchema = z.object({
  line: z.number().int(),
  outcome: z.enum(['awarded', 'alreadyAwarded', 'failed', 'ready']),
  issuance: idSchema.optional(),
  issues: z
    .array(z.object({ column: z.string().optional(), code: z.string(), message: z.string() }))
    .optional(),
});

const reportSchema = z
  .object({
    dryRun: z.boolean(),
    total: z.number().int(),
    awarded: z.number().int(),
    alreadyAwarded: z.number().int(),
    failed: z.number().int(),
    rows: z.array(rowSchema),
    notUsed: z.array(z.string()),
  })
  .meta({ id: 'AwardImportReport' });

export function awardImportRoutes(awardImports: AwardImportService): readonly Route[] {
  return [
    route<undefined, z.infer<typeof importQuery>, TextBody>({
      method: 'post',
      path: '/awards/import',
      tag: 'awards',
      summary:
        'Award what a sheet (CSV) says: all rows, or none when one is not right; 422 carries the same report',
      query: importQuery,
      body: { document: ['text/csv'], maxBytes: awardSheetLimits.bytes },
      response: reportSchema,
      status: 200,
      handle: async ({ actor, query, body }) => ({
        body: await awardImports.importSheet(actor, body.text, {
          dryRun: query.dryRun === 'true',
          skipBad: query.skipBad === 'true',
        }),
      }),
    }),
  ];
}
