// A comityd of a test's own: on a free port, on the bundled data in a temporary
// folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const source = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)), '../..');

// Starts `program`; resolves once it says that it is ready.
export async function startComityd(program, data, ...more) {
  const folder = mkdtempSync(path.join(tmpdir(), 'comity-'));
  const child = spawn(
    program,
    ['--data-dir', path.join(folder, 'store'), '--listen', '127.0.0.1:0',
      '--load', data, ...more],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  // Whatever happens to the test, the server and its folder go with it.
  const kill = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  process.on('exit', kill);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(1));
  }

  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => line),
    exited.then(([code]) => `exit code ${code}`),
  ]);
  const match = /^comityd: ready, serving on (\S+)$/.exec(first);
  if (!match) {
    kill();
    throw new Error(`no ready line but: ${first}`);
  }
  return {
    address: match[1],
    pid: child.pid,
    // Ends it as an administrator would; gives its exit code.
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await exited;
      process.off('exit', kill);
      kill();
      return code ?? signal;
    },
  };
}

// Until `holds()` does, for a minute at most.
export async function eventually(holds, what) {
  const end = Date.now() + 60_000;
  while (!await holds()) {
    assert.ok(Date.now() < end, `not within a minute: ${what}`);
    await setTimeout(10);
  }
}
