/** How fast a transfer was at a moment. */
export interface BandwidthPoint {
  readonly at: Date;
  readonly rateKbps: number;
}

/** The rates that one transfer had over time. */
export interface TransferBandwidth {
  readonly transferId: string;
  /** Oldest first. */
  readonly points: readonly BandwidthPoint[];
  readonly maxRateKbps: number | undefined;
}

/** The rates of all transfers of a node that the credential may see. */
export interface NodeBandwidth {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** By the direction that their specs say, seen from the client. */
  readonly send: readonly TransferBandwidth[];
  readonly receive: readonly TransferBandwidth[];
}

export interface BandwidthQuery {
  /** How much of each transfer, from its start: 1 to 3600. */
  readonly seconds: number;
  /** Only transfers that started then or later, to the second. */
  readonly startedAfter: Date | undefined;
}
