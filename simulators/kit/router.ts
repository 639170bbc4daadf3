import type { RouteHandler } from './message.ts';

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: RouteHandler;
}

export interface RouteMatch {
  readonly handler: RouteHandler;
  readonly params: Readonly<Record<string, string>>;
}

/** A table of routes. Literal segments win over `:name` segments; `:name` matches one segment and is decoded. */
export interface Router {
  on(method: string, pattern: string, handler: RouteHandler): void;
  match(method: string, path: string): RouteMatch | undefined;
  /** Whether any method is served at this path (a server answers 405 then, and 404 otherwise). */
  knows(path: string): boolean;
}

const split = (path: string) => path.split('/').filter((segment) => segment !== '');

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function bind(route: Route, segments: readonly string[]): Record<string, string> | undefined {
  if (route.segments.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of route.segments.entries()) {
    const actual = segments[index] as string;
    if (expected.startsWith(':')) params[expected.slice(1)] = decode(actual);
    else if (expected !== actual) return undefined;
  }
  return params;
}

const wildcards = (route: Route) => route.segments.filter((segment) => segment.startsWith(':')).length;

export function createRouter(): Router {
  const routes: Route[] = [];
  const find = (accept: (route: Route) => boolean, path: string): RouteMatch | undefined => {
    const segments = split(path);
    for (const route of routes) {
      const params = accept(route) ? bind(route, segments) : undefined;
      if (params) return { handler: route.handler, params };
    }
    return undefined;
  };
  return {
    on: (method, pattern, handler) => {
      routes.push({ method, segments: split(pattern), handler });
      routes.sort((left, right) => wildcards(left) - wildcards(right));
    },
    match: (method, path) => find((route) => route.method === method, path),
    knows: (path) => find(() => true, path) !== undefined,
  };
}
