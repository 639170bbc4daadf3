import type { RouteHandler, SimulatorRequest, SimulatorResponse } from '../kit/message.ts';
import type { Router } from '../kit/router.ts';
import type { Sessions } from './auth/sessions.ts';
import { refusal } from './errors.ts';
import type { User } from './model.ts';
import type { Throttle } from './throttle.ts';

type Answer = SimulatorResponse | Promise<SimulatorResponse>;
type UserHandler = (request: SimulatorRequest, user: User) => Answer;
type AnyoneHandler = (request: SimulatorRequest, user: User | undefined) => Answer;

/** A table of routes by who may call them (scopes of the OpenAPI document, aspera-apps-api.md §1). */
export interface Routes {
  /** No token needed. */
  open(method: string, path: string, handler: RouteHandler): void;
  /** A user's token, or a client's own (`client_only`: user is undefined). */
  anyone(method: string, path: string, handler: AnyoneHandler): void;
  user(method: string, path: string, handler: UserHandler): void;
  /** Managers and admins. */
  manager(method: string, path: string, handler: UserHandler): void;
  admin(method: string, path: string, handler: UserHandler): void;
}

export interface RouteDeps {
  readonly router: Router;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  /** Brings what depends on time up to date before a request sees it. */
  readonly settle: () => void;
}

/** Faspex's own refusal of a token whose scope is too small: 401, not 403 (aspera-apps-api.md §1.3). */
export const scopeTooSmall = () => refusal(401, 2028, 'The scope of the token does not cover this request.');

function requireUser(user: User | undefined): User {
  if (!user) throw refusal(403, 2014, 'This request needs the token of a user, not of a client.');
  return user;
}

export function createRoutes(deps: RouteDeps): Routes {
  const { router, sessions, throttle, settle } = deps;
  const open: Routes['open'] = (method, path, handler) =>
    router.on(method, path, (request) => {
      throttle.admit();
      settle();
      return handler(request);
    });
  const anyone: Routes['anyone'] = (method, path, handler) =>
    open(method, path, (request) => handler(request, sessions.authenticate(request)));
  const restricted =
    (allows: (user: User) => boolean): Routes['user'] =>
    (method, path, handler) =>
      anyone(method, path, (request, caller) => {
        const user = requireUser(caller);
        if (!allows(user)) throw scopeTooSmall();
        return handler(request, user);
      });
  return {
    open,
    anyone,
    user: restricted(() => true),
    manager: restricted(({ role }) => role !== 'user'),
    admin: restricted(({ role }) => role === 'admin'),
  };
}
