import { z } from 'zod';
import type { Framework, Standard } from '../../domain/standards.ts';
import { maxDocumentBytes } from '../../services/frameworks/framework-documents.ts';
import type { FrameworkImportService } from '../../services/frameworks/framework-imports.ts';
import type { FrameworkService } from '../../services/frameworks/frameworks.ts';
import { route, type Route, type TextBody } from '../route.ts';
import {
  idParams,
  idSchema,
  pageOf,
  pageQuery,
  textSchema,
  timestampSchema,
  webAddressSchema,
} from '../schemas.ts';

const levelSchema = z
  .strictObject({
    ordinal: z.number().int().min(1).max(100),
    name: textSchema(100),
    description: textSchema(2000).or(z.literal('')).default(''),
  })
  .meta({ id: 'Level' });
const levelsSchema = z.array(levelSchema).max(100);

const rubricSchema = z
  .object({
    identifier: z.string(),
    uri: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    criteria: z.array(
      z.object({
        identifier: z.string(),
        category: z.string().optional(),
        description: z.string().optional(),
        standard: z.string().optional(),
        position: z.number().optional(),
        levels: z.array(
          z.object({
            identifier: z.string(),
            quality: z.string().optional(),
            description: z.string().optional(),
            score: z.number().optional(),
            position: z.number().optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'PublishedRubric', description: 'A CASE CFRubric that came with the framework' });

const frameworkSchema = z
  .object({
    id: idSchema,
    identifier: z.string(),
    uri: z.string(),
    title: z.string(),
    creator: z.string().optional(),
    publisher: z.string().optional(),
    description: z.string().optional(),
    version: z.string().optional(),
    language: z.string().optional(),
    licenseUri: z.string().optional(),
    levels: z.array(levelSchema),
    rubrics: z.array(rubricSchema).optional(),
    imports: z.number().int(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Framework' });

const newFrameworkSchema = z
  .strictObject({
    title: textSchema(500),
    creator: textSchema(200).optional(),
    publisher: textSchema(200).optional(),
    description: textSchema(5000).optional(),
    version: textSchema(50).optional(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language code such as en or en-US')
      .optional(),
    licenseUri: webAddressSchema(500).optional(),
    levels: levelsSchema.optional(),
  })
  .meta({ id: 'NewFramework' });

const standardStateSchema = z.enum(['current', 'retired']);

const standardSchema = z
  .object({
    id: idSchema,
    framework: idSchema,
    identifier: z.string(),
    uri: z.string(),
    statement: z.string(),
    code: z.string().optional(),
    abbreviatedStatement: z.string().optional(),
    type: z.string().optional(),
    educationLevel: z.array(z.string()),
    parents: z.array(z.string()),
    sequence: z.number(),
    state: standardStateSchema,
  })
  .meta({ id: 'Standard' });

const reportSchema = z
  .object({
    framework: z.object({ id: idSchema.optional(), title: z.string() }),
    created: z.number().int(),
    updated: z.number().int(),
    retired: z.number().int(),
    unchanged: z.number().int(),
    warnings: z.array(
      z.object({
        code: z.string(),
        path: z.string(),
        identifier: z.string().optional(),
        message: z.string(),
        more: z.number().int().optional(),
      }),
    ),
  })
  .meta({ id: 'FrameworkImportReport' });

const importQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional(),
  title: textSchema(500).optional(),
  framework: idSchema.optional(),
});

const standardsQuery = z.strictObject({
  ...pageQuery,
  q: z.string().trim().max(200).optional(),
  parent: z.string().max(200).optional(),
  state: standardStateSchema.optional(),
});

export interface FrameworkServices {
  readonly frameworks: FrameworkService;
  readonly frameworkImports: FrameworkImportService;
}

export function frameworkRoutes(services: FrameworkServices): readonly Route[] {
  return [...changing(services), ...reading(services)];
}

function changing({ frameworks, frameworkImports }: FrameworkServices): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/frameworks',
      tag: 'frameworks',
      summary: 'Make a framework of your own; standards are imported into it later',
      body: newFrameworkSchema,
      response: frameworkSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const framework = presentFramework(await frameworks.create(actor, body));
        return { body: framework, headers: location(framework.id) };
      },
    }),
    route<undefined, z.infer<typeof importQuery>, TextBody>({
      method: 'post',
      path: '/frameworks/import',
      tag: 'frameworks',
      summary:
        'Import a CASE package, a sheet of standards, or {"url": …} of either; importing again updates',
      query: importQuery,
      body: { document: ['application/json', 'text/csv'], maxBytes: maxDocumentBytes },
      response: reportSchema,
      status: 200,
      handle: async ({ actor, query: { dryRun, ...query }, body }) => {
        const options = { ...query, dryRun: dryRun === 'true' };
        const { made, ...report } = await frameworkImports.importDocument(actor, body, options);
        const { id } = report.framework;
        return made && id !== undefined
          ? { status: 201, headers: location(id), body: report }
          : { body: report };
      },
    }),
    route({
      method: 'put',
      path: '/frameworks/:id/levels',
      tag: 'frameworks',
      summary: 'The levels 1, 2, 3 … that your school cuts the framework into',
      params: idParams,
      body: levelsSchema,
      response: frameworkSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: presentFramework(await frameworks.putLevels(actor, params.id, body)),
      }),
    }),
  ];
}

function reading({ frameworks }: FrameworkServices): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/frameworks',
      tag: 'frameworks',
      summary: 'List the frameworks of your school, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(frameworkSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await frameworks.list(actor, query);
        return { body: { items: items.map(presentInList), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/frameworks/:id',
      tag: 'frameworks',
      summary: 'One framework with its levels and the rubrics that came with it',
      params: idParams,
      response: frameworkSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentFramework(await frameworks.get(actor, params.id)),
      }),
    }),
    route({
      method: 'get',
      path: '/frameworks/:id/standards',
      tag: 'frameworks',
      summary:
        'Standards in reading order: by words or code (q), below a parent (its id, or root), by state',
      params: idParams,
      query: standardsQuery,
      response: pageOf(standardSchema),
      status: 200,
      handle: async ({ actor, params, query }) => {
        const { items, ...page } = await frameworks.listStandards(actor, params.id, query);
        return { body: { items: items.map(presentStandard), ...page } };
      },
    }),
  ];
}

function location(id: string) {
  return { Location: `/api/v1/frameworks/${id}` };
}

function presentFramework({
  organization: _organization,
  source: _source,
  ...framework
}: Framework) {
  return framework;
}

function presentInList(framework: Framework) {
  const { rubrics: _rubrics, ...rest } = presentFramework(framework);
  return rest;
}

function presentStandard({ organization: _organization, ...standard }: Standard) {
  return standard;
}
