import type { Projection } from '../check-answers.ts';

/**
 * A generated graph has the vendor's words and no global ids, so that what is compared is what both tell: everything but
 * global ids and the status of a package. Dates are compared as moments.
 */
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const asObject = (value: unknown): Json => (isObject(value) ? value : {});

const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asObject) : []);

const member = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((found, name) => asObject(found)[name], value);

const text = (value: unknown) => (value === '' || value === undefined ? null : value);

const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null);

const moment = (value: unknown) => (typeof value === 'string' ? Date.parse(value) : null);

const projectPerson = (person: Json) => ({
  id: person.userId ?? person.recipientId ?? person.id ?? null,
  type: lower(person.recipientType ?? person.recipient_type),
  name: text(person.name),
  email: text(person.email),
});

const projectFolder = (folder: Json) => ({
  path: folder.path,
  name: folder.name ?? folder.basename,
  type: lower(folder.type),
  modifiedAt: moment(folder.modifiedAt ?? folder.mtime),
});

const projectPackage = (pkg: Json) => ({
  id: pkg.packageId ?? pkg.id,
  title: pkg.title,
  note: text(pkg.note),
  createdAt: moment(pkg.createdAt ?? pkg.created_time),
  sizeBytes: pkg.sizeBytes ?? pkg.total_bytes,
  fileCount: pkg.fileCount ?? pkg.total_files,
  sender: isObject(pkg.sender) ? projectPerson(pkg.sender) : null,
  recipients: asList(pkg.recipients).map(projectPerson),
  folder: isObject(pkg.folder) ? projectFolder(pkg.folder) : null,
});

export const projectGenerated: Projection = (json) => {
  const data = asObject(member(json, 'data'));
  const single = member(data, 'faspex', 'package') ?? data.getPackage;
  if (single !== undefined) return projectPackage(asObject(single));
  const edges = member(data, 'faspex', 'packages', 'edges');
  const packages =
    edges === undefined ? member(data, 'listPackages', 'packages') : asList(edges).map(({ node }) => node);
  return {
    total: member(data, 'faspex', 'packages', 'totalCount') ?? member(data, 'listPackages', 'total_count'),
    packages: asList(packages).map(projectPackage),
  };
};
