import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readReference } from '../openapi/reference.ts';

const rows = readReference('transferd-messages.tsv')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t').map((cell) => cell.trim()));

/** Everything that the vendor's messages hold, one line each. */
const documented = new Set(
  rows.map(([kind, owner, name, number, type = '']) => {
    if (kind === 'rpc') return `rpc ${name}${type.replace(/\( (.*?) \)/g, '($1)').replace(' returns ', ' returns ')}`;
    return kind === 'enum' ? `${owner}.${name} = ${number}` : `${owner}.${name} = ${number} ${type}`;
  }),
);

/** A call, a member of a message or a value of an enum, as one line of a .proto file says it. */
function readLine(line: string, owner: string): string | undefined {
  const [, name, request, answer] = /^ {2}rpc (\w+)\((.*?)\) returns \((.*?)\);/.exec(line) ?? [];
  if (name !== undefined) return `rpc ${name}(${request}) returns (${answer})`;
  const [, repeated = '', type, member, number] = /^ {2}(repeated )?(?:(\w+) )?(\w+) = (\d+);/.exec(line) ?? [];
  if (member === undefined) return undefined;
  const value = `${owner}.${member} = ${number}`;
  return type === undefined ? value : `${value} ${type}${repeated === '' ? '' : ' (repeated)'}`;
}

/** The same of a .proto file. */
function linesOf(file: string): string[] {
  let owner = '';
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    owner = /^(?:message|enum) (\w+)/.exec(line)?.[1] ?? owner;
    return readLine(line, owner) ?? [];
  });
}

describe('the messages of the transfer daemon', () => {
  it('are all there in the simulator, as the vendor numbers them', () => {
    expect(linesOf('simulators/transferd/transferd.proto').sort()).toEqual([...documented].sort());
  });

  it('are those of the vendor wherever the gateway has them', () => {
    const ours = linesOf('src/sources/transferd/transferd.proto');
    expect(ours.length).toBeGreaterThan(80);
    expect(ours.filter((line) => !documented.has(line))).toEqual([]);
  });
});
