import type { Scope } from '../identity/scopes.ts';

/** Declares what the viewer must have for a type or field; the server enforces it before anything is executed. */
export const needs = (...scopes: readonly Scope[]) => ({ extensions: { scopes } });
