/** Oldest Node.js that runs TypeScript as it is and has everything the gateway uses. */
const OLDEST = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `The gateway needs Node.js ${OLDEST.join('.')} or later; this is ${process.version}.\n` +
      'Start it through npm (npm start, npm run demo), which uses the Node.js that the project brings along.\n',
  );
  process.exit(1);
}
