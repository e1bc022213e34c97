// Runs the job in the bare shell of an engine: `jsc job.js shell.js`, beside digits.bin.
print(JSON.stringify({ result: gradusJob(readFile("digits.bin", "binary")) }));
