import { describe, expect, it } from 'vitest';
import { httpGatewayRequest, InvalidGatewayUrl } from '../../src/transfer-spec/http-gateway.ts';
import { readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';

const newSpec = (members: object = {}) =>
  readTransferSpec({
    ...{ direction: 'receive', remote_host: 'h', token: 'ATB3_ACx_3BTA', tags: null, authentication: 'token' },
    ...{ paths: [{ source: '/a/b c.mov' }], source_root: '' },
    ...members,
  });

const url = 'https://gateway.example/aspera/http-gwy';

describe('what a browser sends to an HTTP Gateway', () => {
  it('holds nothing that clients refuse', () => {
    const request = httpGatewayRequest(newSpec(), url, 'V2');
    expect(request?.json).toEqual({
      transfer_spec: {
        ...{ direction: 'receive', remote_host: 'h', token: 'ATB3_ACx_3BTA', source_root: '' },
        ...{ paths: [{ source: '/a/b c.mov' }], zip_required: false, download_name: 'b c.mov' },
      },
    });
  });

  it('keeps what the server said about the download, and tells of how many files it is', () => {
    const several = newSpec({ paths: [{ source: '/a/' }, { source: '/b' }], zip_required: true });
    expect(httpGatewayRequest(several, url, 'V1')?.json).toMatchObject({
      transfer_spec: { zip_required: true, download_name: 'a 2 Files' },
    });
    const named = newSpec({ download_name: 'PKG - Cut', source_root: '/pkg' });
    expect(httpGatewayRequest(named, url, 'V1')?.json).toMatchObject({
      transfer_spec: { download_name: 'PKG - Cut', source_root: '/pkg' },
    });
    const everything = newSpec({ paths: [{}] });
    expect(httpGatewayRequest(everything, url, 'V1')?.json).toMatchObject({
      transfer_spec: { download_name: 'download' },
    });
  });

  it('leaves out the folder of a machine that the browser is not', () => {
    const upload = newSpec({ direction: 'send', source_root: '/home/ada' });
    const { json, url: address } = httpGatewayRequest(upload, url, 'V2') ?? {};
    expect(json).toEqual({ transfer_spec: expect.not.objectContaining({ source_root: expect.anything() }) });
    expect(address).toBe('wss://gateway.example/aspera/http-gwy/v2/upload');
  });

  it('survives the way through a header', () => {
    const spec = newSpec({ title: 'Nordlys 🎬 ü' });
    const { headers = [] } = httpGatewayRequest(spec, url, 'V3') ?? {};
    const [header] = headers;
    expect(header?.value).toMatch(/^[\w+/=]+$/);
    expect(JSON.parse(Buffer.from(header?.value ?? '', 'base64').toString('utf8'))).toEqual(spec.json);
  });

  it('is nothing for a spec without a token, which a gateway does not take', () => {
    for (const version of ['V1', 'V2', 'V3'] as const) {
      expect(httpGatewayRequest(newSpec({ token: undefined }), url, version)).toBeUndefined();
    }
  });

  it.each([
    ['https://gateway.example', 'https://gateway.example/v3/download'],
    ['https://gateway.example/', 'https://gateway.example/v3/download'],
    ['http://gateway.example:8080/a//', 'http://gateway.example:8080/a/v3/download'],
    [`${url}/v1`, `${url}/v3/download`],
    [`${url}/v3/`, `${url}/v3/download`],
  ])('goes to the address below %s', (given, expected) => {
    expect(httpGatewayRequest(newSpec(), given, 'V3')?.url).toBe(expected);
  });

  it.each(['', 'gateway.example', 'javascript:alert(1)', 'https://u:p@g.example', `${url}?a=b`, `${url}#a`])(
    'does not go to %s',
    (given) => {
      expect(() => httpGatewayRequest(newSpec(), given, 'V3')).toThrow(InvalidGatewayUrl);
    },
  );
});
