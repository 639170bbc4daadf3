import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubjectRefused, type SubjectRule, subjectFor } from '../../src/identity/subject.ts';
import type { Viewer } from '../../src/identity/viewer.ts';

const trusted = 'https://login.example.com';
const stranger = 'https://partner.example.net';

const rule: SubjectRule = {
  subjectClaim: 'email',
  issuers: [trusted],
  subjectPattern: undefined,
  deniedSubjects: [],
};

const viewer = (claims: Viewer['claims'], issuer: string | undefined = trusted): Viewer => ({
  id: 'anybody',
  name: undefined,
  scopes: new Set(),
  claims,
  issuer,
  expiresAt: undefined,
});

/** An API key: its claims were written by the operator. */
const holder = (claims: Viewer['claims']): Viewer => ({ ...viewer(claims), issuer: undefined });

function refusal(caller: Viewer, changes: Partial<SubjectRule> = {}): string {
  try {
    subjectFor(caller, { ...rule, ...changes });
  } catch (error) {
    if (error instanceof SubjectRefused) return error.message;
    throw error;
  }
  throw new Error('The subject was not refused.');
}

describe('the subject of a source that acts as the viewer', () => {
  it('is the claim that the source names', () => {
    const claims = { email: 'ada@example.com', employee: 'E-17' };
    expect(subjectFor(viewer(claims), rule)).toBe('ada@example.com');
    expect(subjectFor(viewer(claims), { ...rule, subjectClaim: 'employee' })).toBe('E-17');
  });

  it.each([{}, { email: undefined }, { email: null }, { email: '' }])('is refused without the claim: %j', (claims) => {
    expect(refusal(viewer(claims))).toContain('has no claim email');
  });

  it('is never taken from what every object inherits', () => {
    expect(refusal(viewer({}), { subjectClaim: 'constructor' })).toContain('has no claim constructor');
    expect(refusal(viewer({}), { subjectClaim: '__proto__' })).toContain('has no claim __proto__');
  });

  it.each([
    7,
    ['ada@example.com'],
    { toString: 'ada' },
    true,
    ' ada@example.com',
    'ada@example.com\n',
    'ada\u0000@example.com',
    'ada\u200b@example.com',
    'a'.repeat(255),
  ])('is refused when the claim is no plain name: %j', (email) => {
    expect(refusal(viewer({ email }))).toContain('cannot be used as a name');
  });

  describe('for an issuer that the source does not list', () => {
    it('is an e-mail address that the issuer has verified', () => {
      expect(subjectFor(viewer({ email: 'ada@example.com', email_verified: true }, stranger), rule)).toBe(
        'ada@example.com',
      );
    });

    it.each([undefined, false, 'true', 1])('is refused when email_verified is %j', (email_verified) => {
      expect(refusal(viewer({ email: 'ada@example.com', email_verified }, stranger))).toContain('not verified');
    });

    it('is refused when it is another claim, which nobody verified', () => {
      const claims = { upn: 'ada@example.com', email: 'eve@example.com', email_verified: true };
      expect(refusal(viewer(claims, stranger), { subjectClaim: 'upn' })).toContain('not trusted with upn');
      expect(refusal(viewer({ sub: 'ada' }, stranger), { subjectClaim: 'sub' })).toContain('not trusted with sub');
      expect(refusal(viewer({ sub: 'ada' }, trusted), { subjectClaim: 'sub', issuers: [] })).toContain('not trusted');
    });
  });

  it('of an API key is what the operator configured for it, verified or not', () => {
    expect(subjectFor(holder({ email: 'ada@example.com' }), { ...rule, issuers: [] })).toBe('ada@example.com');
    expect(subjectFor(holder({ account: 'ada' }), { ...rule, subjectClaim: 'account' })).toBe('ada');
    expect(refusal(holder({}))).toContain('has no claim email');
  });

  it('must match the whole pattern', () => {
    const subjectPattern = '.*@example\\.com|root';
    expect(subjectFor(viewer({ email: 'ada@example.com' }), { ...rule, subjectPattern })).toBe('ada@example.com');
    for (const email of ['ada@example.com.evil.net', 'ada@examplescom', 'rooted', 'x\nada@example.com']) {
      expect(() => subjectFor(viewer({ email }), { ...rule, subjectPattern })).toThrow(SubjectRefused);
    }
    expect(refusal(viewer({ email: 'ada@example.org' }), { subjectPattern })).toContain('pattern');
  });

  it('must not be on the deny list, however it is written', () => {
    const deniedSubjects = ['Admin@example.com'];
    for (const email of ['admin@example.com', 'ADMIN@EXAMPLE.COM', 'ａdmin@example.com', 'Admin@example.com']) {
      expect(refusal(viewer({ email }), { deniedSubjects })).toContain('Nobody may act under your name');
    }
    expect(refusal(holder({ email: 'admin@example.com' }), { deniedSubjects })).toContain('Nobody may act');
    expect(subjectFor(viewer({ email: 'admin2@example.com' }), { ...rule, deniedSubjects })).toBe('admin2@example.com');
  });

  it('is the very claim or a refusal, for any claim of any issuer', () => {
    const claims = fc.dictionary(
      fc.constantFrom('email', 'sub', 'email_verified'),
      fc.oneof(fc.string(), fc.boolean()),
    );
    fc.assert(
      fc.property(claims, fc.constantFrom(trusted, stranger, undefined), (values, issuer) => {
        try {
          expect(subjectFor({ ...viewer(values), issuer }, rule)).toBe(values.email);
        } catch (error) {
          expect(error).toBeInstanceOf(SubjectRefused);
        }
      }),
    );
  });
});
