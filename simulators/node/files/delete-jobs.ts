import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';

/** A delete that runs in the background (openapi 4.4.6, files-id-delete-202). */
export interface DeleteJob {
  readonly id: string;
  readonly accessKeyId: string;
  readonly fileId: string;
  status: 'waiting' | 'running' | 'complete' | 'cancelled' | 'error';
  /** Milliseconds that the work has taken. */
  elapsedMs: number;
}

export interface DeleteJobs {
  /** Queues the work; one job runs at a time. */
  submit(accessKeyId: string, fileId: string, work: () => Promise<void>): DeleteJob;
  find(id: string): DeleteJob | undefined;
  /** Stops a job that has not been started; one that runs goes on, as the vendor's document allows. */
  stop(job: DeleteJob): void;
}

async function run(job: DeleteJob, work: () => Promise<void>, clock: Clock): Promise<void> {
  if (job.status !== 'waiting') return;
  const started = clock.now();
  job.status = 'running';
  try {
    await work();
    job.status = 'complete';
  } catch {
    job.status = 'error';
  }
  job.elapsedMs = clock.now() - started;
}

export function createDeleteJobs(clock: Clock): DeleteJobs {
  const jobs = new Map<string, DeleteJob>();
  let queue = Promise.resolve();
  return {
    submit: (accessKeyId, fileId, work) => {
      const job: DeleteJob = { id: randomUUID(), accessKeyId, fileId, status: 'waiting', elapsedMs: 0 };
      jobs.set(job.id, job);
      queue = queue.then(() => run(job, work, clock));
      return job;
    },
    find: (id) => jobs.get(id),
    stop: (job) => {
      if (job.status === 'waiting') job.status = 'cancelled';
    },
  };
}
