import type { RouteHandler } from '../kit/message.ts';
import type { Router } from '../kit/router.ts';
import type { AccessKeys } from './access-keys.ts';
import type { Authenticate } from './caller.ts';
import { refusal } from './errors.ts';

/** A router whose permission routes refuse access keys that were made below another one (aspera-node-api.md §1.2). */
export function guardPermissions(router: Router, keys: AccessKeys, authenticate: Authenticate): Router {
  const guard =
    (handler: RouteHandler): RouteHandler =>
    (request) => {
      const { accessKeyId } = authenticate(request);
      const key = accessKeyId === undefined ? undefined : keys.find(accessKeyId);
      if (key?.parentId !== undefined) throw refusal(403, 'A sub access key cannot use permissions');
      return handler(request);
    };
  const isGuarded = (pattern: string) => pattern.split('/')[1] === 'permissions';
  return {
    ...router,
    on: (method, pattern, handler) => router.on(method, pattern, isGuarded(pattern) ? guard(handler) : handler),
  };
}
