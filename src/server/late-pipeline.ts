import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { JsonType } from './accepted-type.ts';
import type { DoorContext } from './door-context.ts';
import type { PipelineDeps, PipelineSettings } from './pipeline.ts';
import type { BegunRequest } from './requests.ts';

/**
 * The pipeline for whoever may be the first to need it. Loading it takes as long as a quarter of everything else that a
 * gateway does before its first answer, and most requests never come this way.
 */
export interface LatePipeline {
  /** Has the pipeline loaded, so that nobody has to wait for it. */
  prepare(): Promise<void>;
  answer(request: IncomingMessage, reply: ServerResponse, door: BegunRequest): Promise<void>;
  /** Answers a request that did not come through a socket. */
  fetch(request: Request, door: DoorContext): Promise<Response>;
  /** A result with errors as an answer, with the status that they ask for. */
  toResponse(result: ExecutionResult, type: JsonType): Promise<Response>;
}

const load = async (settings: PipelineSettings, deps: PipelineDeps) => {
  const { createPipeline, toResponse } = await import('./pipeline.ts');
  return { pipeline: createPipeline(settings, deps), toResponse };
};

export function createLatePipeline(settings: PipelineSettings, deps: PipelineDeps): LatePipeline {
  let loaded: ReturnType<typeof load> | undefined;
  const ready = () => {
    loaded ??= load(settings, deps);
    return loaded;
  };
  return {
    prepare: async () => {
      await ready();
    },
    answer: async (request, reply, door) => {
      const { pipeline } = await ready();
      await pipeline(request, reply, door);
    },
    fetch: async (request, door) => (await ready()).pipeline.fetch(request, door),
    toResponse: async (result, type) => {
      const { pipeline, toResponse } = await ready();
      return toResponse(pipeline, result, type);
    },
  };
}
