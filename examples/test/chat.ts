import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it came; `key` is its idempotency key. */
export interface Message {
  key: string;
  text: string;
}

/** A chat's incoming webhook on loopback. */
export async function openChat() {
  const messages: Message[] = [];
  const chat = {
    messages,
    url: '',
    /** What it does with a message that came; default: it takes it. */
    answer: (response: ServerResponse, _message: Message): unknown => response.end('ok'),
    /** The keys under which a process was told of. */
    keysOf: (pid: number) =>
      new Set(messages.filter(({ text }) => text.includes(` (${pid})`)).map(({ key }) => key)),
    timesTold: (pid: number) => messages.filter(({ text }) => text.includes(` (${pid})`)).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const text of request.setEncoding('utf8')) body += text;
    const key = String(request.headers['idempotency-key']);
    const message: Message = { key, ...JSON.parse(body) };
    messages.push(message);
    chat.answer(response, message);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  chat.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return chat;
}
