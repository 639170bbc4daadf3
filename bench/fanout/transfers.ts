/** What every server of this bench tells of: the transfers of one node, all of which change with every poll. */
export const TRANSFERS = 40;

export const transferIds = Array.from({ length: TRANSFERS }, (_, index) => `bench-transfer-${index}`);

/** The source's name in the configuration of the gateway. */
export const NODE = 'bench';

export const globalIdOf = (transferId: string) => Buffer.from(`NodeTransfer:${NODE}/${transferId}`).toString('base64');

/** What a dashboard shows of a transfer. `alias` makes a document of its own: nobody shares it. */
export const documentOf = (alias: string | undefined) => `subscription ($id: ID!) {
  ${alias === undefined ? '' : `${alias}: `}transferProgress(id: $id) {
    cursor gap
    transfer {
      id title status direction progress bytesTransferred bytesExpected averageRateKbps startedAt
      ... on NodeTransfer { currentRateKbps sourcePaths destinationPath remoteHost retrying }
    }
  }
}`;
