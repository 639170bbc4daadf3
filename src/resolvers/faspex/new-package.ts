import type { BoundFaspex } from '../../context/context.ts';
import type { FaspexNewPackage, FaspexPackage } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { InvalidInputError } from '../errors.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';
import { type PolicyInput, readPolicies } from './policies.ts';
import { type RecipientInput, resolveRecipients } from './recipients.ts';

type Optional<T> = T | null | undefined;

/** What a new package says of itself, however its files get there. */
export interface NewPackageInput extends PolicyInput {
  readonly source?: Optional<string>;
  readonly title: string;
  readonly recipients: readonly RecipientInput[];
  readonly privateRecipients?: Optional<readonly RecipientInput[]>;
  readonly note?: Optional<string>;
  readonly metadata?: unknown;
  readonly encryptAtRest?: Optional<boolean>;
  readonly preventHttpDownload?: Optional<boolean>;
  readonly downloadLimit?: Optional<number>;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

function readMetadata(metadata: unknown): Readonly<Record<string, unknown>> | undefined {
  if (metadata === null || metadata === undefined) return undefined;
  if (typeof metadata === 'object' && !Array.isArray(metadata)) return metadata as Readonly<Record<string, unknown>>;
  throw invalid('`metadata` must be an object: the names of the fields with their values.');
}

function readDownloadLimit(limit: Optional<number>): number | undefined {
  if (limit == null) return undefined;
  if (limit < 1) throw invalid('`downloadLimit` must be at least 1; leave it out for no limit.');
  return limit;
}

function readOptions(input: NewPackageInput) {
  const { note, encryptAtRest, preventHttpDownload } = input;
  // A new package has no date that could be removed.
  const { expiresAt, ...policies } = readPolicies({ ...input, expiresAt: input.expiresAt ?? undefined });
  return {
    ...policies,
    expiresAt: expiresAt ?? undefined,
    metadata: readMetadata(input.metadata),
    downloadLimit: readDownloadLimit(input.downloadLimit),
    note: note ?? undefined,
    encryptAtRest: encryptAtRest ?? undefined,
    preventHttpDownload: preventHttpDownload ?? undefined,
  };
}

/** What can be refused is refused before anything is made at Faspex, and before it is asked who is meant. */
async function readNewPackage(faspex: BoundFaspex, input: NewPackageInput): Promise<FaspexNewPackage> {
  const privates = input.privateRecipients ?? [];
  if (input.title.trim() === '') throw invalid('`title` is blank.');
  if (input.recipients.length + privates.length === 0) throw invalid('`recipients` is empty: name at least one.');
  const options = readOptions(input);
  const resolved = await resolveRecipients(faspex, input.recipients, privates);
  return { title: input.title, ...resolved, ...options };
}

/** What to do about refusals by Faspex's code (faspex5-errors.tsv, families PackageError and MetadataProfileError). */
function adviceFor(code: string | undefined, { encryptAtRest }: FaspexNewPackage): string | undefined {
  switch (code) {
    case '1073':
      return encryptAtRest
        ? 'A recipient does not allow encryption at rest: leave out `encryptAtRest`.'
        : 'The server or a recipient requires encryption at rest: set `encryptAtRest: true`.';
    case '1070':
    case '1453':
    case '1454':
    case '1456':
      return (
        'Give the fields of the form in `metadata`, by their names. `metadataProfile` lists those of the server, or of ' +
        'a shared inbox by the `metadataProfileId` of its contact.'
      );
    case '1455':
      return '`metadataProfile` tells how long title and note may be.';
    case '1009':
    case '1010':
      return 'Check `name` and `recipientType` of each recipient: `contacts` lists who can be sent to.';
    default:
      return undefined;
  }
}

function withAdvice(error: unknown, pkg: FaspexNewPackage): unknown {
  if (!(error instanceof SourceError) || error.code !== 'BAD_INPUT') return error;
  const { code, message, source, vendorCode } = error;
  const advice = adviceFor(vendorCode, pkg);
  return advice === undefined ? error : new SourceError(code, `${message} ${advice}`, { source, cause: error });
}

/**
 * Makes a package by one of the calls that do.
 * @throws SourceError that says what to change where Faspex refuses what was given
 */
export async function makePackage(
  faspex: BoundFaspex,
  input: NewPackageInput,
  make: (pkg: FaspexNewPackage) => Promise<FaspexPackage>,
): Promise<FaspexPackageNode> {
  const pkg = await readNewPackage(faspex, input);
  try {
    return toPackageNode(faspex.source.name, await make(pkg));
  } catch (error) {
    throw withAdvice(error, pkg);
  }
}
