import { describe, expect, it } from 'vitest';
import { type Answer, failure, openFor, openSource, type SmallServer, startApi } from './fixture.ts';

type Client = ReturnType<typeof openFor>;

/** What `use` gives, and what the server was asked for. */
async function exchange<T>(answer: Answer, use: (client: Client) => Promise<T>) {
  await using server: SmallServer = await startApi(() => answer);
  await using source = openSource(server.url);
  const result = await use(openFor(source));
  return { result, request: server.received.at(-1) };
}

describe('contacts', () => {
  it('are searched among all kinds unless some are named', async () => {
    const contacts = [
      { id: '7', name: 'bob@example.com', first_name: 'Bob', email: 'bob@example.com', type: 'user' },
      { id: '9', name: 'Inbox A', type: 'shared_inbox', metadata_profile_id: 1, submitters_instructions: '' },
    ];
    const answer = { json: { total_count: 2, offset: 0, limit: 20, contacts } };
    const { result, request } = await exchange(answer, (client) => client.contacts({ search: 'b@example' }));
    expect(result.items).toMatchObject([
      { contactId: '7', contactType: 'USER', firstName: 'Bob' },
      { contactId: '9', contactType: 'SHARED_INBOX', metadataProfileId: '1', instructions: undefined },
    ]);
    expect(request?.query.get('context')).toBe('packages');
    expect(request?.query.get('q')).toBe('b@example');
    expect(request?.query.getAll('type[]').toSorted()).toEqual([
      'distribution_list',
      'external_user',
      'shared_inbox',
      'user',
      'workgroup',
    ]);
    const narrow = await exchange(answer, (client) => client.contacts({ contactTypes: ['WORKGROUP'], limit: 5 }));
    expect(narrow.request?.query.getAll('type[]')).toEqual(['workgroup']);
    expect(narrow.request?.query.has('q')).toBe(false);
    expect(narrow.request?.query.get('limit')).toBe('5');
  });
});

describe('shared inboxes and workgroups', () => {
  it('are listed with or without an envelope', async () => {
    const inbox = { id: '9', name: 'Inbox A', user_can_manage: true, require_encryption_at_rest: 'server' };
    const enveloped = await exchange({ json: { total_count: 1, shared_inboxes: [inbox] } }, (client) =>
      client.groups('SHARED_INBOX', { search: 'Inbox' }),
    );
    expect(enveloped.request?.path).toBe('/api/v5/shared_inboxes');
    expect(enveloped.result).toMatchObject({ total: 1, items: [{ groupId: '9', name: 'Inbox A', managed: true }] });
    const bare = await exchange({ json: [inbox] }, (client) => client.groups('WORKGROUP'));
    expect(bare.request?.path).toBe('/api/v5/workgroups');
    expect(bare.result).toMatchObject({ total: undefined, next: undefined, items: [{ groupId: '9' }] });
  });

  it('have members, also when the server says 201', async () => {
    const member = { id: '1', user_id: 7, name: 'bob', access: 'standard', status: 'active', expires: null };
    const { result, request } = await exchange({ status: 201, json: { members: [member] } }, (client) =>
      client.groupMembers('WORKGROUP', '3'),
    );
    expect(request?.path).toBe('/api/v5/workgroups/3/members');
    expect(result.items).toMatchObject([{ memberId: '1', userId: '7', access: 'standard', expiresAt: undefined }]);
  });

  it('have packages, which tell less than those of mailboxes', async () => {
    const basic = { id: '43', title: 'Rushes', upload_status: 'completed', total_bytes: 5 };
    const { result, request } = await exchange({ json: { total_count: 1, packages: [basic] } }, (client) =>
      client.groupPackages('SHARED_INBOX', '9', { search: 'x', vendorStatus: 'completed', history: true }),
    );
    expect(request?.path).toBe('/api/v5/shared_inboxes/9/packages');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      q: 'x',
      status: 'completed',
      view_history: 'true',
      limit: '100',
      offset: '0',
    });
    expect(result.items).toMatchObject([{ packageId: '43', status: 'UNKNOWN', state: undefined, recipients: [] }]);
  });
});

describe('metadata forms', () => {
  const profile = {
    id: '1',
    name: 'Default',
    default: true,
    title: { max_length: 100, illegal_chars: [] },
    note: { max_length: 500, illegal_chars: [], enabled: true },
    fields: [
      { id: '1', name: 'Project', type: 'text_field', require: true, max_length: 20, default_value: '' },
      { id: '2', name: 'Kind', type: 'option_list', choices: ['a', 'b'] },
    ],
  };

  it('are listed under `profiles`', async () => {
    const { result, request } = await exchange({ json: { total_count: 1, profiles: [profile] } }, (client) =>
      client.metadataProfiles(),
    );
    expect(request?.path).toBe('/api/v5/configuration/metadata_profiles');
    expect(result.items).toMatchObject([
      {
        profileId: '1',
        isDefault: true,
        titleMaxLength: 100,
        noteEnabled: true,
        fields: [
          { name: 'Project', required: true, maxLength: 20, choices: [], defaultValue: undefined },
          { name: 'Kind', required: false, choices: ['a', 'b'] },
        ],
      },
    ]);
  });

  it('can be asked for one by one', async () => {
    const { result, request } = await exchange({ json: profile }, (client) => client.metadataProfile('default'));
    expect(request?.path).toBe('/api/v5/configuration/metadata_profiles/default');
    expect(result.name).toBe('Default');
  });
});

describe('sending from the server’s own folders', () => {
  it('lists them', async () => {
    const folder = { id: '2', node_id: '1', name: 'Server Files', read_permission: 'public' };
    const { result } = await exchange({ json: { total_count: 1, shared_folders: [folder] } }, (client) =>
      client.sharedFolders({ search: 'Server' }),
    );
    expect(result.items).toEqual([
      { sharedFolderId: '2', nodeId: '1', name: 'Server Files', readPermission: 'public' },
    ]);
  });

  it('names the folder where the documents and where IBM’s client have it', async () => {
    const answer = { status: 201, json: { transfer_id: 'x', status: 'running', percentage: 5, bytes_transferred: 7 } };
    const { result, request } = await exchange(answer, (client) => client.remoteTransfer('43', '2', ['/folder/file']));
    expect(request?.query.get('shared_folder_id')).toBe('2');
    expect(JSON.parse(request?.text ?? '')).toEqual({ shared_folder_id: '2', paths: ['/folder/file'] });
    expect(result).toMatchObject({ transferId: 'x', progress: 0.05, transferredBytes: 7 });
  });
});

describe('the caller’s account', () => {
  it('tells who it is and what it may', async () => {
    const json = { id: '2', name: 'alex', role: 'user', encryption_at_rest: 'required', uploads_allowed: true };
    const { result } = await exchange({ json }, (client) => client.account());
    expect(result).toMatchObject({ userId: '2', name: 'alex', encryptionAtRest: 'required', uploadsAllowed: true });
  });

  it('is a bad answer without a name', async () => {
    const error = await failure(exchange({ json: { id: '2' } }, (client) => client.account()));
    expect(error.message).toBe('faspex sent an answer that does not have a usable name.');
  });
});
