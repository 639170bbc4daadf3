import { type AbsentMembers, absentMembers } from '../absent-members.ts';
import type { Answer, Contract, Operation } from './contract.ts';

interface Member {
  readonly name: string;
  readonly operation: string;
  readonly pointer: string;
  isThere: boolean;
}

/** Which documented members the successes of all operations have shown. */
export interface MemberLog {
  note(operation: Operation, answer: Answer): void;
  missing(): readonly string[];
  idleAbsences(): readonly AbsentMembers[];
}

const explains = (absence: AbsentMembers, { operation, pointer }: Member) =>
  absence.operations.test(operation) && absence.members.test(pointer);

export function createMemberLog(contract: Contract, document: AbsentMembers['document']): MemberLog {
  const absences = absentMembers.filter((absence) => absence.document === document);
  const members = new Map<string, Member>();
  const absent = () => [...members.values()].filter(({ isThere }) => !isThere);
  return {
    note: ({ method, path }, answer) => {
      const operation = `${method} ${path}`;
      contract.members({ method, path }, answer, (pointer, isThere) => {
        const name = `${operation} ${answer.status} ${pointer}`;
        const member = members.get(name) ?? { name, operation, pointer, isThere };
        member.isThere ||= isThere;
        members.set(name, member);
      });
    },
    missing: () =>
      absent()
        .filter((member) => !absences.some((absence) => explains(absence, member)))
        .map(({ name }) => name),
    idleAbsences: () => absences.filter((absence) => !absent().some((member) => explains(absence, member))),
  };
}
