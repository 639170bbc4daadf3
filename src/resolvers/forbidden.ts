import type { OperationContext } from '../context/context.ts';
import type { Scope } from '../identity/scopes.ts';

/** The viewer lacks a scope for something whose type is known only at run time. */
export class ScopeMissing extends Error {
  constructor(scope: string) {
    super(`This operation needs the scope ${scope}, which you do not have.`);
    this.name = 'ScopeMissing';
  }
}

/** @throws ScopeMissing when the viewer does not have the scope that the input calls for */
export function demandScope({ viewer }: OperationContext, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw new ScopeMissing(scope);
}
