import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { BandwidthLog } from '../activity/bandwidth.ts';
import type { Authenticate, Caller } from '../caller.ts';
import type { OwnTransferDeps } from '../transfers/own-transfer.ts';
import type { SyncJob } from './sync-job.ts';

export interface SyncRouteDeps extends OwnTransferDeps {
  readonly authenticate: Authenticate;
  readonly bandwidth: BandwidthLog;
}

export type SyncAct = (caller: Caller, request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>;

/** The node user sees all, an access key its own. */
export const isVisible = (caller: Caller, { owner }: SyncJob): boolean =>
  caller.accessKeyId === undefined || owner.accessKeyId === caller.accessKeyId;
