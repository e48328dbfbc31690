import { describe, expect, test } from 'vitest';
import { meaningOf } from '../src/answer.js';

const asked = 'create events in the namespace shop';

function status(code: number, more: object = {}) {
  return { status: code, body: { kind: 'Status', message: 'm', ...more } };
}

describe('what an answer of the API server means', () => {
  test.each([
    [status(201), { kind: 'done' }],
    [status(409, { reason: 'AlreadyExists' }), { kind: 'exists' }],
    [status(409, { reason: 'Conflict' }), { kind: 'retry' }],
    [status(404, { details: { kind: 'events' } }), { kind: 'missing' }],
    [status(404, { details: { kind: 'namespaces' } }), { kind: 'namespace gone' }],
    [
      status(403, { details: { causes: [{ reason: 'NamespaceTerminating' }] } }),
      { kind: 'namespace gone' },
    ],
    [status(403), { kind: 'refused' }],
    [status(401), { kind: 'retry' }],
    [status(408), { kind: 'retry' }],
    [status(400), { kind: 'invalid' }],
    [status(413), { kind: 'invalid' }],
    [status(422), { kind: 'invalid' }],
    [status(500), { kind: 'retry' }],
    [status(504), { kind: 'retry' }],
    [
      { ...status(429), retryAfterMs: 7000 },
      { kind: 'retry', afterMs: 7000 },
    ],
    [{ status: 502, body: undefined }, { kind: 'retry' }],
  ])('%j', (response, meaning) => {
    expect(meaningOf(response, asked)).toMatchObject(meaning);
  });

  test('of a refusal names what is to be granted', () => {
    expect(meaningOf(status(403), asked)).toMatchObject({
      reason: `the agent may not ${asked}: grant it to its ServiceAccount in a ClusterRole (403, m)`,
    });
  });

  test('is one line, whatever a server says', () => {
    const meaning = meaningOf(status(500, { message: `a\n\x1b[2J${'x'.repeat(9999)}` }), asked);
    expect(meaning).toMatchObject({ reason: expect.not.stringMatching(/[\n\x1b]/) });
    expect('reason' in meaning ? meaning.reason.length : 0).toBeLessThan(500);
  });
});
