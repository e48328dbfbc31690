import { describe, expect, test } from 'vitest';
import { meaningOf } from '../src/answer.js';
import { isEvent } from '../src/api-objects.js';

const asked = 'create events in the namespace shop';
const contentType = 'application/json';
const expected = {
  status: 201,
  read: (body: unknown) => (isEvent(body, { name: 'a', namespace: 'shop' }) ? body : undefined),
} as const;

function status(code: number, more: object = {}) {
  return {
    status: code,
    contentType,
    body: { kind: 'Status', apiVersion: 'v1', code, message: 'm', ...more },
  };
}

function event(code: number, name = 'a', kind = 'Event') {
  return {
    status: code,
    contentType,
    body: { kind, apiVersion: 'v1', metadata: { name, namespace: 'shop' } },
  };
}

describe('what an answer of the API server means', () => {
  test.each([
    [event(201), { kind: 'done' }],
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
    [{ status: 502, body: undefined, contentType }, { kind: 'retry' }],
  ])('%j', (response, meaning) => {
    expect(meaningOf(response, asked, expected)).toMatchObject(meaning);
  });

  test.each([
    ['a login page', { status: 200, body: undefined, contentType: 'text/html' }],
    ['nothing at all', { status: 204, body: undefined, contentType: 'no content type' }],
    ['an event with another status', event(200)],
    ['another event', event(201, 'b')],
    ['another object', event(201, 'a', 'Pod')],
    ['null', { status: 201, body: null, contentType }],
    ['a Status that says success', status(201, { status: 'Success' })],
  ])('is "later" for a success that is %s', (_, response) => {
    expect(meaningOf(response, asked, expected)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('look what stands between the two'),
    });
  });

  test.each([200, 301, 307, 400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 451, 500, 599])(
    'is "later" for a %i that is not the server’s own word',
    (code) => {
      const bodies = [undefined, null, 'text', 7, [], {}, { message: 'no' }, { kind: 'Pod' }];
      const others = [...bodies, { kind: 'Status', code: code + 1, reason: 'AlreadyExists' }];
      for (const body of others) {
        const meaning = meaningOf({ status: code, body, contentType }, asked, expected);
        expect(meaning.kind, JSON.stringify(body)).toBe('retry');
      }
    },
  );

  test('of a refusal names what is to be granted', () => {
    expect(meaningOf(status(403), asked, expected)).toMatchObject({
      reason: `the agent may not ${asked}: grant it to its ServiceAccount in a ClusterRole (403, m)`,
    });
  });

  test('is one line, whatever a server says', () => {
    const said = { message: `a\n\x1b[2J${'x'.repeat(9999)}` };
    const meaning = meaningOf(status(500, said), asked, expected);
    expect(meaning).toMatchObject({ reason: expect.not.stringMatching(/[\n\x1b]/) });
    expect('reason' in meaning ? meaning.reason.length : 0).toBeLessThan(500);
  });
});
