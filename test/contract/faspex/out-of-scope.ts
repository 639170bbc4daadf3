import type { RecordedCommand, RecordedRequest } from './wire-trace.ts';

/** Recorded requests that our simulator does not answer, and why it need not. */
export interface OutOfScope {
  readonly why: string;
  /** Whole commands. */
  readonly commands?: readonly string[];
  /** `METHOD /path` as recorded; the simulator must have no such route. */
  readonly routes?: readonly string[];
}

/** The one list of them. Rows that are not told here are replayed. */
export const outOfScope: readonly OutOfScope[] = [
  {
    why: 'accounts are read only: nobody manages the users of a Faspex server through the gateway',
    routes: [
      'POST /api/v5/accounts',
      'DELETE /api/v5/accounts/7',
      'PUT /api/v5/accounts/7',
      'POST /api/v5/accounts/7/reset_password',
    ],
  },
  {
    why: 'shared inboxes and their members are read only',
    routes: [
      'POST /api/v5/shared_inboxes',
      'POST /api/v5/shared_inboxes/9/members',
      'DELETE /api/v5/shared_inboxes/9/members/7',
      'POST /api/v5/shared_inboxes/9/external_collaborator',
    ],
  },
  {
    why: 'the server’s own nodes, API clients, settings and queues belong to its administrators’ tools',
    routes: [
      'GET /api/v5/nodes',
      'POST /api/v5/nodes/1/browse/page',
      'GET /api/v5/nodes/1/shared_folders',
      'GET /auth/oauth_clients',
      'POST /api/v5/configuration/smtp/test',
      'DELETE /api/v5/configuration/smtp',
      'GET /api/v5/jobs/55',
      'GET /api/v5/jobs',
      'GET /api/v5/configuration',
      'PUT /api/v5/configuration',
      'POST /api/v5/internal/packages/clean_deleted',
      'GET /api/v5/email_notifications',
      'POST /api/v5/file_processing',
    ],
  },
  {
    why: 'the audit trail of the whole server and its webhooks: events of one package are served',
    routes: ['GET /api/v5/application_events', 'GET /api/v5/all_webhooks_events'],
  },
  { why: 'distribution lists are read only', routes: ['DELETE /api/v5/account/distribution_lists'] },
  {
    why: 'invitations lead people to the web pages of Faspex, of which there are none',
    routes: ['POST /api/v5/invitations', 'POST /api/v5/public_invitations', 'POST /api/v5/invitations/4/resend'],
  },
  {
    why: 'public links start at the web pages of Faspex, of which there are none',
    commands: ['PUBLINK send', 'PUBLINK show'],
  },
];

const routeOf = ({ method, path }: RecordedRequest) => `${method} ${path}`;

/** The part of a recorded command that is to be replayed. */
export function inScope({ command, requests }: RecordedCommand): readonly RecordedRequest[] {
  if (outOfScope.some(({ commands = [] }) => commands.includes(command))) return [];
  return requests.filter((request) => !outOfScope.some(({ routes = [] }) => routes.includes(routeOf(request))));
}

/** What is told to be out of scope, but was never recorded. */
export function idleExclusions(recorded: readonly RecordedCommand[]): readonly string[] {
  const commands = new Set(recorded.map(({ command }) => command));
  const routes = new Set(recorded.flatMap(({ requests }) => requests.map(routeOf)));
  return outOfScope.flatMap(({ commands: whole = [], routes: single = [] }) => [
    ...whole.filter((command) => !commands.has(command)),
    ...single.filter((route) => !routes.has(route)),
  ]);
}
