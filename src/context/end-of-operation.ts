/** An operation was given up because it took longer than the configuration allows. */
export class OperationTimedOut extends Error {
  constructor(milliseconds: number) {
    super(`This operation took longer than ${milliseconds} ms and was given up. Ask for less at once, or try again.`);
    this.name = 'OperationTimedOut';
  }
}

/** Nobody waits for the operation's answer any more. */
export class ClientGone extends Error {
  constructor() {
    super('The client went away before this operation had finished.');
    this.name = 'ClientGone';
  }
}

/** The operation has been answered, and nobody waits for what is still under way for it. */
export class OperationAnswered extends Error {
  constructor() {
    super('The operation had been answered.');
    this.name = 'OperationAnswered';
  }
}
