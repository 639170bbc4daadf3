import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedTransfer, sendFile } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('polling');
const patient = { timeout: 15_000, interval: 100 };
const slow = () => ({ bytes: randomBytes(400_000), targetRateKbps: 1_000 });

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => void Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } }),
  });
});
afterAll(() => stack?.stop());

/** A subscription of the example: over WebSocket a document has one operation. */
function subscriptionOf(name: string): string {
  const [text] = new RegExp(`subscription ${name}\\b[\\s\\S]*?\\n}\\n`).exec(example) ?? [];
  if (text === undefined) throw new Error(`there is no subscription ${name}`);
  return text;
}

interface Active {
  readonly asperaNode: { readonly transfers: { readonly nodes: readonly { readonly id: string }[] } };
}
interface State {
  readonly transfer: {
    readonly status: string;
    readonly progress: number | null;
    readonly endedAt: string | null;
  } | null;
}
interface Told {
  readonly transfers: {
    readonly transfer: { readonly id: string; readonly status: string } | null;
    readonly cursor: string;
  };
}
interface Progressed {
  readonly transferProgress: { readonly transfer: { readonly status: string; readonly progress: number | null } };
}

const active = async () =>
  (await stack.everything.data<Active>(example, { node: 'london' }, 'ActiveTransfers')).asperaNode.transfers.nodes.map(
    ({ id }) => id,
  );
const state = async ({ id }: StartedTransfer) =>
  (await stack.everything.data<State>(example, { id }, 'TransferState')).transfer;

describe('polling', () => {
  it('finds what goes on, follows one transfer, and knows its end', async () => {
    const sent = await sendFile(stack, stack.everything, slow());
    expect(await active()).toEqual([sent.id]);
    const seen: (number | null)[] = [];
    const status = async () => {
      const now = await state(sent);
      seen.push(now?.progress ?? null);
      return now?.status;
    };
    await expect.poll(status, patient).toBe('COMPLETED');
    expect(seen.at(-1)).toBe(1);
    expect(seen.slice(0, -1).every((progress) => progress === null || progress < 1)).toBe(true);
    expect(await active()).toEqual([]);
  });

  it('is told what went wrong and what to do about it', async () => {
    const sent = await sendFile(stack, stack.everything, { ...slow(), targetRateKbps: 500 });
    const [london] = stack.simulators.nodes;
    await expect.poll(async () => (await state(sent))?.status, patient).toBe('RUNNING');
    await london?.switches.breakTransfer?.({ id: sent.transferId, code: 25, description: 'No space left on device' });
    await expect
      .poll(() => state(sent), patient)
      .toMatchObject({
        status: 'FAILED',
        error: { code: 25, name: 'NO_SPACE_LEFT', retryable: false, advice: expect.stringContaining('Free space') },
      });
  });
});

describe('watching instead', () => {
  it('tells every change of a node, and goes on after the last cursor', async () => {
    const text = subscriptionOf('NodeTransfers');
    const events = stack.everything.subscribe<Told>(text, { node: 'london' });
    const first = events.next();
    // Slow enough for something to come after its first event.
    const sent = await sendFile(stack, stack.everything, slow());
    const cursor = (await first).value?.data?.transfers.cursor;
    await events.return?.();
    const later = stack.everything.subscribe<Told>(text, { node: 'london', after: cursor });
    for await (const { data } of later) {
      if (data?.transfers.transfer?.id === sent.id && data.transfers.transfer.status === 'COMPLETED') break;
    }
    expect((await state(sent))?.status).toBe('COMPLETED');
  });

  it('follows one transfer to its end, where it completes', async () => {
    const sent = await sendFile(stack, stack.everything, slow());
    const statuses: string[] = [];
    for await (const { data } of stack.everything.subscribe<Progressed>(subscriptionOf('UntilTheEnd'), {
      id: sent.id,
    })) {
      if (data) statuses.push(data.transferProgress.transfer.status);
    }
    expect(statuses.at(-1)).toBe('COMPLETED');
  });

  it('works by the command of the page, as events of one HTTP answer', async () => {
    const page = readFileSync(new URL('../../docs/polling.md', import.meta.url), 'utf8');
    const [, body = ''] = /-d '(\{.*\})'/.exec(page) ?? [];
    const key = stack.secrets.find(({ name }) => name.includes('DEMO_KEY_ALL'))?.value;
    const aborter = new AbortController();
    const answer = await fetch(stack.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', 'content-type': 'application/json' },
      body,
      signal: aborter.signal,
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const sent = await sendFile(stack, stack.everything);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes(sent.transferId)) break;
    }
    aborter.abort();
    expect(text).toContain('event: next');
    expect(text).toContain(sent.transferId);
  });
});
