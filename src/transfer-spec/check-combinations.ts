import { error, type SpecIssue, warning } from './spec-issue.ts';
import type { JsonObject } from './transfer-spec.ts';

type Check = (json: JsonObject) => SpecIssue | undefined;

const contradiction = 'CONTRADICTION' as const;

const has = (json: JsonObject, name: string) => json[name] !== undefined && json[name] !== '';

/** Sources can be put away or removed, not both. */
const removeAndMove: Check = (json) => {
  const remover = ['remove_after_transfer', 'delete_source'].find((name) => json[name] === true);
  if (remover === undefined || !has(json, 'move_after_transfer')) return undefined;
  const message = `\`move_after_transfer\` keeps the sources and \`${remover}\` removes them: leave one of them out.`;
  return error('move_after_transfer', { code: contradiction, message });
};

const deleteSourceWins: Check = (json) => {
  if (json.delete_source === undefined) return undefined;
  const overruled = ['remove_after_transfer', 'remove_empty_directories', 'remove_empty_source_directory'].filter(
    (name) => json[name] !== undefined && json[name] !== json.delete_source,
  );
  if (overruled.length === 0) return undefined;
  const list = overruled.map((name) => `\`${name}\``).join(', ');
  return warning('delete_source', { code: contradiction, message: `\`delete_source\` wins over ${list}.` });
};

const removeSkippedAlone: Check = (json) => {
  if (json.remove_skipped !== true || json.remove_after_transfer === true || json.delete_source === true) return;
  const message = '`remove_skipped` has no effect without `remove_after_transfer`.';
  return warning('remove_skipped', { code: contradiction, message });
};

/** The password may be in the environment of ascp instead, so its absence is no error. */
const protectionWithoutPassword: Check = (json) => {
  if (!has(json, 'content_protection') || has(json, 'content_protection_password')) return undefined;
  const message =
    '`content_protection` needs `content_protection_password`; without it, ascp must find the password in ASPERA_SCP_FILEPASS.';
  return warning('content_protection', { code: contradiction, message });
};

/** Pairs of which only the first counts, because both are told to ascp by the same option or variable. */
const pairs = [
  ['ssh_private_key_passphrase', 'remote_password', 'ascp takes one of them, in ASPERA_SCP_PASS'],
  ['tags', 'tags64', 'both are the same labels'],
  ['src_base', 'src_base64', 'both are the same folder'],
] as const;

const oneOfPair = pairs.map(([kept, ignored, why]): Check => {
  return (json) => {
    if (!has(json, kept) || !has(json, ignored)) return undefined;
    return warning(ignored, {
      code: contradiction,
      message: `\`${ignored}\` has no effect beside \`${kept}\`: ${why}.`,
    });
  };
});

const twoFallbackPorts: Check = (json) => {
  if (!has(json, 'http_fallback_port') || !has(json, 'https_fallback_port')) return undefined;
  const [used, ignored] = json.cipher === 'none' ? ['http', 'https'] : ['https', 'http'];
  return warning(`${ignored}_fallback_port`, {
    code: contradiction,
    message: `\`${ignored}_fallback_port\` has no effect: with this \`cipher\`, \`${used}_fallback_port\` counts.`,
  });
};

const splitWithoutSessions: Check = (json) => {
  const { multi_session_threshold: threshold, multi_session: sessions, resume_policy } = json;
  const isSplit = typeof sessions === 'number' && sessions > 1 && typeof threshold === 'number' && threshold > 0;
  if (!isSplit || resume_policy === 'none') return undefined;
  const message = 'A file is split over the sessions only with `resume_policy: "none"`.';
  return warning('multi_session_threshold', { code: contradiction, message, suggestion: 'none' });
};

const webSocketWithoutPort: Check = (json) => {
  if (json.wss_enabled !== true || has(json, 'wss_port')) return undefined;
  const message = '`wss_enabled` needs `wss_port`: without it, the default port of ascp is tried.';
  return warning('wss_enabled', { code: contradiction, message });
};

const checks: readonly Check[] = [
  removeAndMove,
  deleteSourceWins,
  removeSkippedAlone,
  protectionWithoutPassword,
  ...oneOfPair,
  twoFallbackPorts,
  splitWithoutSessions,
  webSocketWithoutPort,
];

/** Parameters that do not go together (aspera-node-api.md §7). */
export const checkCombinations = (json: JsonObject): readonly SpecIssue[] =>
  checks.map((check) => check(json)).filter((issue) => issue !== undefined);
