import { readJson, type SimulatorRequest, type SimulatorResponse } from '../../kit/message.ts';
import type { Router } from '../../kit/router.ts';
import type { Caller } from '../caller.ts';
import { basicOnly } from '../credentials.ts';
import { refusal } from '../errors.ts';
import { fieldsOf } from '../fields.ts';
import { queryInteger } from '../files/request-fields.ts';
import { withGluedAnswer } from './glued-answer.ts';
import { renderBandwidth, renderCounters, renderFiles, renderState, renderSummary } from './render-sync.ts';
import { statisticsRoutes } from './statistics-routes.ts';
import { isVisible, type SyncAct, type SyncRouteDeps } from './sync-act.ts';
import { readSyncConfig } from './sync-config.ts';
import { createSyncJob, type SyncJob } from './sync-job.ts';

/** The syncs that one node runs. */
export interface Syncs {
  /** Lets each of them go on when it can. */
  tick(): void;
  stop(): Promise<void>;
}

type JobAct = (job: SyncJob, request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>;

const DEFAULT_SECONDS = 100;
const DEFAULT_FILES = 100;

const bodyOf = (request: SimulatorRequest) => readJson(request, () => refusal(400, 'The body is not valid JSON'));

function jobActs({ node, bandwidth }: SyncRouteDeps): Record<string, JobAct> {
  return {
    state: (job) => ({ status: 200, json: renderState(job) }),
    summary: (job) => ({ status: 200, json: renderSummary(job) }),
    counters: (job) => ({ status: 200, json: renderCounters(job) }),
    bandwidth: (job, { query }) => {
      const seconds = queryInteger(query, 'seconds', 1) ?? DEFAULT_SECONDS;
      const data = renderBandwidth(job, bandwidth, node.clock.now() - seconds * 1000);
      return { status: 200, json: { data } };
    },
    files: (job, { query }) => {
      const skip = queryInteger(query, 'skip', 0) ?? 0;
      const count = queryInteger(query, 'count', 1) ?? DEFAULT_FILES;
      const [filename, status] = [query.get('filename') ?? undefined, query.get('status') ?? undefined];
      return { status: 200, json: { files: renderFiles(job, { skip, count, filename, status }) } };
    },
  };
}

function createActs(deps: SyncRouteDeps, jobs: Map<string, SyncJob>) {
  let lastSnid = 0;
  const find = (caller: Caller, request: SimulatorRequest): SyncJob => {
    const job = jobs.get(request.params.id ?? '');
    if (!job || !isVisible(caller, job)) throw refusal(404, 'Sync not found');
    return job;
  };
  const create: SyncAct = (caller, request) => {
    const { configuration } = fieldsOf(bodyOf(request));
    const config = readSyncConfig(configuration);
    if ([...jobs.values()].some((job) => job.config.name === config.name)) {
      throw refusal(409, 'A sync with this name exists');
    }
    lastSnid += 1;
    const owner = { accessKeyId: caller.accessKeyId, userId: caller.userId, root: caller.root };
    const job = createSyncJob(deps, { snid: lastSnid, owner, config, sent: configuration });
    jobs.set(job.id, job);
    // [GUESS] The answer, and that a new sync waits for `start`: IBM's client has a command for that.
    return { status: 200, json: { id: job.id } };
  };
  const list: SyncAct = (caller) => {
    const visible = [...jobs.values()].filter((job) => isVisible(caller, job));
    return { status: 200, json: { ids: visible.map(({ id }) => id) } };
  };
  const ofOne =
    (act: JobAct): SyncAct =>
    (caller, request) =>
      act(find(caller, request), request);
  const show = ofOne(({ id, sent }) => ({ status: 200, json: { id, configuration: sent } }));
  const remove = ofOne(async (job) => {
    jobs.delete(job.id);
    await job.close();
    return { status: 204 };
  });
  const start = ofOne((job) => {
    if (!job.start()) throw refusal(409, 'The sync runs already');
    return { status: 204 };
  });
  const stop = ofOne(async (job) => {
    await job.stop();
    return { status: 204 };
  });
  return { create, list, show, remove, start, stop, ofOne };
}

/** `/asyncs`, the syncs that this node runs, and `/async`, their statistics (aspera-node-api.md §6). */
export function registerSyncRoutes(router: Router, deps: SyncRouteDeps): Syncs {
  const jobs = new Map<string, SyncJob>();
  const authenticate = basicOnly(deps.authenticate);
  const acts = createActs(deps, jobs);
  const on = (method: string, path: string, act: SyncAct) =>
    router.on(method, path, async (request) => {
      const caller = authenticate(request);
      return withGluedAnswer(deps.node.settings, await act(caller, request));
    });
  on('GET', '/asyncs', acts.list);
  on('POST', '/asyncs', acts.create);
  on('GET', '/asyncs/:id', acts.show);
  on('DELETE', '/asyncs/:id', acts.remove);
  on('POST', '/asyncs/:id/start', acts.start);
  on('POST', '/asyncs/:id/stop', acts.stop);
  for (const [name, act] of Object.entries(jobActs(deps))) on('GET', `/asyncs/:id/${name}`, acts.ofOne(act));
  for (const [route, act] of Object.entries(statisticsRoutes(deps, jobs))) {
    const [method = '', path = ''] = route.split(' ');
    on(method, path, act);
  }
  return {
    tick: () => {
      for (const job of jobs.values()) job.tick();
    },
    stop: async () => {
      await Promise.all([...jobs.values()].map((job) => job.close()));
    },
  };
}
