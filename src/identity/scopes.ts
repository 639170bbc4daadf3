/** What a viewer may be allowed to do. Closed: a scope that is not listed here does not exist. */
export const scopes = [
  { name: 'faspex.read', description: 'See Faspex packages, contacts and inboxes.' },
  { name: 'faspex.send', description: 'Create, forward, archive and delete Faspex packages.' },
  { name: 'node.read', description: 'Browse the files of a node and see what it says about itself.' },
  { name: 'node.write', description: 'Create, rename and delete files and folders on a node.' },
  { name: 'node.admin', description: 'See the access keys of a node, and set up its watch folders and syncs.' },
  { name: 'transfer', description: 'Obtain transfer specs. They contain tokens.' },
  {
    name: 'transfer.bearer',
    description: 'Obtain specs with a bearer token in one’s own name, which also opens the Node API to it.',
  },
  {
    name: 'transfer.secret',
    description: 'Obtain specs with the secret of an access key, which opens its whole storage for good.',
  },
  { name: 'transfer.start', description: 'Start, cancel, pause and resume transfers, and change their rate.' },
  { name: 'transfer.ssh', description: 'Start transfers with passwords and keys of system users.' },
  { name: 'transfer.read', description: 'See transfers and watch their progress.' },
  { name: 'transfer.all', description: 'See everybody’s transfers at sources whose visibility is `all`.' },
  { name: 'faircom.read', description: 'Read FairCom databases, tables and records.' },
  { name: 'faircom.write', description: 'Insert, update and delete FairCom records.' },
] as const;

export type Scope = (typeof scopes)[number]['name'];
