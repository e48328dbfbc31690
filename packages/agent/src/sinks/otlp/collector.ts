import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { printable } from '@oomwatcher/explain';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as v from 'valibot';

/** An answer has some words. */
const maxAnswerBytes = 64 * 1024;

/** However long the collector asks to be left alone. */
const maxRetryAfterMs = 5 * 60_000;

const maxReasonLength = 300;

/**
 * Whose fault it is that records are not taken. `collector`: it is away, busy, or not the one that was meant; they are
 * taken later. `records`: perhaps theirs, and fewer of them may be taken. `final`: theirs, in a collector's own word.
 */
export type Fault = 'collector' | 'records' | 'final';

/** It has not taken the records. The message is a part of a sentence, and none of its own words are in it. */
export class NotTaken extends Error {
  readonly code = 'ERR_OTLP_NOT_TAKEN';
  override readonly name = 'NotTaken';
  readonly fault: Fault;
  /** How long it wants to be left alone. */
  readonly afterMs: number;

  constructor(message: string, { fault = 'collector' as Fault, afterMs = 0 } = {}) {
    super(message);
    this.fault = fault;
    this.afterMs = afterMs;
  }
}

/**
 * To be tried again by the protocol (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes), or of the way to
 * the collector, which somebody will mend: rights, a path, a proxy.
 */
const notOfRecords = new Set([
  401, 402, 403, 404, 405, 407, 408, 421, 425, 429, 502, 503, 504, 511,
]);

/** By the protocol the answer to what is wrong in a request is a Status (google.rpc). A page of a proxy's is none. */
const statusSchema = v.object({
  code: v.optional(v.pipe(v.number(), v.integer())),
  message: v.string(),
});

/** ExportLogsServiceResponse, in which 64-bit numbers may be texts (protobuf's JSON). */
const answerSchema = v.object({
  partialSuccess: v.nullish(
    v.object({
      rejectedLogRecords: v.nullish(
        v.pipe(
          v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,18}$/), v.transform(Number))]),
          v.integer(),
          v.minValue(0),
        ),
      ),
    }),
  ),
});

/**
 * An OpenTelemetry collector, asked over HTTP with JSON. The headers, certificates and compression are those of the
 * OTEL_EXPORTER_OTLP_ variables. The library's own exporter is not used: it takes every 2xx for a success, a login page
 * and an answer that is cut as well, does not say what was rejected, and an answer that trickles never ends for it.
 */
export class Collector {
  readonly #options: ReturnType<typeof convertLegacyHttpOptions>;
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  #agent: http.Agent | undefined;

  constructor(url: string, timeoutMs: number) {
    this.#url = logsUrl(url);
    this.#timeoutMs = timeoutMs;
    this.#options = convertLegacyHttpOptions({ url: this.#url.href }, 'LOGS', 'v1/logs', {
      'Content-Type': 'application/json',
    });
  }

  /** Its address, for people: a password may be in it. */
  get address(): string {
    return printable(this.#url.origin);
  }

  /**
   * Returns how many of the records it has rejected for good.
   *
   * @throws NotTaken
   */
  async send(records: readonly ReadableLogRecord[]): Promise<number> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    try {
      const signal = AbortSignal.any([limit, this.#ending.signal]);
      const response = await this.#post([...records], signal);
      const body = await text(response);
      return Math.min(rejectedIn(response, body), records.length);
    } catch (error) {
      if (error instanceof NotTaken) throw error;
      if (limit.aborted) throw new NotTaken(`no answer in ${this.#timeoutMs / 1000} s`);
      const { code, message, name } = error as NodeJS.ErrnoException;
      throw new NotTaken(printable(message || code || name).slice(0, maxReasonLength));
    }
  }

  /** Ends what is on its way. */
  close(): void {
    this.#ending.abort();
    this.#agent?.destroy();
  }

  async #post(records: ReadableLogRecord[], signal: AbortSignal): Promise<IncomingMessage> {
    const { protocol } = this.#url;
    this.#agent ??= await this.#options.agentFactory(protocol);
    const headers = { ...(await this.#options.headers()) };
    let body = Buffer.from(JsonLogsSerializer.serializeRequest(records) ?? []);
    if (this.#options.compression === 'gzip') {
      body = await promisify(gzip)(body);
      headers['Content-Encoding'] = 'gzip';
    }
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    (protocol === 'http:' ? http : https)
      .request(this.#url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': body.length },
        agent: this.#agent,
        signal,
      })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
    return promise;
  }
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxAnswerBytes) throw new NotTaken(notACollector(response));
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

/** @throws NotTaken */
function rejectedIn({ statusCode = 0, headers }: IncomingMessage, body: string): number {
  if (statusCode < 200 || statusCode >= 300) {
    throw new NotTaken(`it answered ${statusCode}`, {
      fault: faultOf(statusCode, body),
      afterMs: retryAfter(headers['retry-after']),
    });
  }
  // The message with nothing in it has no bytes in protobuf, and some collectors answer so.
  if (body.trim() === '' && !headers['content-type']?.startsWith('text/html')) return 0;
  const answer = v.safeParse(answerSchema, parsed(body));
  if (!answer.success) throw new NotTaken(notACollector({ statusCode }));
  return answer.output.partialSuccess?.rejectedLogRecords ?? 0;
}

function faultOf(statusCode: number, body: string): Fault {
  if (statusCode < 400 || notOfRecords.has(statusCode)) return 'collector';
  const isOfRecords = statusCode === 400 || statusCode === 413 || statusCode === 422;
  return isOfRecords && v.is(statusSchema, parsed(body)) ? 'final' : 'records';
}

function notACollector({ statusCode }: Pick<IncomingMessage, 'statusCode'>): string {
  return `what answered ${statusCode} there is no OpenTelemetry collector`;
}

/** undefined: no JSON object. */
function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function retryAfter(header: string | undefined): number {
  const seconds = Number(header ?? 0);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? '') - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? 0 : Math.min(maxRetryAfterMs, Math.max(0, ms));
}

function logsUrl(url: string): URL {
  const parsed = new URL(url);
  if (parsed.pathname === '/') parsed.pathname = '/v1/logs';
  return parsed;
}
