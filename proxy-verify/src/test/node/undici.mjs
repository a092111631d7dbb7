// Fetches URLs through a forward proxy: undici.mjs PROXY TOKEN URL...
import { fetch, ProxyAgent } from 'undici';

const [proxy, token, ...urls] = process.argv.slice(2);
const tls = { rejectUnauthorized: false }; // the test's origin signs for itself
const dispatcher = new ProxyAgent({
  uri: proxy,
  token: token === '-' ? undefined : `Basic ${Buffer.from(token).toString('base64')}`,
  requestTls: tls,
});
for (const url of urls) {
  try {
    const response = await fetch(url, { dispatcher });
    console.log(`${response.status} ${(await response.text()).trim()}`);
  } catch (error) {
    const reasons = [];
    for (let reason = error; reason; reason = reason.cause) reasons.push(reason.message);
    console.log(`failed: ${reasons.join('; ').replaceAll('\n', ' ')}`);
  }
}
await dispatcher.close();
