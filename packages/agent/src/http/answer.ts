import type { ServerResponse } from 'node:http';
import { jsonLine, printableJson } from '@oomwatcher/explain';

/** No script or style but our own files; no frame, no form, no other origin. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const securityHeaders = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** One answer, whole. */
export interface Answer {
  status: number;
  type: string;
  body: string | Uint8Array;
  headers?: Record<string, string>;
}

export function json(value: unknown, status = 200): Answer {
  return { status, type: jsonType, body: `${jsonLine(value)}\n` };
}

/** @param text JSON already */
export function storedJson(text: string): Answer {
  return { status: 200, type: jsonType, body: `${printableJson(text)}\n` };
}

const jsonType = 'application/json; charset=utf-8';

/** Why not, in one sentence. */
export function problem(status: number, reason: string, headers?: Record<string, string>): Answer {
  return { ...json({ error: reason }, status), ...(headers !== undefined && { headers }) };
}

export function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}
