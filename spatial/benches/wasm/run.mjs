// Runs the look-ups in node: node run.mjs MODULE.wasm JOBS ROUNDS; prints "sum milliseconds" a job.
import { readFileSync } from "node:fs";

const [file, jobs, rounds] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(file), {});
instance.exports.prepare();
for (let job = 0; job < Number(jobs); job++) {
  const times = [];
  let sum = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const start = process.cpuUsage();
    sum = instance.exports.run(job) >>> 0;
    const spent = process.cpuUsage(start);
    times.push((spent.user + spent.system) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(`${sum} ${times[times.length >> 1]}`);
}
