import type { Failure, People, Person } from './faspex-people.ts';
import { FAILURE } from './faspex-people.ts';

/** A package as these mutations answer it. */
export interface Package {
  readonly packageId: string;
  readonly uuid: string;
  readonly title: string;
  readonly status: string;
  readonly uploadStatus: string;
  readonly note: string | null;
  readonly metadata: object;
  readonly encryptedAtRest: boolean;
  readonly downloadLimit: number | null;
  readonly releasePolicy: string;
  readonly expirationPolicy: string;
  readonly expiresAt: string | null;
  readonly recipients: readonly { readonly name: string; readonly recipientType: string }[];
}
interface Spec {
  readonly json: { readonly [name: string]: unknown };
}
export interface Result extends Failure {
  readonly package: Package;
  readonly spec: Spec;
  readonly transfer: { readonly id: string; readonly status: string };
  readonly transferId: string | null;
  readonly draft: Package;
  readonly candidates: readonly {
    readonly name: string;
    readonly recipientType: string;
    readonly email: string | null;
  }[];
}

const PACKAGE = `packageId uuid title status uploadStatus note metadata encryptedAtRest downloadLimit releasePolicy
  expirationPolicy expiresAt recipients { name recipientType }`;
const REST = `${FAILURE} ... on AmbiguousRecipientError { candidates { name recipientType email } }
  ... on DraftLeftError { draft { ${PACKAGE} } }`;

const mutations = {
  sendPackage: `mutation ($input: SendPackageInput!) { result: sendPackage(input: $input) {
    ... on SendPackageSuccess { package { ${PACKAGE} } spec { json } } ${REST} } }`,
  sendPackageFromNode: `mutation ($input: SendPackageFromNodeInput!) { result: sendPackageFromNode(input: $input) {
    ... on SendPackageFromNodeSuccess { package { ${PACKAGE} } transfer { id status } } ${REST} } }`,
  sendPackageFromSharedFolder: `mutation ($input: SendPackageFromSharedFolderInput!) {
    result: sendPackageFromSharedFolder(input: $input) {
    ... on SendPackageFromSharedFolderSuccess { package { ${PACKAGE} } transferId } ${REST} } }`,
  authorizePackageUpload: `mutation ($input: AuthorizePackageUploadInput!) {
    result: authorizePackageUpload(input: $input) { ... on AuthorizePackageUploadSuccess { spec { json } } ${FAILURE} } }`,
};

/** Runs one of the mutations and gives its result, whichever it is. */
export async function run(name: keyof typeof mutations, person: Person, input: object): Promise<Result> {
  return (await person.data<{ result: Result }>(mutations[name], { input })).result;
}

/** What a new package needs at least. */
export const basics = ({ mina }: People) => ({
  title: 'Rushes',
  recipients: [{ name: mina.username }],
  paths: ['/a.mov'],
});

/** How many packages a person has sent, drafts included. */
export const countSent = async (person: Person) =>
  (await person.faspex.get<{ total_count: number }>('/outbox/packages?limit=1')).json.total_count;
