import { Router } from 'express';
import { Page } from './components/layout.tsx';
import { SchemaView, type Schema } from './components/schema.tsx';
import { sendPage } from './page.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  /** Where its address starts, if that is elsewhere. */
  readonly servers?: readonly { readonly url: string }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** As much of an OpenAPI 3.1 document as the page shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The API reference: made from the OpenAPI document, readable without a script. */
export function referencePage(document: ApiDocument): Router {
  const router = Router();

  router.get('/api/docs', (_request, response) => {
    sendPage(response, <ReferencePage document={document} />, 'public, max-age=300');
  });

  return router;
}

interface Call extends Operation {
  readonly method: string;
  readonly path: string;
}

function ReferencePage({ document }: { readonly document: ApiDocument }) {
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Call => ({ method, path, ...operation })),
  );
  const tags = [...new Set(calls.flatMap(({ tags: [tag] }) => tag ?? []))];
  return (
    <Page title="API reference" description={document.info.description ?? ''} indexed>
      <div class="wrap reference">
        <h1>{document.info.title}</h1>
        <p class="lead">{document.info.description}</p>
        <p>
          Addresses start with <code>{document.servers?.[0]?.url}</code>. Send your API key as{' '}
          <code>Authorization: Bearer …</code>. For programs:{' '}
          <a href="/api/openapi.json">OpenAPI 3.1 document</a>.
        </p>
        <nav class="card" aria-labelledby="contents">
          <h2 id="contents">Contents</h2>
          <ul class="contents">
            {tags.map((tag) => (
              <li>
                <a href={`#${tag}`}>{tag}</a>
              </li>
            ))}
            <li>
              <a href="#schemas">schemas</a>
            </li>
          </ul>
        </nav>
        {tags.map((tag) => (
          <section aria-labelledby={tag}>
            <h2 id={tag}>{tag}</h2>
            {calls
              .filter(({ tags: [first] }) => first === tag)
              .map((call) => (
                <CallView call={call} />
              ))}
          </section>
        ))}
        <section aria-labelledby="schemas">
          <h2 id="schemas">schemas</h2>
          {Object.entries(document.components.schemas).map(([name, schema]) => (
            <article class="card" id={`schema-${name}`}>
              <h3>{name}</h3>
              <SchemaView schema={schema} />
            </article>
          ))}
        </section>
      </div>
    </Page>
  );
}

function CallView({ call }: { readonly call: Call }) {
  return (
    <article class="card" id={call.operationId}>
      <h3>
        <code>
          {call.method.toUpperCase()} {call.servers?.[0]?.url}
          {call.path}
        </code>
      </h3>
      <p>{call.summary}</p>
      {call.parameters !== undefined && call.parameters.length > 0 && (
        <Parameters parameters={call.parameters} />
      )}
      {call.requestBody !== undefined && (
        <Bodies title="You send" content={call.requestBody.content} />
      )}
      {Object.entries(call.responses)
        .filter(([status]) => status.startsWith('2'))
        .map(([status, { content }]) => (
          <Bodies title={`You get ${status}`} content={content ?? {}} />
        ))}
    </article>
  );
}

function Parameters({ parameters }: { readonly parameters: readonly Parameter[] }) {
  return (
    <ul class="plain-list">
      {parameters.map(({ name, in: place, required, schema, description }) => (
        <li>
          <code>{name}</code>{' '}
          <span class="note">
            in {place}
            {required === true ? ', required' : ''}. {description}
          </span>{' '}
          {schema !== undefined && <SchemaView schema={schema} />}
        </li>
      ))}
    </ul>
  );
}

function Bodies({ title, content }: { readonly title: string; readonly content: Content }) {
  const bodies = Object.entries(content);
  if (bodies.length === 0) return <p class="note">{title}, without a body.</p>;
  return (
    <>
      {bodies.map(([type, { schema }]) => (
        <details>
          <summary>
            {title} <span class="note">{type}</span>
          </summary>
          {schema !== undefined && <SchemaView schema={schema} />}
        </details>
      ))}
    </>
  );
}
