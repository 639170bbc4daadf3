import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createReplies } from '../../src/server/replies.ts';
import { serve } from '../helpers/serve.ts';

/** Asks so many times at once, and gives the replies once all requests are there. */
async function askTogether(times: number) {
  const { promise, resolve } = Promise.withResolvers<readonly ServerResponse[]>();
  const waiting: ServerResponse[] = [];
  const { origin } = await serve((_request, reply) => {
    waiting.push(reply);
    if (waiting.length === times) resolve(waiting);
  });
  const answers = Array.from({ length: times }, () => fetch(origin).then((answer) => answer.text()));
  return { answers, replies: await promise };
}

describe('answers of one turn', () => {
  it('reach who has asked, each their own', async () => {
    const { send } = createReplies();
    const { answers, replies } = await askTogether(3);
    for (const [index, reply] of replies.entries()) send(reply, 'application/json', `{"answer":"${index} ü"}`);
    expect(replies.map(({ headersSent }) => headersSent)).toEqual([false, false, false]);
    expect((await Promise.all(answers)).toSorted()).toEqual([0, 1, 2].map((index) => `{"answer":"${index} ü"}`));
  });

  it('are sent although one of them cannot be', async () => {
    const { send } = createReplies();
    const { answers, replies } = await askTogether(3);
    replies[0]?.writeHead(500).end('broken');
    for (const reply of replies) send(reply, 'application/json', Buffer.from('{}'));
    const told = await Promise.allSettled(answers);
    expect(told.filter((answer) => answer.status === 'fulfilled' && answer.value === '{}')).toHaveLength(2);
  });
});
