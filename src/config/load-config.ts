import { issueSentence, mistakesOf } from './describe-issue.ts';
import { type GatewayConfig, gatewayConfig } from './gateway-config.ts';
import { ConfigError, configError, type Mistake, settingName } from './mistakes.ts';
import { readYaml } from './read-yaml.ts';
import { resolveValues, type ValueSources } from './resolve-values.ts';

export interface LoadConfigDeps extends ValueSources {
  /** Name of the file, for the error. */
  readonly file: string;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}

/** A value that could not be read at all needs no second mistake about what it is. */
function withoutRepeats(first: readonly Mistake[], second: readonly Mistake[]): readonly Mistake[] {
  const known = new Set(first.map(({ path }) => settingName(path)));
  return [...first, ...second.filter(({ path }) => !known.has(settingName(path)))];
}

/**
 * Reads gateway.yaml: parses it, fetches its secrets, finds its files, checks every setting, and freezes the result.
 * @throws ConfigError that lists every mistake
 */
export function loadConfig(text: string, deps: LoadConfigDeps): GatewayConfig {
  const yaml = readYaml(text);
  if (yaml.value === undefined) throw configError(deps.file, yaml.mistakes, yaml.lineOf);
  if (yaml.value === null) throw new ConfigError(`${deps.file} is empty; gateway.example.yaml shows every setting.`);
  const resolved = resolveValues(yaml.value, deps);
  const parsed = gatewayConfig.safeParse(resolved.value, { error: issueSentence });
  const found = parsed.error?.issues.flatMap(mistakesOf) ?? [];
  const mistakes = [...yaml.mistakes, ...withoutRepeats(resolved.mistakes, found)];
  if (!parsed.success || mistakes.length > 0) throw configError(deps.file, mistakes, yaml.lineOf);
  freeze(parsed.data);
  return parsed.data;
}
