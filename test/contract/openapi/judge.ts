import type { AbsentMembers } from '../absent-members.ts';
import { type KnownContradiction, knownContradictions } from '../known-contradictions.ts';
import type { Answer, Contract, Operation } from './contract.ts';
import type { Deviation } from './deviation.ts';
import { createMemberLog } from './member-log.ts';

/** Holds every answer against a document, and remembers what it saw. */
export interface Judge {
  /** Throws when the answer deviates from the document in a way that is not known. */
  see(method: string, pathname: string, answer: Answer): void;
  /** Known contradictions of this document that no answer has shown. */
  unused(): readonly KnownContradiction[];
  /** Documented operations that were seen to succeed. */
  succeeded(operation: Operation): boolean;
  /** Documented members that no success has shown, as `GET /path 200 /pointer`, apart from those that never are. */
  missing(): readonly string[];
  /** Absences told of this document that explain nothing. */
  idleAbsences(): readonly AbsentMembers[];
}

const any = (pattern: string, actual: string) => pattern === '*' || pattern === actual;

/** A template of an operation that the document leaves out stands for every id in the place of its variables. */
const isPath = (template: string, actual: string) =>
  any(template, actual) || new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(actual);

const explains = (known: KnownContradiction, { method, path }: Operation, { where, rule }: Deviation) =>
  any(known.method, method) && isPath(known.path, path) && known.where === where && known.rule === rule;

const undocumented: Deviation = {
  where: 'operation',
  rule: 'undocumented',
  detail: 'the document has no such operation',
};

export function createJudge(contract: Contract, document: KnownContradiction['document']): Judge {
  const entries = knownContradictions.filter((known) => known.document === document);
  const used = new Set<KnownContradiction>();
  const successes = new Set<Operation>();
  const members = createMemberLog(contract, document);
  const isKnown = (operation: Operation, deviation: Deviation) => {
    const matching = entries.filter((known) => explains(known, operation, deviation));
    for (const known of matching) used.add(known);
    return matching.length > 0;
  };
  return {
    see: (method, pathname, answer) => {
      const documented = contract.find(method, pathname);
      const operation = documented ?? { method, path: pathname };
      if (documented && answer.status < 300) {
        successes.add(documented);
        members.note(documented, answer);
      }
      const deviations = documented ? contract.deviations(documented, answer) : [undocumented];
      const surprising = deviations.filter((deviation) => !isKnown(operation, deviation));
      if (surprising.length === 0) return;
      const lines = surprising.map(({ where, rule, detail }) => `  ${where} (${rule}): ${detail}`);
      throw new Error(
        `${method} ${operation.path} answered ${answer.status} otherwise than documented:\n${lines.join('\n')}`,
      );
    },
    unused: () => entries.filter((known) => !used.has(known)),
    succeeded: (operation) => successes.has(operation),
    missing: members.missing,
    idleAbsences: members.idleAbsences,
  };
}
