import { isJson, type Json } from '../openapi/json.ts';
import { readReference } from '../openapi/reference.ts';

/** One request of IBM's client, as it was recorded against a stub whose ids are not ours. */
export interface RecordedRequest {
  /** Line in the file, for messages. */
  readonly line: number;
  readonly method: string;
  /** Below /aspera/faspex, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
}

/** What one command sent, in its order. */
export interface RecordedCommand {
  readonly command: string;
  readonly requests: readonly RecordedRequest[];
}

function parseBody(text: string): Json | undefined {
  if (!text.startsWith('{')) return undefined;
  const body: unknown = JSON.parse(text);
  return isJson(body) ? body : undefined;
}

function parseRow(row: string, line: number): [string, RecordedRequest] {
  const [command = '', method = '', target = '', , , body = ''] = row.split('\t');
  const [path = '', query = ''] = target.split('?');
  return [command, { line, method, path, query: new URLSearchParams(query), body: parseBody(body) }];
}

/** The recording, command by command: consecutive rows of one command belong together. */
export function readWireTrace(): readonly RecordedCommand[] {
  const rows = readReference('ascli-faspex5-wire-trace.tsv').split('\n');
  const commands: { command: string; requests: RecordedRequest[] }[] = [];
  for (const [index, row] of rows.entries()) {
    if (row === '' || row.startsWith('#') || row.startsWith('ascli_command\t')) continue;
    const [command, request] = parseRow(row, index + 1);
    const last = commands.at(-1);
    if (last?.command === command) last.requests.push(request);
    else commands.push({ command, requests: [request] });
  }
  return commands;
}
