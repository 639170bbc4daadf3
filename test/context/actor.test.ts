import { describe, expect, it } from 'vitest';
import { type ActingRule, actorFor, type Caller } from '../../src/context/actor.ts';
import { createTokenReader } from '../../src/context/upstream-tokens.ts';
import { SubjectRefused } from '../../src/identity/subject.ts';
import { SourceError } from '../../src/transport/source-error.ts';

const subjects = { subjectClaim: 'email', issuers: [], deniedSubjects: [] };
const reader = createTokenReader(['x-node-token'], 'ownership-key-0123456789');

/** A caller who sends this in the header of the source. */
function callerWith(sent: unknown, claims: Record<string, unknown> = { email: 'ada@example.com' }): Caller {
  const viewer = { id: 'key:ada', name: 'ada', scopes: new Set([]), claims, issuer: undefined, expiresAt: undefined };
  return { viewer, upstreamTokens: reader.read(() => sent) };
}

const actor = (caller: Caller, config: ActingRule) => actorFor(caller, { name: 'london', config });

function refusal(caller: Caller, config: ActingRule): unknown {
  try {
    return actor(caller, config);
  } catch (error) {
    return error;
  }
}

describe('whom a source is called for', () => {
  it('is nobody where it acts as the service, whatever the caller claims and sends', () => {
    expect(actor(callerWith('abc'), { actAs: 'service' })).toBeUndefined();
    expect(actor(callerWith(' '), { ...subjects, actAs: 'service' })).toBeUndefined();
  });

  it('is the viewer where it acts as the viewer, whatever token they send', () => {
    expect(actor(callerWith('abc'), { ...subjects, actAs: 'viewer' })).toEqual({ subject: 'ada@example.com' });
    expect(refusal(callerWith('abc', {}), { ...subjects, actAs: 'viewer' })).toBeInstanceOf(SubjectRefused);
  });

  const forward = { ...subjects, actAs: 'forward', tokenHeader: 'x-node-token' } as const;

  it('is whoever the token is of where tokens are forwarded, whoever the viewer is', () => {
    for (const claims of [{ email: 'ada@example.com' }, {}]) {
      expect(actor(callerWith('abc', claims), forward)).toMatchObject({ token: { header: 'x-node-token' } });
    }
  });

  it.each([
    ['none was sent', callerWith(undefined)],
    ['none can be sent', { viewer: callerWith(undefined).viewer }],
  ])('is nobody where tokens are forwarded and %s: the refusal names the header', (_what, caller) => {
    expect(refusal(caller, forward)).toEqual(
      new SubjectRefused('london is called with your own token: send it in the header x-node-token.'),
    );
  });

  it('is nobody where what was sent can be no token', () => {
    const error = refusal(callerWith('Bearer abc'), forward);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      source: 'london',
      message: expect.stringMatching(/^x-node-token must hold a token alone: .*no scheme/),
    });
  });
});
