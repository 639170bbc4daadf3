import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import {
  bitString,
  der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  truth,
  utcTime,
  utf8String,
} from './der.ts';

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface CertificateRequest {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

interface Issuer {
  readonly commonName: string;
  readonly keys: KeyPair;
}

const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 365;
const ISSUER_NAME = 'FairCom simulator authority';
const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

const newKeys = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

const nameOf = (commonName: string) => sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));

const publicKeyBytes = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const keyIdentifier = (key: KeyObject) => createHash('sha1').update(publicKeyBytes(key)).digest();

const extension = (oid: string, value: Buffer) => sequence(objectIdentifier(oid), octetString(value));
const criticalExtension = (oid: string, value: Buffer) => sequence(objectIdentifier(oid), truth, octetString(value));

const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
const isAuthority = criticalExtension(basicConstraints, sequence(truth));
const isNoAuthority = criticalExtension(basicConstraints, sequence());
/** keyCertSign and cRLSign. */
const signsCertificates = criticalExtension(keyUsage, bitString(Buffer.from([0x06]), 1));
/** digitalSignature. */
const signsHandshakes = criticalExtension(keyUsage, bitString(Buffer.from([0x80]), 7));
const usedFor = (purpose: 'server' | 'client') =>
  extension('2.5.29.37', sequence(objectIdentifier(`1.3.6.1.5.5.7.3.${purpose === 'server' ? 1 : 2}`)));

/** Host names that a client may check the server against (faircom-netography-api.md §A5). */
const localNames = extension(
  '2.5.29.17',
  sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))),
);

function issue(issuer: Issuer, { commonName, publicKey, extensions }: CertificateRequest): string {
  const now = Date.now();
  const all = [
    ...extensions,
    extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', sequence(der(0x80, keyIdentifier(issuer.keys.publicKey)))),
  ];
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // A first byte without the sign bit and without leading zeros.
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(issuer.commonName),
    sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + LIFETIME_DAYS * DAY_MS))),
    nameOf(commonName),
    publicKeyBytes(publicKey),
    der(0xa3, sequence(...all)),
  );
  const signature = sign('sha256', signed, issuer.keys.privateKey);
  const certificate = sequence(signed, ecdsaWithSha256, bitString(signature));
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

export interface CertificateFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export const certificateFiles = (folder: string): CertificateFiles => ({
  caFile: join(folder, 'ca.pem'),
  certFile: join(folder, 'client.pem'),
  keyFile: join(folder, 'client.key'),
});

const pemOf = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));

/**
 * Makes an authority, a server certificate and a client certificate, and writes what a client and an operator need
 * into the folder. The authority's key is kept nowhere, so that nobody can issue another certificate.
 */
export function createCertificates(folder: string): TlsOptions {
  const issuer: Issuer = { commonName: ISSUER_NAME, keys: newKeys() };
  const [server, client] = [newKeys(), newKeys()];
  const { caFile, certFile, keyFile } = certificateFiles(folder);
  const authority = { commonName: ISSUER_NAME, publicKey: issuer.keys.publicKey };
  const ca = issue(issuer, { ...authority, extensions: [isAuthority, signsCertificates] });
  const cert = issue(issuer, {
    commonName: 'localhost',
    publicKey: server.publicKey,
    extensions: [isNoAuthority, signsHandshakes, usedFor('server'), localNames],
  });
  const clientCert = issue(issuer, {
    commonName: 'gateway',
    publicKey: client.publicKey,
    extensions: [isNoAuthority, signsHandshakes, usedFor('client')],
  });
  const key = pemOf(server.privateKey);
  writeFileSync(caFile, ca);
  writeFileSync(join(folder, 'server.pem'), cert);
  writeFileSync(certFile, clientCert);
  writeFileSync(join(folder, 'server.key'), key, { mode: 0o600 });
  writeFileSync(keyFile, pemOf(client.privateKey), { mode: 0o600 });
  return { ca, cert, key };
}
