export type SettingPath = readonly (string | number)[];

/** Something wrong with one setting, in a sentence that goes on after its name: "must be …". */
export interface Mistake {
  readonly path: SettingPath;
  readonly message: string;
  /** Where it is, when that is not the place of the setting. */
  readonly line?: number;
}

/** The configuration cannot be used. The message lists every mistake, one a line. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

const isPlain = (key: string) => /^[\w-]+$/.test(key);

/** The name of a setting as people write it: `sources.node[0].tls.caFile`. */
export function settingName(path: SettingPath): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    if (!isPlain(part)) return `${name}[${JSON.stringify(part)}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}

/** One error for all mistakes, in the order in which they stand in the file. */
export function configError(
  file: string,
  mistakes: readonly Mistake[],
  lineOf: (path: SettingPath) => number | undefined,
): ConfigError {
  const lines = mistakes
    .map(({ path, message, line }) => ({ name: settingName(path), message, line: line ?? lineOf(path) }))
    .toSorted((one, two) => (one.line ?? 0) - (two.line ?? 0))
    .map(({ name, message, line }) => {
      const sentence = name === '' ? message : `${name}: ${message}`;
      return line === undefined ? sentence : `${sentence} (line ${line})`;
    });
  const count = lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`;
  return new ConfigError([`${file} has ${count}:`, ...lines].join('\n'));
}
