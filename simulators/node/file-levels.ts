import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../kit/message.ts';
import type { Router } from '../kit/router.ts';
import { fieldsOf, listOf } from './fields.ts';

/** What somebody may do at a file id: the access levels of gen4 permissions (aspera-node-api.md §2 /permissions). */
export type FileLevels = (
  credentials: Pick<IncomingHttpHeaders, 'authorization'>,
  fileId: string,
) => Promise<ReadonlySet<string>>;

/** Asks the node's own `GET /files/{id}`, so that transfers and files go by the same permissions. */
export function createFileLevels(router: Router): FileLevels {
  return async (headers, fileId) => {
    const path = `/files/${encodeURIComponent(fileId)}`;
    const route = router.match('GET', path);
    if (!route) return new Set();
    const { signal } = new AbortController();
    const query = new URLSearchParams({ include: 'access_levels' });
    const request = { method: 'GET', path, query, headers, body: Buffer.alloc(0), params: route.params, signal };
    try {
      const { json } = await route.handler(request);
      return new Set(listOf(fieldsOf(json).access_levels).map(String));
    } catch (error) {
      if (error instanceof Refusal) return new Set();
      throw error;
    }
  };
}
