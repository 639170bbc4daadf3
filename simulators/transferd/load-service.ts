import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const file = fileURLToPath(new URL('./transferd.proto', import.meta.url));

/** Members of a message, each as its name. */
interface MessageShape {
  readonly type: { readonly field: readonly { readonly name: string }[] };
}

interface LoadedPackage {
  readonly transferd: {
    readonly api: {
      readonly TransferService: { readonly service: ServiceDefinition };
      readonly TransferSpecV1: MessageShape;
    };
  };
}

/** `transferd.api.TransferService`, with enums and 64-bit numbers as text, as IBM's sample clients read them. */
export function loadTransferService(): {
  readonly service: ServiceDefinition;
  /** Members that a transfer spec v1 has for the daemon. */
  readonly specMembers: ReadonlySet<string>;
} {
  const definition = loadSync(file, { keepCase: true, longs: String, enums: String, defaults: true });
  const loaded = loadPackageDefinition(definition) as unknown as LoadedPackage;
  const { TransferService, TransferSpecV1 } = loaded.transferd.api;
  return {
    service: TransferService.service,
    specMembers: new Set(TransferSpecV1.type.field.map(({ name }) => name)),
  };
}
