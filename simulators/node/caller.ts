import type { SimulatorRequest } from '../kit/message.ts';

/** Whom a request to a node comes from (aspera-node-api.md §1.2). */
export interface Caller {
  /** `nodeUser` and `accessKey` come by Basic authorization, `bearer` by a token and X-Aspera-AccessKey. */
  readonly kind: 'nodeUser' | 'accessKey' | 'bearer';
  /** Absolute folder on disk that the caller's `/` stands for. */
  readonly root: string;
  /** The access key in force; undefined for a node user. */
  readonly accessKeyId: string | undefined;
  /** `user_id` and `group_ids` of a bearer token; undefined otherwise. */
  readonly userId: string | undefined;
  readonly groupIds: readonly string[];
  /** Node user, access key itself, or a bearer token with an admin scope: not held by permissions. */
  readonly isAdmin: boolean;
}

/** Finds the caller of a request, or throws a 401 refusal. */
export type Authenticate = (request: SimulatorRequest) => Caller;
