import { GraphQLError } from 'graphql';
import { type Plugin, processRegularResult } from 'graphql-yoga';
import type { TokenReader } from '../context/upstream-tokens.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { DoorContext } from './door-context.ts';

/** Who is calling is settled before a byte of the body is read. */
export function useAuthentication(authenticator: Authenticator, reader: TokenReader | undefined): Plugin<DoorContext> {
  return {
    onRequestParse: async ({ request, serverContext }) => {
      const { headers } = request;
      const door = serverContext as DoorContext;
      door.viewer = await authenticator.authenticate(headers.get('authorization') ?? undefined);
      if (reader) door.upstreamTokens = reader.read((header) => headers.get(header));
    },
  };
}

const unsupported = () =>
  new GraphQLError('Send the operation as JSON, with `content-type: application/json`.', {
    extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http: { status: 415 } },
  });

const notJson = () =>
  new GraphQLError('A parameter of the request is not JSON.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });

/**
 * What a page of another origin may send without asking first (https://fetch.spec.whatwg.org/#cors-safelisted-request-header):
 * form data and plain text. Nothing is executed for such a body.
 */
const isForm = (contentType: string | null) =>
  /^application\/x-www-form-urlencoded\s*(?:[;,]|$)/i.test(contentType ?? '');

const asJson = (result: object, api: Parameters<typeof processRegularResult>[1], type: string) =>
  processRegularResult(result, api, type);

/**
 * Refuses bodies that are not JSON, with a reason, and parameters of the address that are not. A caller who accepts
 * nothing that there is gets JSON: it is too late to refuse, since the operation has been carried out by then.
 */
export function useRequestRules(): Plugin<DoorContext> {
  return {
    onRequestParse: ({ request, requestParser, setRequestParser }) => {
      const isPost = request.method === 'POST';
      if (isPost && (!requestParser || isForm(request.headers.get('content-type')))) throw unsupported();
      if (isPost || !requestParser) return;
      setRequestParser(async (message) => {
        try {
          return await requestParser(message);
        } catch (error) {
          throw error instanceof SyntaxError ? notJson() : error;
        }
      });
    },
    onResultProcess: ({ resultProcessor, setResultProcessor }) => {
      if (!resultProcessor) setResultProcessor(asJson, 'application/json');
    },
  };
}

/** GraphiQL brings everything along: its page may load nothing from elsewhere, and no other page may frame it. */
const PAGE_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'";

/** Makes the browser hold the GraphiQL page to what it is. */
export function usePagePolicy(): Plugin<DoorContext> {
  return {
    onResponse: ({ response }) => {
      const isPage = response.headers.get('content-type')?.startsWith('text/html');
      if (isPage) response.headers.set('content-security-policy', PAGE_POLICY);
    },
  };
}
