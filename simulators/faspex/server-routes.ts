import type { Routes } from './route.ts';

/** The release whose behaviour the simulator follows. */
const VERSION = '5.0.13';
const versionHeader = { 'x-ibm-aspera': `F${VERSION}` };

/** Health, detection and version (aspera-apps-api.md §3). */
export function registerServerRoutes(routes: Routes): void {
  routes.open('GET', '/health', () => ({ status: 200, json: { core: { connected: true } }, headers: versionHeader }));
  // ascli takes a server for Faspex 5 only if the body is empty.
  routes.open('GET', '/api/v5/configuration/ping', () => ({ status: 200, headers: versionHeader }));
  routes.open('GET', '/', () => ({
    status: 200,
    body: '<!doctype html><title>IBM Aspera Faspex</title>',
    headers: { ...versionHeader, 'content-type': 'text/html' },
  }));
  routes.anyone('GET', '/api/v5/version', () => ({ status: 200, json: { version: VERSION } }));
}
