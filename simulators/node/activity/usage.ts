import type { Router } from '../../kit/router.ts';
import type { Authenticate, Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { textOf, valueAt } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import type { TransferRecord } from '../transfers/transfer-record.ts';

interface Usage {
  readonly id: string;
  readonly accessKeyId: string | undefined;
  bytesIn: number;
  bytesOut: number;
}

/** Bytes by `tags.aspera.usage_id`, counted when a transfer has ended well (aspera-node-api.md §2 GET /usage). */
export interface UsageCounter {
  count(record: TransferRecord): void;
  all(): readonly Usage[];
}

const bytesOf = (record: TransferRecord) => record.sessions.reduce((sum, session) => sum + session.bytesTransferred, 0);

export function createUsageCounter(): UsageCounter {
  const usages = new Map<string, Usage>();
  return {
    count: (record) => {
      const id = textOf(valueAt(record.tags, 'aspera', 'usage_id'));
      if (id === undefined || record.status !== 'completed') return;
      const key = `${record.accessKeyId ?? ''}\0${id}`;
      const usage = usages.get(key) ?? { id, accessKeyId: record.accessKeyId, bytesIn: 0, bytesOut: 0 };
      usages.set(key, usage);
      // OpenAPI: `bytes_in` is what was downloaded, `bytes_out` what was uploaded.
      if (record.direction === 'receive') usage.bytesIn += bytesOf(record);
      else usage.bytesOut += bytesOf(record);
    },
    all: () => [...usages.values()],
  };
}

function render(id: string, usages: readonly Usage[]) {
  const bytesIn = usages.reduce((sum, usage) => sum + usage.bytesIn, 0);
  const bytesOut = usages.reduce((sum, usage) => sum + usage.bytesOut, 0);
  return { id, bytes_in: bytesIn, bytes_out: bytesOut, bytes_total: bytesIn + bytesOut };
}

/** `GET /usage` (all of a caller's together) and `GET /usage/{id}`; 404 while event logging is off. */
export function registerUsageRoutes(
  router: Router,
  deps: { readonly node: NodeContext; readonly usage: UsageCounter; readonly authenticate: Authenticate },
): void {
  const { node, usage, authenticate } = deps;
  const visible = (caller: Caller, accessKeyId: string | null) => {
    if (!node.settings.isActivityLogged) throw refusal(404, 'Event logging is not enabled');
    const wanted = caller.accessKeyId ?? accessKeyId ?? undefined;
    // A key's usage includes that of the keys below it.
    const keys = new Set(
      node.accessKeys
        .all()
        .filter((key) => key.id === wanted || key.parentId === wanted)
        .map(({ id }) => id),
    );
    return usage.all().filter((one) => wanted === undefined || keys.has(one.accessKeyId ?? ''));
  };
  router.on('GET', '/usage', (request) => {
    const caller = authenticate(request);
    const accessKeyId = request.query.get('access_key');
    return { status: 200, json: render(caller.accessKeyId ?? accessKeyId ?? '', visible(caller, accessKeyId)) };
  });
  router.on('GET', '/usage/:id', (request) => {
    const id = request.params.id ?? '';
    const found = visible(authenticate(request), request.query.get('access_key')).filter((one) => one.id === id);
    if (found.length === 0) throw refusal(404, 'Usage id not found');
    return { status: 200, json: render(id, found) };
  });
}
