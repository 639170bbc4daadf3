import type { FaspexExpirationPolicy, FaspexReleasePolicy } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';

export type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

export const releasePolicy = builder.enumType('ReleasePolicy', {
  description: 'When a package becomes available once its files have arrived.',
  values: describedValues<FaspexReleasePolicy>({
    NOW: 'At once.',
    LATER: 'When the sender says so, with `updatePackage`.',
    ON_DATE: 'At a date.',
  }),
});

export const expirationPolicy = builder.enumType('ExpirationPolicy', {
  description: 'When the files of a package are deleted.',
  values: describedValues<FaspexExpirationPolicy>({
    NONE: 'Never by itself.',
    DELETE_AFTER_ANY_DOWNLOAD: 'After the first complete download.',
    DELETE_AFTER_ALL_DOWNLOAD: 'When every recipient has downloaded it.',
    DELETE_AFTER_EXPIRATION_DATE: 'At a date.',
  }),
});

/** When a package is released and when its files are deleted, as a caller says it. */
export const policyFields = (t: InputFields, otherwise: string) => ({
  releasePolicy: t.field({
    type: releasePolicy,
    description: `When it becomes available once its files have arrived; ${otherwise} when left out.`,
  }),
  releaseAt: t.field({
    type: 'DateTime',
    description: 'When it becomes available; goes with the policy ON_DATE, which need not be said.',
  }),
  expirationPolicy: t.field({
    type: expirationPolicy,
    description: `When its files are deleted; ${otherwise} when left out.`,
  }),
});
