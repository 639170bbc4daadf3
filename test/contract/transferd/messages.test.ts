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

/** The same of a .proto file. */
function linesOf(file: string): string[] {
  const lines: string[] = [];
  let owner = '';
  let isEnum = false;
  for (const line of readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').split('\n')) {
    const block = /^(message|enum) (\w+)/.exec(line);
    if (block) [owner, isEnum] = [block[2] ?? '', block[1] === 'enum'];
    const call = /^ {2}rpc (\w+)\((.*?)\) returns \((.*?)\);/.exec(line);
    if (call) lines.push(`rpc ${call[1]}(${call[2]}) returns (${call[3]})`);
    const member = /^ {2}(repeated )?(?:(\w+) )?(\w+) = (\d+);/.exec(line);
    if (!member) continue;
    const [, repeated, type, name, number] = member;
    lines.push(
      isEnum ? `${owner}.${name} = ${number}` : `${owner}.${name} = ${number} ${type}${repeated ? ' (repeated)' : ''}`,
    );
  }
  return lines;
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
