// Runs the job in the bare shell of an engine: `jsc job.js shell.js`, beside digits.bin.
gradusWays(readFile("digits.bin", "binary")).then(
  (ways) => print(JSON.stringify({ ways })),
  (error) => print(`${error}`),
);
