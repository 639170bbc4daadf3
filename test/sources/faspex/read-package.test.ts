import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../../src/sources/faspex/read-file.ts';
import { readPackage } from '../../../src/sources/faspex/read-package.ts';
import { fileModel, packageModel } from '../../helpers/wires/faspex-model.ts';
import { dates, itemsOf, numbers, objectsOf, words } from '../../helpers/wires/items.ts';
import { expectSameAsModel } from '../../helpers/wires/same-as-model.ts';

const ids = fc.oneof(fc.nat().map(String), fc.nat());
const flags = fc.boolean();
const texts = fc.string();

const names = { id: ids, name: texts, first_name: texts, last_name: texts, email: texts };

const recipients = fc.array(
  objectsOf(
    {
      ...names,
      recipient_type: words('user', 'external_user', 'workgroup', 'shared_inbox', 'distribution_list', 'constructor'),
      status: words('active', 'deleted'),
      archived: flags,
    },
    1,
  ),
  { maxLength: 3 },
);

const required = { id: ids, title: texts };

const packages = itemsOf({
  ...required,
  package_uuid: fc.uuid(),
  note: texts,
  message: texts,
  state: words('held', 'released', 'expired', 'transient_expired_to_deleted', 'constructor'),
  status: words('completed', 'uploading', 'failed', 'toString'),
  upload_status: words('completed', 'queued', '__proto__'),
  sender: objectsOf(names, 1),
  recipients,
  private_recipients: recipients,
  created_time: dates,
  last_modified: dates,
  upload_completion_time: dates,
  release_policy: words('now', 'later', 'on_date', 'constructor'),
  release_date: dates,
  expiration_policy: words('none', 'delete_after_any_download', 'delete_after_all_download', 'valueOf'),
  expiration_date: dates,
  total_bytes: numbers,
  total_files: numbers,
  download_limit: numbers,
  completed_download_count: numbers,
  active_download_count: numbers,
  completed_partial_download_count: numbers,
  metadata: fc.dictionary(fc.oneof(texts, fc.constant('__proto__')), fc.jsonValue(), { maxKeys: 3 }),
  ear_enabled: flags,
  prevent_http_download: flags,
  archived: flags,
  files_on_server: texts,
  download_availability: texts,
  file_processing_status: texts,
  file_processing_msg: texts,
  error_desc: texts,
});

const files = itemsOf({
  path: fc.oneof(texts, fc.webPath()),
  basename: texts,
  type: words('file', 'directory', 'symbolic_link', 'constructor'),
  size: numbers,
  mtime: dates,
  permissions: fc.array(objectsOf({ name: texts }, 1), { maxLength: 3 }),
});

describe('a package, and a file of one, read by hand', () => {
  it('is what a schema makes of it, or wrong at the same member', () => {
    expectSameAsModel(readPackage, packageModel, packages);
    expectSameAsModel(readFile, fileModel, files);
  });

  it('has nothing that its JSON smuggles in by a prototype', () => {
    const smuggled = JSON.parse('{"id":"1","__proto__":{"title":"x"},"metadata":{"__proto__":{"a":1},"b":2}}');
    expect(() => readPackage(smuggled)).toThrow(expect.objectContaining({ path: ['title'] }));
    const { metadata } = readPackage({ ...smuggled, title: 'y' });
    expect(Object.keys(metadata)).toEqual(['b']);
    expect(metadata.a).toBeUndefined();
  });

  it('has no type and no policy by a word that every object has a member of', () => {
    const pkg = readPackage({
      id: '1',
      title: '',
      recipients: [{ recipient_type: 'constructor' }],
      release_policy: 'constructor',
      expiration_policy: 'valueOf',
      status: 'toString',
      upload_status: '__proto__',
    });
    expect(pkg).toMatchObject({ status: 'UNKNOWN', recipients: [{ recipientType: 'OTHER' }] });
    expect([pkg.releasePolicy, pkg.expirationPolicy]).toEqual([undefined, undefined]);
    expect(readFile({ path: '/a', type: 'constructor' }).fileType).toBe('OTHER');
  });
});
