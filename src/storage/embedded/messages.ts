// MongoDB's wire protocol: OP_MSG both ways, and OP_QUERY with OP_REPLY for a driver's first handshake.
import { Long, deserialize } from 'bson';
import type { Command, Reply } from './command.ts';
import type { CursorReply } from './cursors.ts';
import type { Document } from './document.ts';
import { encodeDocument } from './document.ts';

export interface Request {
  readonly id: number;
  readonly legacy: boolean;
  /** The client reads no answer (write concern 0). */
  readonly silent: boolean;
  readonly command: Command;
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

export const HEADER_BYTES = 16;

const READ = { promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;
/** Numbers of an update keep their BSON types: they are stored. */
const EXACT = { promoteValues: false, bsonRegExp: true } as const;
const WITH_NUMBER_TYPES = new Set(['update', 'findAndModify', 'findandmodify']);

/** Throws on what is no message: the connection is then closed, as MongoDB does. */
export function parseMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === OP_QUERY) return parseQuery(message, id);
  if (operation !== OP_MSG) throw new Error(`Operation ${operation} is not supported`);
  const flags = message.readUInt32LE(16);
  const end = (flags & CHECKSUM_PRESENT) !== 0 ? message.length - 4 : message.length;
  return {
    id,
    legacy: false,
    silent: (flags & MORE_TO_COME) !== 0,
    command: readCommand(readSections(message.subarray(20, end))),
  };
}

function parseQuery(message: Buffer, id: number): Request {
  const nameEnd = message.indexOf(0, 20);
  const [db = ''] = message.toString('utf8', 20, nameEnd).split('.');
  // After the name: how many to skip and to return.
  const bytes = takeDocument(message, nameEnd + 9);
  const body: Document = deserialize(bytes, READ);
  const command = { name: firstKey(bytes), db, body, inserts: [] };
  return { id, legacy: true, silent: false, command };
}

interface Sections {
  readonly body: Buffer;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
}

function readSections(bytes: Buffer): Sections {
  let body: Buffer | undefined;
  const sequences = new Map<string, readonly Buffer[]>();
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at];
    const section = takeDocument(bytes, at + 1);
    if (kind === 0) body = section;
    else if (kind === 1) sequences.set(...readSequence(section));
    else throw new Error(`Section of kind ${String(kind)} is not supported`);
    at += 1 + section.length;
  }
  if (!body) throw new Error('Message without a body');
  return { body, sequences };
}

function readSequence(section: Buffer): [string, Buffer[]] {
  const nameEnd = section.indexOf(0, 4);
  const documents: Buffer[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const document = takeDocument(section, at);
    documents.push(document);
    at += document.length;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

/** A document, or a section, starts with its own length. */
function takeDocument(bytes: Buffer, at: number): Buffer {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > bytes.length) throw new Error('Message is cut off');
  return bytes.subarray(at, at + length);
}

function firstKey(document: Buffer): string {
  return document.toString('utf8', 5, document.indexOf(0, 5));
}

function readCommand({ body: bytes, sequences }: Sections): Command {
  const name = firstKey(bytes);
  const options = WITH_NUMBER_TYPES.has(name) ? EXACT : READ;
  const isInsert = name === 'insert';
  const body: Document = deserialize(
    bytes,
    isInsert ? { ...options, fieldsAsRaw: { documents: true } } : options,
  );
  for (const [field, documents] of sequences) {
    body[field] = isInsert ? documents : documents.map((one) => deserialize(one, options));
  }
  const { $db: db, documents } = body;
  if (typeof db !== 'string') throw new Error('Message names no database');
  const inserts = isInsert && Array.isArray(documents) ? documents.filter(isBytes) : [];
  return { name, db, body, inserts };
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

let lastId = 0;

export function encodeAnswer({ id, legacy }: Request, reply: Reply): Buffer {
  const body = 'cursor' in reply ? encodeCursor(reply.cursor) : encodeDocument(reply.fields);
  const head = Buffer.alloc(HEADER_BYTES + (legacy ? 20 : 5));
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE((lastId = (lastId + 1) & 0x7fffffff), 4);
  head.writeInt32LE(id, 8);
  head.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  // OP_REPLY: flags, cursor, place, and one document. OP_MSG: flags and a section of kind 0.
  if (legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
}

const BSON_DOUBLE = 1;
const BSON_STRING = 2;
const BSON_DOCUMENT = 3;
const BSON_ARRAY = 4;
const BSON_LONG = 18;

/** `{ cursor: { firstBatch | nextBatch: […], id, ns }, ok: 1 }` around documents that are bytes already. */
function encodeCursor({ field, batch, id, ns }: CursorReply): Buffer {
  const items = batch.map((bytes, n) => element(BSON_DOCUMENT, String(n), bytes));
  const cursor = document([
    element(BSON_ARRAY, field, document(items)),
    element(BSON_LONG, 'id', Buffer.from(Long.fromNumber(id).toBytesLE())),
    element(BSON_STRING, 'ns', bsonString(ns)),
  ]);
  const ok = Buffer.alloc(8);
  ok.writeDoubleLE(1);
  return document([element(BSON_DOCUMENT, 'cursor', cursor), element(BSON_DOUBLE, 'ok', ok)]);
}

function document(elements: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  const bytes = Buffer.concat([length, ...elements, Buffer.from([0])]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
}

function element(type: number, name: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), payload]);
}

function bsonString(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
