import { type Client, credentials, makeClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { loadTransferService } from '../../../simulators/transferd/load-service.ts';

/** One message of a stream, as far as the tests read it. */
export interface PushedEvent {
  readonly transferId: string;
  readonly status: string;
  readonly transferEvent: string;
  readonly message: string;
  readonly error: { readonly code: number; readonly description: string } | null;
  readonly transferInfo: Readonly<Record<string, string>> | null;
  readonly sessionInfo: Readonly<Record<string, string>> | null;
  readonly fileInfo: Readonly<Record<string, string>> | null;
}

/** A client as an application has one: `@grpc/grpc-js` on the definitions, without anything of the gateway. */
export function createGrpcClient(port: number) {
  const { service } = loadTransferService();
  const Service = makeClientConstructor(service as ServiceDefinition, 'TransferService');
  const client: Client = new Service(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => client.close());
  type Call = (request: object, callback: (error: Error | null, answer: unknown) => void) => void;
  const method = (name: string) => Reflect.get(client, name).bind(client);
  return {
    call: <Answer>(name: string, request: object = {}) =>
      new Promise<Answer>((resolve, reject) => {
        (method(name) as Call)(request, (error, answer) => (error ? reject(error) : resolve(answer as Answer)));
      }),
    /** What a streaming call pushes, as it comes. */
    listen: (name: string, request: object) => {
      const events: PushedEvent[] = [];
      const stream = method(name)(request);
      let ended: 'end' | Error | undefined;
      stream.on('data', (event: PushedEvent) => events.push(event));
      stream.on('end', () => {
        ended ??= 'end';
      });
      stream.on('error', (error: Error) => {
        ended ??= error;
      });
      onTestFinished(() => stream.cancel());
      return { events, statuses: () => events.map(({ status }) => status), ended: () => ended };
    },
  };
}
