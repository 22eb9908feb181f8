/** A JSON Schema as OpenAPI 3.1 writes it; what is not here is not shown. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

/** What a value looks like: its type in words, and a list of its members. */
export function SchemaView({ schema }: { readonly schema: Schema }) {
  const members = Object.entries(
    (schema.type === 'array' ? schema.items : schema)?.properties ?? {},
  );
  const required = (schema.type === 'array' ? schema.items : schema)?.required ?? [];
  return (
    <>
      <span class="note">
        <TypeName schema={schema} />
        {describe(schema)}
      </span>
      {members.length > 0 && (
        <ul class="plain-list schema">
          {members.map(([name, member]) => (
            <li>
              <code>{name}</code>
              {required.includes(name) ? '' : '?'} <SchemaView schema={member} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function TypeName({ schema }: { readonly schema: Schema }) {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return <a href={`#schema-${name}`}>{name}</a>;
  if (schema.type === 'array' && schema.items !== undefined) {
    return (
      <>
        list of <TypeName schema={schema.items} />
      </>
    );
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return (
      <>
        {choices.map((choice, i) => (
          <>
            {i > 0 && ' or '}
            <TypeName schema={choice} />
          </>
        ))}
      </>
    );
  }
  return <>{typeOf(schema)}</>;
}

function typeOf({ type, format, enum: values, const: only }: Schema): string {
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  const name = typeof type === 'string' ? type : (type?.join(' or ') ?? 'anything');
  return format === undefined ? name : `${name} (${format})`;
}

function describe({
  description,
  maxLength,
  minimum,
  maximum,
  maxItems,
  default: usual,
}: Schema): string {
  const facts = [
    maxLength === undefined ? '' : `up to ${maxLength} characters`,
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    maxItems === undefined ? '' : `up to ${maxItems} items`,
    usual === undefined ? '' : `if left out: ${JSON.stringify(usual)}`,
    description ?? '',
  ].filter((fact) => fact !== '');
  return facts.length === 0 ? '' : `, ${facts.join(', ')}`;
}
