import { startFloor } from './plain/floor.ts';

/** The floor as a process: `serve.ts <JSON of the options>`. */
const { port, ...urls } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly port: number;
  readonly faspexUrl: string;
  readonly nodeUrl: string;
};
startFloor(port, urls);
