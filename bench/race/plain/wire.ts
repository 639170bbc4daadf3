/** The members of the upstream's JSON that the race needs. */

export interface WirePerson {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly email?: string | null;
}

export interface WireRecipient extends WirePerson {
  readonly recipient_type?: string;
}

export interface WirePackage {
  readonly id: string;
  readonly package_uuid: string;
  readonly title: string;
  readonly note?: string | null;
  readonly status: string;
  readonly created_time?: string | null;
  readonly total_bytes?: number | null;
  readonly total_files?: number | null;
  readonly sender?: WirePerson | null;
  readonly recipients: readonly WireRecipient[];
}

export interface WirePage {
  readonly total_count: number;
  readonly packages: readonly WirePackage[];
}

export interface WireEntry {
  readonly path: string;
  readonly basename: string;
  readonly type: string;
  readonly size: number;
  readonly mtime: string;
  readonly error?: object;
}
