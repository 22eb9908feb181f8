import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Schema, type Connection } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import { ServiceError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isDuplicate, schemaOptions } from './document.ts';

/** An imported document as it came, and the framework that it is about. */
export interface FrameworkSource {
  readonly framework: string;
  /** CASE identifier of the framework. */
  readonly identifier: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly text: string;
  readonly at: Date;
}

type Document = Omit<FrameworkSource, 'text'> & {
  _id: string;
  organization: string;
  /** gzip */
  content: Buffer;
};

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    framework: { type: String, required: true },
    identifier: { type: String, required: true },
    sha256: { type: String, required: true },
    contentType: { type: String, required: true },
    content: { type: Buffer, required: true },
    at: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, identifier: 1, sha256: 1 }, { unique: true });

/** A document of the store has at most 16 MiB. */
const maxContent = 15 * 1024 * 1024;
const maxText = 64 * 1024 * 1024;

export type FrameworkSourceStore = ReturnType<typeof createFrameworkSourceStore>;

/** Publishers tell more than Cairn reads (other associations, concepts, notes): every imported document is kept. */
export function createFrameworkSourceStore(connection: Connection) {
  const model = connection.model<Document>('FrameworkSource', schema, 'frameworkSources');

  return { keep, findFramework, find };

  /** Keeps the document once; answers the id of the framework that its first import was for. */
  async function keep(scope: Scope, { text, ...source }: FrameworkSource): Promise<string> {
    const { organization } = scope;
    const { identifier, sha256 } = source;
    const key = { organization, identifier, sha256 };
    const known = await model.findOne(key).select({ framework: 1 }).lean<Document>();
    if (known !== null) return known.framework;
    const content = await promisify(gzip)(text);
    if (content.length > maxContent) {
      throw new ServiceError('too-large', 'framework.too_large', 'This document is too large.');
    }
    try {
      await model.create({ _id: newId(), organization, ...source, content });
      return source.framework;
    } catch (error) {
      if (isDuplicate(error)) return keep(scope, { text, ...source });
      throw error;
    }
  }

  /** The framework that some import with this CASE identifier was begun for, even when it was not finished. */
  async function findFramework(
    { organization }: Scope,
    identifier: string,
  ): Promise<string | undefined> {
    const found = await model
      .findOne({ organization, identifier })
      .sort({ sha256: 1 })
      .select({ framework: 1 })
      .lean<Document>();
    return found?.framework;
  }

  async function find(
    { organization }: Scope,
    key: Pick<FrameworkSource, 'identifier' | 'sha256'>,
  ): Promise<FrameworkSource | undefined> {
    const found = await model.findOne({ organization, ...key });
    if (found === null) return undefined;
    const { framework, identifier, sha256, contentType, content, at } = found;
    const text = await promisify(gunzip)(content, { maxOutputLength: maxText });
    return { framework, identifier, sha256, contentType, text: text.toString('utf8'), at };
  }
}
