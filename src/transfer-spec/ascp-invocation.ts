export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** How ascp is started to run a transfer spec. */
export interface AscpInvocation {
  readonly program: 'ascp' | 'ascp4';
  readonly arguments: readonly string[];
  /** Processes that run the transfer together; each gets `-C<number>:<of>` before the arguments. */
  readonly sessions: number;
  /** Every secret of the spec, and nothing else but the cookie. */
  readonly environment: readonly EnvironmentVariable[];
  /** Lines of a shell that set the environment. */
  readonly exports: string;
  /** Lines of the file that the arguments name; undefined when they name none. */
  readonly fileList: readonly string[] | undefined;
  /** Nothing is known with which ascp could log in, so it will ask for a password. */
  readonly needsKey: boolean;
  readonly command: string;
}
