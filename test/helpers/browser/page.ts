import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

/** A web page as far as IBM's SDKs look at one: scripts, requests and sockets, nothing to see. */
export interface Page {
  /** Runs a script as a tag of the page would. */
  load(file: string): void;
  /** What its scripts have put on `window`. */
  readonly window: Readonly<Record<string, unknown>>;
}

export interface PageOptions {
  /** Where the Connect application of this person listens, in place of the first of the ports that Connect tries. */
  readonly connectOrigin?: string;
}

/** The first of twenty ports of this machine that Connect's SDK looks at. */
const CONNECT_PORT = '33003';

/** Leads requests to Connect's port to the application that plays it, and to its other ports nowhere. */
function redirect(address: string, connectOrigin: string | undefined): URL {
  const url = new URL(address);
  const isConnect = url.hostname === '127.0.0.1' && url.pathname.includes('/connect/');
  if (!isConnect) return url;
  if (connectOrigin === undefined || url.port !== CONNECT_PORT) throw new TypeError('nobody listens there');
  return new URL(url.pathname + url.search, connectOrigin);
}

/** As much of XMLHttpRequest as Connect's SDK uses, over `fetch`. */
function createRequestClass(connectOrigin: string | undefined) {
  return function XMLHttpRequest() {
    let [method, address] = ['GET', ''];
    const request = {
      ...{ readyState: 0, status: 0, responseText: '' },
      onreadystatechange: undefined as (() => void) | undefined,
      open: (openedMethod: string, openedAddress: string) => {
        [method, address] = [openedMethod, openedAddress];
      },
      send: async (body?: string) => {
        try {
          const answer = await fetch(redirect(address, connectOrigin), {
            method,
            ...(body === undefined ? {} : { body }),
          });
          request.responseText = await answer.text();
          request.status = answer.status;
        } catch {
          request.status = 0;
        }
        request.readyState = 4;
        request.onreadystatechange?.();
      },
    };
    return request;
  };
}

/** As much of FileReader as HTTP Gateway's SDK uses. */
function FileReader() {
  const reader = {
    onload: undefined as
      | ((event: { readonly total: number; readonly target: { readonly result: unknown } }) => void)
      | undefined,
    readAsArrayBuffer: async (chunk: Blob) => {
      reader.onload?.({ total: chunk.size, target: { result: await chunk.arrayBuffer() } });
    },
    readAsDataURL: async (chunk: Blob) => {
      const base64 = Buffer.from(await chunk.arrayBuffer()).toString('base64');
      reader.onload?.({ total: chunk.size, target: { result: `data:application/octet-stream;base64,${base64}` } });
    },
  };
  return reader;
}

const silent = () => undefined;
const createElement = (name: string) => ({
  ...{ tagName: name.toUpperCase(), nodeType: 1, style: {}, childNodes: [], children: [] },
  ...{ setAttribute: silent, appendChild: silent, removeChild: silent, focus: silent },
});

export function openPage({ connectOrigin }: PageOptions = {}): Page {
  const window: Record<string, unknown> = {
    ...{ addEventListener: silent, postMessage: silent, navigator: { userAgent: 'Node' } },
    location: { href: 'https://app.example/upload', protocol: 'https:' },
    document: {
      ...{ querySelectorAll: () => [], querySelector: createElement, getElementById: () => null, createElement },
      body: createElement('body'),
    },
    console: { log: silent, warn: silent, error: silent, debug: silent, info: silent },
    XMLHttpRequest: createRequestClass(connectOrigin),
    ...{ FileReader, fetch, WebSocket, URL, TextEncoder, Buffer, btoa, atob },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval },
  };
  Object.assign(window, { window, self: window });
  const context = createContext(window);
  return { load: (file) => void runInContext(readFileSync(file, 'utf8'), context, { filename: file }), window };
}
