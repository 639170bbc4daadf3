import type { Viewer } from './viewer.ts';

/** Who viewers are at a source: the part of its configuration that says so. */
export interface SubjectRule {
  readonly subjectClaim: string;
  readonly issuers: readonly string[];
  readonly subjectPattern?: string | undefined;
  readonly deniedSubjects: readonly string[];
}

/** The viewer cannot be acted for at a source. The message is for the viewer. */
export class SubjectRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SubjectRefused';
  }
}

/** An e-mail address has 254 characters at most (RFC 5321); a longer name is not worth matching patterns on. */
const MAX_SUBJECT_LENGTH = 254;

function readSubject(viewer: Viewer, claim: string): string {
  const value = Object.hasOwn(viewer.claims, claim) ? viewer.claims[claim] : undefined;
  if (value === undefined || value === null || value === '') {
    throw new SubjectRefused(`Your credential has no claim ${claim}, which says who you are at this source.`);
  }
  // A source may trim or cut a name, and so take one that the deny list does not know for one that it does.
  if (
    typeof value !== 'string' ||
    value !== value.trim() ||
    /\p{C}/u.test(value) ||
    value.length > MAX_SUBJECT_LENGTH
  ) {
    throw new SubjectRefused(`The claim ${claim} of your credential cannot be used as a name at this source.`);
  }
  return value;
}

/**
 * Issuers outside the list are believed one thing only: an e-mail address that they say they verified. Any other
 * claim of theirs could be chosen by its holder, or mean another person than it does with the listed issuers.
 */
function requireTrusted(viewer: Viewer, rule: SubjectRule, subject: string): void {
  if (viewer.issuer === undefined || rule.issuers.includes(viewer.issuer)) return;
  if (subject !== viewer.claims.email) {
    const advice = 'Its configuration must list the issuer.';
    throw new SubjectRefused(
      `The issuer of your token is not trusted with ${rule.subjectClaim} at this source. ${advice}`,
    );
  }
  if (viewer.claims.email_verified !== true) {
    throw new SubjectRefused('Your e-mail address is not verified by the issuer of your token.');
  }
}

/** Sources compare names without regard to case, and to the many ways to write one letter in Unicode. */
const folded = (subject: string) => subject.normalize('NFKC').toLowerCase();

function requireAllowed(rule: SubjectRule, subject: string): void {
  const { subjectPattern, deniedSubjects } = rule;
  if (subjectPattern !== undefined && !new RegExp(`^(?:${subjectPattern})$`, 'u').test(subject)) {
    throw new SubjectRefused('Your name does not match the pattern of those who may use this source.');
  }
  if (deniedSubjects.some((denied) => folded(denied) === folded(subject))) {
    throw new SubjectRefused('Nobody may act under your name at this source.');
  }
}

/**
 * In whose name calls to a source that acts as the viewer are made for this one.
 * @throws SubjectRefused when this viewer cannot be named there
 */
export function subjectFor(viewer: Viewer, rule: SubjectRule): string {
  const subject = readSubject(viewer, rule.subjectClaim);
  requireTrusted(viewer, rule, subject);
  requireAllowed(rule, subject);
  return subject;
}
