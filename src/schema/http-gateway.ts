import type { HttpGatewayRequest, HttpGatewayVersion, NamedText } from '../transfer-spec/http-gateway.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';

export const httpGatewayVersion = builder.enumType('HttpGatewayVersion', {
  description: 'Generation of an HTTP Gateway, which `GET /info` below its address tells.',
  values: describedValues<HttpGatewayVersion>({
    V1: 'Uploads through a WebSocket, with the bytes as base64 in JSON.',
    V2: 'Uploads through a WebSocket, with the bytes in binary messages.',
    V3: 'Uploads by a form, and gives addresses that a browser can open to download.',
  }),
});

const transport = builder.enumType('HttpGatewayTransport', {
  description: 'How a transfer through an HTTP Gateway begins.',
  values: describedValues<HttpGatewayRequest['transport']>({
    HTTP: 'With a request.',
    WEB_SOCKET: 'With the first message of a WebSocket.',
  }),
});

const namedText = builder.objectRef<NamedText>('NamedText').implement({
  description: 'A header of a request, or a field of a form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    value: t.exposeString('value', { description: 'Its value; it may hold the token of a spec.' }),
  }),
});

const ref = builder.objectRef<HttpGatewayRequest>('HttpGatewayRequest');

export const httpGatewayRequest = ref.implement({
  description:
    'What a browser without Aspera software sends to an HTTP Gateway, which then runs the transfer for it. It contains the token of the spec: treat it as a secret.',
  fields: (t) => ({
    transport: t.expose('transport', { type: transport, description: 'How it begins.' }),
    method: t.exposeString('method', { nullable: true, description: 'Method of the request; null for a WebSocket.' }),
    url: t.exposeString('url', { description: 'Where it is sent.' }),
    headers: t.expose('headers', { type: [namedText], description: 'Headers that it needs.' }),
    form: t.expose('form', {
      type: [namedText],
      description: 'Fields of its form (`multipart/form-data`), before one field `file` for each file; else empty.',
    }),
    json: t.expose('json', {
      type: 'JSON',
      nullable: true,
      description: 'Body of the request, or first message of the WebSocket; null where there is none.',
    }),
    presign: t.expose('presign', {
      type: ref,
      nullable: true,
      description:
        'For downloads of V3: what is sent to get an address instead (`signed_url`), which the browser itself can open and save, also when it is large; else null.',
    }),
  }),
});
