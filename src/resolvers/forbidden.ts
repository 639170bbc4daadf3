/** The viewer lacks a scope for something whose type is known only at run time. */
export class ScopeMissing extends Error {
  constructor(scope: string) {
    super(`This operation needs the scope ${scope}, which you do not have.`);
    this.name = 'ScopeMissing';
  }
}
