// Headless Chromium behind a proxy: browse.mjs PROXY USER PASSWORD SPKI,SPKI URL..., with - to trust everybody
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [server, username, password, trusted, ...urls] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), 'headgate-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  headless: true,
  env: { PATH: process.env.PATH, HOME: profile },
  proxy: { server, username, password },
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    trusted === '-'
      ? '--ignore-certificate-errors'
      : `--ignore-certificate-errors-spki-list=${trusted}`,
  ],
});

try {
  const page = await context.newPage();
  for (const url of urls) {
    const response = await page.goto(url);
    console.log(`${response.status()} ${(await response.text()).trim()}`);
  }
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
