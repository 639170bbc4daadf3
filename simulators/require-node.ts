const OLDEST = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `The simulators need Node.js ${OLDEST.join('.')} or later; this is ${process.version}. Start them with \`npm run simulators\`.\n`,
  );
  process.exit(1);
}
