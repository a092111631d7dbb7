// Headless Chromium on a page of the proxy's. Prints what the page saw, one JSON value per line.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, spki] = process.argv.slice(2);
const print = (value) => process.stdout.write(JSON.stringify(value) + '\n');

const profile = await mkdtemp(join(tmpdir(), 'headgate-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  headless: true,
  env: { PATH: process.env.PATH, HOME: profile },
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-proxy-server',
    `--ignore-certificate-errors-spki-list=${spki}`,
  ],
});

try {
  const page = await context.newPage();
  await page.exposeFunction('print', print);
  const response = await page.goto(`${url}/page`);
  print({ status: response.status(), title: await page.title() });
  print(await page.evaluate(() => performance.getEntries()[0].nextHopProtocol));
  await page.evaluate(events);
  print(await page.evaluate(fetched));
  print(await page.evaluate(socket));
  print(await page.evaluate(refused));
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}

/** An event stream; its first event comes when the test lets it. */
function events() {
  return new Promise((resolve, reject) => {
    const source = new EventSource('/events');
    source.onopen = () => window.print('open');
    source.onmessage = (event) => window.print(`${event.lastEventId} ${event.data}`);
    source.addEventListener('done', () => {
      source.close();
      resolve();
    });
    source.onerror = () => reject(new Error('the event stream broke'));
  });
}

/** A body that goes up and comes back. */
async function fetched() {
  const body = 'x'.repeat(300_000);
  const response = await fetch('/echo', { method: 'POST', body });
  return { status: response.status, same: (await response.text()) === body };
}

/** A WebSocket: texts, and bytes of more than a window, come back. */
function socket() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://${location.host}/chat?room=1`, ['other', 'chat']);
    const large = new Uint8Array(1 << 20).map((_, i) => i * 31);
    const seen = [];
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') {
        seen.push(data);
        socket.send(seen.length < 4 ? `message ${seen.length}` : large);
      } else {
        const back = new Uint8Array(data);
        seen.push(back.length === large.length && back.every((b, i) => b === large[i]));
        socket.close(4001, 'enough');
      }
    };
    socket.onclose = ({ code, wasClean }) =>
      resolve({ seen, code, wasClean, protocol: socket.protocol });
    setTimeout(() => reject(new Error(`only ${JSON.stringify(seen)} came`)), 20_000);
  });
}

/** A WebSocket that the upstream refuses. */
function refused() {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://${location.host}/refused`);
    socket.onopen = () => resolve('open');
    socket.onclose = ({ code }) => resolve(`closed ${code}`);
  });
}
