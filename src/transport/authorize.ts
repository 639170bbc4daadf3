import type { Send, TokenProvider } from './upstream.ts';

/**
 * Adds the caller's credential to every request. A refused credential is renewed once and the request repeated,
 * also one declared `never`: the source checks the credential first, so nothing was executed.
 */
export function authorize(send: Send, provider: TokenProvider): Send {
  return async (request, call) => {
    const given = provider.credential(call);
    const credential = given instanceof Promise ? await given : given;
    const response = await send(credential.apply(request), call);
    if (!provider.isRefused(response) || !provider.forget(call.identity, credential)) return response;
    const renewed = await provider.credential(call);
    return send(renewed.apply(request), call);
  };
}
